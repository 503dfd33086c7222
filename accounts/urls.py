from django.urls import include, path

from accounts.views import account, begin, bounce, invitation, people, roles, settings, units, unsubscribe

app_name = "accounts"
urlpatterns = [
    path("begin/", begin.begin, name="begin"),
    path("invitation/<str:token>/", invitation.invitation, name="invitation"),
    path("unsubscribe/<str:key>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("mail/bounces/", bounce.bounce_hook, name="bounce-hook"),
    path("account/", account.account, name="account"),
    path("account/preferences/", account.preferences, name="preferences"),
    path("settings/", settings.settings, name="settings"),
    path("settings/people/", people.person_list, name="person-list"),
    path("settings/people/add/", people.person_add, name="person-add"),
    path("settings/people/<int:pk>/", people.person_detail, name="person-detail"),
    path("settings/people/<int:pk>/edit/", people.person_edit, name="person-edit"),
    path("settings/people/<int:pk>/invite/", people.person_invite, name="person-invite"),
    path("settings/people/<int:pk>/leave/", people.person_leave, name="person-leave"),
    path("settings/people/<int:pk>/return/", people.person_return, name="person-return"),
    path("settings/people/<int:pk>/second-step/drop/", people.second_step_drop, name="second-step-drop"),
    path("settings/people/<int:pk>/roles/", roles.role_grant, name="role-grant"),
    path("settings/people/<int:pk>/roles/<str:role>/end/", roles.role_end, name="role-end"),
    path("settings/units/", units.unit_list, name="unit-list"),
    path("settings/units/add/", units.unit_add, name="unit-add"),
    path("settings/units/<slug:slug>/", units.unit_edit, name="unit-edit"),
    path("settings/", include("accounts.urls_operations")),
]
