"""The first page: what waits on whoever signed in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import SignedInRequest, access, signed_in
from accounts.permissions import is_auditor
from gates.my_work import work_of
from gates.queries import day_of
from portfolio.permissions import may_propose


@access(signed_in)
def my_work(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "work": work_of(request.user, today=day_of(None, now), now=now),
        "may_propose": may_propose(request.user),
        "auditor": is_auditor(request.user),
    }
    return render(request, "gates/my_work.html", context)
