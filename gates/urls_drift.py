"""Addresses of drift, in the namespace of this room."""

from django.urls import path

from gates.views import drift, rule

urlpatterns = [
    path("drift/", drift.drift, name="drift"),
    path("drift/scan/", drift.drift_scan, name="drift-scan"),
    path("settings/rules/", rule.rule_list, name="rule-list"),
    path("settings/rules/<slug:rule_id>/", rule.rule_edit, name="rule-edit"),
]
