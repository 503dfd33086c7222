"""The contract of a pilot: its page, its steps, its criteria, its amendments."""

from django.urls import path

from portfolio.views import amendment, contract, criterion

_CONTRACT = "pilots/<str:code>/contract/"
urlpatterns = [
    path(_CONTRACT, contract.contract_detail, name="contract-detail"),
    path(f"{_CONTRACT}takeover/", contract.contract_take_over, name="contract-take-over"),
    path(f"{_CONTRACT}criteria/add/", criterion.criterion_create, name="criterion-create"),
    path(f"{_CONTRACT}criteria/<int:place>/", criterion.criterion_edit, name="criterion-edit"),
    path(f"{_CONTRACT}criteria/<int:place>/remove/", criterion.criterion_remove, name="criterion-remove"),
    path(f"{_CONTRACT}amend/criteria/<int:place>/", amendment.criterion_amend, name="criterion-amend"),
    path(f"{_CONTRACT}amend/criteria/<int:place>/withdraw/", amendment.criterion_withdraw, name="criterion-withdraw"),
    path(f"{_CONTRACT}amend/<slug:step>/", amendment.contract_amend, name="contract-amend"),
    path(f"{_CONTRACT}<slug:step>/", contract.contract_step, name="contract-step"),
]
