"""Addresses of the clinic for stuck pilots, in the namespace of this room."""

from django.urls import path

from gates.views import clinic, intervention, stuck_patterns

_CLINIC = "pilots/<str:code>/clinic/"
urlpatterns = [
    path("drift/patterns/", stuck_patterns.stuck_patterns, name="stuck-patterns"),
    path(_CLINIC, clinic.clinic, name="clinic"),
    path(f"{_CLINIC}tests/", clinic.clinic_tests, name="clinic-tests"),
    path(f"{_CLINIC}interventions/add/", intervention.intervention_create, name="intervention-create"),
    path(f"{_CLINIC}interventions/<int:pk>/", intervention.intervention_detail, name="intervention-detail"),
    path(f"{_CLINIC}interventions/<int:pk>/finish/", intervention.intervention_finish, name="intervention-finish"),
    path(f"{_CLINIC}interventions/<int:pk>/give-up/", intervention.intervention_give_up, name="intervention-give-up"),
]
