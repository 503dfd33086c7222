"""The drift rules, for administrators."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, access, administrators
from accounts.comparing import conflict_of
from accounts.obstacles import StaleError
from accounts.posting import add_errors, once, redirect_to
from accounts.ringing import ring
from gates.forms.drift import RuleForm, rule_values
from gates.models import RuleSetting
from gates.open_flags import open_by_rule
from gates.rules.contract_gaps import FAMILY_TITLE
from gates.rules.registry import BY_ID
from gates.rules.rule import Rule
from gates.scanning import JOB, foresee
from gates.tuning import change_rule, rule_in_force, rules_in_force


@access(administrators)
@require_safe
def rule_list(request: SignedInRequest) -> HttpResponse:
    """Every rule as it is set, with how many flags of it are open."""
    totals = open_by_rule()
    rules = [(in_force, totals.get(in_force.rule.id, 0)) for in_force in rules_in_force()]
    context = {
        "rules": [row for row in rules if not row[0].rule.family],
        "family": [row for row in rules if row[0].rule.family],
        "family_title": FAMILY_TITLE,
    }
    return render(request, "gates/rule_list.html", context)


@access(administrators)
@require_http_methods(["GET", "HEAD", "POST"])
@once
def rule_edit(request: SignedInRequest, rule_id: str) -> HttpResponse:
    """Set a rule; the button "See what would change" counts first, and writes nothing."""
    rule = BY_ID.get(rule_id)
    if rule is None:
        raise Http404
    if request.method != "POST":
        form = RuleForm(rule=rule, initial=rule_values(rule_in_force(rule)))
        return _page(request, rule, form)
    form = RuleForm(request.POST, rule=rule)
    if "preview" in request.POST:
        return _preview(request, rule, form)
    if not form.is_valid():
        return _page(request, rule, form, status=422)
    try:
        change_rule(
            actor=request.user, rule=rule, seen=form.cleaned_data["version"], now=timezone.now(), **form.values()
        )
    except StaleError:
        return _conflict(request, rule, form)
    except ValidationError as error:
        return _page(request, rule, form, status=422, obstacles=add_errors(form, error))
    ring(JOB)
    messages.success(request, f"“{rule.title}” is set. Flags follow with the next scan.")
    return redirect_to(request, reverse("gates:rule-list"))


def _preview(request: SignedInRequest, rule: Rule, form: RuleForm) -> HttpResponse:
    foreseen = None
    if form.is_valid():
        foreseen = foresee(form.proposed(rule_in_force(rule)), today=None, now=timezone.now())
    status = 200 if foreseen else 422
    if request.htmx:
        context = {"form": form, "foreseen": foreseen, "refused": foreseen is None}
        return render(request, "gates/rule_edit.html#foreseen", context, status=status)
    return _page(request, rule, form, status=status, foreseen=foreseen)


def _page(request: SignedInRequest, rule: Rule, form: RuleForm, *, status: int = 200, **more: object) -> HttpResponse:
    context = {"rule": rule, "in_force": rule_in_force(rule), "form": form, **more}
    return render(request, "gates/rule_edit.html", context, status=status)


def _conflict(request: SignedInRequest, rule: Rule, form: RuleForm) -> HttpResponse:
    current = rule_in_force(rule)
    conflict = conflict_of(
        form,
        current=rule_values(current),
        row=RuleSetting.objects.get(rule=rule.id),
        version=current.version,
        action=reverse("gates:rule-edit", args=[rule.id]),
        back=reverse("gates:rule-list"),
    )
    return _page(request, rule, form, status=409, conflict=conflict)
