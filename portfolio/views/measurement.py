"""What was measured: the criteria of a round, one of them with its values, entering, correcting, withdrawing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_valid_filename

from accounts.access import SignedInRequest, access, signed_in
from accounts.comparing import conflict_of
from accounts.obstacles import StaleError
from accounts.posting import add_errors, once, redirect_to
from portfolio.charts import charts_of
from portfolio.forms.measurement import CorrectionForm, MeasurementForm, WithdrawalForm
from portfolio.measured import as_csv, late_values, lines_of, measured, measured_round, rows_of
from portfolio.measuring import correct_measurement, latest_of, record_measurement, withdraw_measurement
from portfolio.models import Measurement, Pilot, Round
from portfolio.permissions import may_edit
from portfolio.progress import CriterionProgress, figure, progress_of
from portfolio.queries import rounds_of
from portfolio.states import RoundState
from portfolio.views.fetching import editable_pilot, visible_pilot

PAGE_SIZE = 50


@access(signed_in)
def measurement_list(request: SignedInRequest, code: str) -> HttpResponse:
    """Every criterion of a round against its target."""
    pilot = visible_pilot(request.user, code)
    round_ = round_asked(request, pilot)
    context = {
        "pilot": pilot,
        "round": round_,
        "rounds": rounds_of(pilot),
        "criteria": measured(round_, today=timezone.localdate()) if round_ else [],
        "may_edit": may_edit(request.user, pilot),
    }
    return render(request, "portfolio/measurement_list.html", context)


@access(signed_in)
@once
def measurement_detail(request: SignedInRequest, code: str, number: int) -> HttpResponse:
    """One criterion: its chart, every value, and a form for the next one."""
    pilot = (editable_pilot if request.method == "POST" else visible_pilot)(request.user, code)
    progress = _criterion(request, pilot, number)
    round_ = progress.agreed.original.round
    today = timezone.localdate()
    form = MeasurementForm(
        request.POST or None, unit=progress.unit, decided=round_.state == RoundState.DECIDED, initial={"on": today}
    )
    obstacles = []
    if request.method == "POST" and form.is_valid():
        try:
            row = record_measurement(
                actor=request.user,
                criterion=progress.agreed.original,
                today=today,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, f"{figure(row.value, progress.unit)} is added.")
            return redirect_to(request, request.get_full_path())
    page = Paginator(rows_of(progress.agreed.original.pk), PAGE_SIZE).get_page(request.GET.get("page"))
    late = late_values(round_).get(progress.agreed.original.pk, [])
    context = {
        "pilot": pilot,
        "round": round_,
        "criterion": progress,
        "charts": charts_of(progress, since=round_.starts_on, afterwards=late),
        "page": page,
        "lines": lines_of(page),
        "form": form,
        "obstacles": obstacles,
        "may_edit": may_edit(request.user, pilot),
        "open": round_.state != RoundState.DRAFT and not progress.withdrawn,
    }
    return render(request, "portfolio/measurement_detail.html", context, status=_status(form, obstacles))


@access(signed_in)
@once
def measurement_correct(request: SignedInRequest, code: str, number: int, pk: int) -> HttpResponse:
    """Put another value in the place of one. Who comes second sees both."""
    pilot = editable_pilot(request.user, code)
    row = _measurement(pilot, number, pk)
    criterion, decided = row.criterion, row.criterion.round.state == RoundState.DECIDED
    form = CorrectionForm(request.POST or None, unit=criterion.unit, decided=decided, initial=_facts(row))
    obstacles = []
    if request.method == "POST" and form.is_valid():
        try:
            correct_measurement(
                actor=request.user, measurement=row, today=timezone.localdate(), now=timezone.now(), **form.cleaned_data
            )
        except StaleError:
            return _conflict(request, form, pilot, latest_of(row))
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, "Corrected. What was there before is kept.")
            return redirect_to(request, _address(row))
    context = {"pilot": pilot, "row": row, "back": _address(row), "form": form, "obstacles": obstacles}
    return render(request, "portfolio/measurement_correct.html", context, status=_status(form, obstacles))


@access(signed_in)
@once
def measurement_withdraw(request: SignedInRequest, code: str, number: int, pk: int) -> HttpResponse:
    """Take a value out of account."""
    pilot = editable_pilot(request.user, code)
    row = _measurement(pilot, number, pk)
    form = WithdrawalForm(request.POST or None, decided=row.criterion.round.state == RoundState.DECIDED)
    obstacles = []
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_measurement(actor=request.user, measurement=row, now=timezone.now(), **form.cleaned_data)
        except StaleError:
            form.add_error(None, "Somebody corrected this value meanwhile. Look at the correction, then decide.")
        except ValidationError as error:
            obstacles = add_errors(form, error)
        else:
            messages.success(request, "Withdrawn. The value is kept, struck through, and no longer counts.")
            return redirect_to(request, _address(row))
    context = {"pilot": pilot, "row": row, "back": _address(row), "form": form, "obstacles": obstacles}
    return render(request, "portfolio/measurement_withdraw.html", context, status=_status(form, obstacles))


@access(signed_in)
def measurement_export(request: SignedInRequest, code: str) -> HttpResponse:
    """Every value of a round, as a table to download."""
    pilot = visible_pilot(request.user, code)
    round_ = round_asked(request, pilot)
    if round_ is None:
        raise Http404
    text = as_csv(round_, progress_of([round_.pk], timezone.localdate())[round_.pk])
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    name = get_valid_filename(f"{pilot.code} round {round_.number} measurements.csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def round_asked(request: SignedInRequest, pilot: Pilot) -> Round | None:
    """The round that the address names, or the one that is measured now; 404 for one that is not there."""
    asked = request.GET.get("round", "")
    if not asked:
        return measured_round(rounds_of(pilot))
    found = measured_round(rounds_of(pilot), int(asked)) if asked.isascii() and asked.isdigit() else None
    if found is None:
        raise Http404
    return found


def _criterion(request: SignedInRequest, pilot: Pilot, number: int) -> CriterionProgress:
    round_ = round_asked(request, pilot)
    found = progress_of([round_.pk], timezone.localdate())[round_.pk] if round_ else []
    progress = next((one for one in found if one.number == number), None)
    if progress is None or round_ is None:
        raise Http404
    round_.pilot = pilot
    progress.agreed.original.round = round_
    return progress


def _measurement(pilot: Pilot, number: int, pk: int) -> Measurement:
    rows = Measurement.objects.select_related("criterion__round__pilot").filter(
        criterion__round__pilot=pilot, criterion__number=number, withdrawn=False
    )
    return get_object_or_404(rows, pk=pk)


def _address(row: Measurement) -> str:
    criterion = row.criterion
    url = reverse("portfolio:measurement-detail", args=[criterion.round.pilot.code, criterion.number])
    return f"{url}?round={criterion.round.number}"


def _facts(row: Measurement) -> dict[str, Any]:
    # Four places are always clear: 1.234 could be meant as a thousand.
    return {"on": row.on, "value": f"{row.value:.4f}", "note": row.note, "source": row.source, "reason": row.reason}


def _conflict(request: SignedInRequest, form: CorrectionForm, pilot: Pilot, last: Measurement) -> HttpResponse:
    conflict = conflict_of(
        form,
        current=_facts(last),
        row=last,
        version=last.pk,
        action=reverse("portfolio:measurement-correct", args=[pilot.code, last.criterion.number, last.pk]),
        back=_address(last),
    )
    context = {"pilot": pilot, "row": last, "back": _address(last), "conflict": conflict}
    return render(request, "portfolio/measurement_correct.html", context, status=409)


def _status(form: Any, obstacles: list[Any]) -> int:
    return 422 if form.errors or obstacles else 200
