from django.urls import include, path

from portfolio.views import (
    change,
    history,
    measurement,
    measurement_sheet,
    people,
    pilot,
    production,
    production_build,
    status,
)
from portfolio.views import round as rounds

app_name = "portfolio"
urlpatterns = [
    path("portfolio/", pilot.pilot_list, name="pilot-list"),
    path("portfolio/propose/", pilot.pilot_create, name="pilot-create"),
    path("portfolio/propose/similar/", pilot.pilot_similar, name="pilot-similar"),
    path("portfolio/import/", include("portfolio.urls_import")),
    path("pilots/<str:code>/", pilot.pilot_detail, name="pilot-detail"),
    path("pilots/<str:code>/edit/", pilot.pilot_edit, name="pilot-edit"),
    path("pilots/<str:code>/start/", rounds.round_start, name="round-start"),
    path("pilots/<str:code>/end/", rounds.round_end, name="round-end"),
    path("pilots/<str:code>/status/", status.status_list, name="status-list"),
    path("pilots/<str:code>/status/new/", status.status_create, name="status-create"),
    path("pilots/<str:code>/people/", people.people, name="people"),
    path("pilots/<str:code>/people/authority/", people.sponsor_authority, name="sponsor-authority"),
    path("pilots/<str:code>/people/end/", people.part_end, name="part-end"),
    path("pilots/<str:code>/people/<int:assignment>/", people.part_edit, name="part-edit"),
    path("pilots/<str:code>/build/", production_build.production_build, name="production-build"),
    path("pilots/<str:code>/build/<slug:piece>/", production_build.piece_edit, name="piece-edit"),
    path("pilots/<str:code>/change/", change.change_plan, name="change-plan"),
    path("pilots/<str:code>/change/edit/", change.change_plan_edit, name="change-plan-edit"),
    path("pilots/<str:code>/change/frictions/", change.friction_create, name="friction-create"),
    path("pilots/<str:code>/change/frictions/<int:friction>/", change.friction_close, name="friction-close"),
    path("pilots/<str:code>/measures/", measurement.measurement_list, name="measurement-list"),
    path("pilots/<str:code>/measures/export/", measurement.measurement_export, name="measurement-export"),
    path("pilots/<str:code>/measures/add/", measurement_sheet.measurement_sheet, name="measurement-sheet"),
    path(
        "pilots/<str:code>/measures/add/<slug:token>/",
        measurement_sheet.measurement_preview,
        name="measurement-preview",
    ),
    path("pilots/<str:code>/measures/<int:number>/", measurement.measurement_detail, name="measurement-detail"),
    path(
        "pilots/<str:code>/measures/<int:number>/<int:pk>/correct/",
        measurement.measurement_correct,
        name="measurement-correct",
    ),
    path(
        "pilots/<str:code>/measures/<int:number>/<int:pk>/withdraw/",
        measurement.measurement_withdraw,
        name="measurement-withdraw",
    ),
    path("pilots/<str:code>/launch/", production.pilot_launch, name="pilot-launch"),
    path("pilots/<str:code>/retire/", production.pilot_retire, name="pilot-retire"),
    path("", include("portfolio.urls_case")),
    path("", include("portfolio.urls_contract")),
    path("pilots/<str:code>/history/", history.pilot_history, name="pilot-history"),
]
