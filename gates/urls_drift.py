"""Addresses of drift, in the namespace of this room."""

from django.urls import path

from gates.views import drift, quiet, rule

urlpatterns = [
    path("drift/", drift.drift, name="drift"),
    path("drift/scan/", drift.drift_scan, name="drift-scan"),
    path("drift/snoozed/", quiet.snooze_list, name="snooze-list"),
    path("drift/snoozed/<int:pk>/end/", quiet.snooze_end, name="snooze-end"),
    path("drift/exempt/<int:pk>/end/", quiet.exemption_end, name="exemption-end"),
    path("drift/<int:pk>/snooze/", quiet.flag_snooze, name="flag-snooze"),
    path("drift/<int:pk>/exempt/", quiet.flag_exempt, name="flag-exempt"),
    path("settings/rules/", rule.rule_list, name="rule-list"),
    path("settings/rules/<slug:rule_id>/", rule.rule_edit, name="rule-edit"),
]
