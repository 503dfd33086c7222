from django.urls import path

from portfolio.views import business_case, case_line

CASE = "pilots/<str:code>/business-case/"

urlpatterns = [
    path(CASE, business_case.business_case_detail, name="business-case-detail"),
    path(f"{CASE}begin/", business_case.business_case_create, name="business-case-create"),
    path(f"{CASE}edit/", business_case.business_case_edit, name="business-case-edit"),
    path(f"{CASE}submit/", business_case.business_case_submit, name="business-case-submit"),
    path(f"{CASE}costs/<slug:kind>/", case_line.cost_line_edit, name="cost-line-edit"),
    path(f"{CASE}benefits/add/", case_line.benefit_create, name="benefit-create"),
    path(f"{CASE}benefits/<int:place>/", case_line.benefit_edit, name="benefit-edit"),
    path(f"{CASE}benefits/<int:place>/remove/", case_line.benefit_remove, name="benefit-remove"),
    path(f"{CASE}assumptions/add/", case_line.assumption_create, name="assumption-create"),
    path(f"{CASE}assumptions/<int:place>/", case_line.assumption_edit, name="assumption-edit"),
    path(f"{CASE}assumptions/<int:place>/remove/", case_line.assumption_remove, name="assumption-remove"),
]
