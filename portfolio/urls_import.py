"""Addresses of importing a register."""

from django.urls import path

from portfolio.views import imports

urlpatterns = [
    path("", imports.import_create, name="import-create"),
    path("<slug:token>/", imports.import_detail, name="import-detail"),
    path("<slug:token>/result/", imports.import_result, name="import-result"),
    path("<slug:token>/report/", imports.import_report, name="import-report"),
]
