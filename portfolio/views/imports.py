"""Importing a register by page: upload, see what would happen, confirm, see what happened."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_valid_filename

from accounts.access import SignedInRequest, access, managers
from accounts.obstacles import RefusedError
from accounts.posting import once, redirect_to
from portfolio.forms.imports import MAX_PAGE_ROWS, UploadForm
from portfolio.import_plan import Plan, plan_import
from portfolio.import_report import assumed_due, examples, findings_csv, reasons, stages
from portfolio.importing import import_rows
from portfolio.registers.findings import UnusableError
from portfolio.registers.mapping import Register, shipped
from portfolio.registers.mapping_file import load_register
from portfolio.registers.whole import Contents, read_register
from portfolio.registry import committees
from portfolio.uploads import Upload, find_upload, forget_upload, keep_upload, sweep_uploads

#: How many rows the preview shows, and how many findings of each kind.
SHOWN_ROWS, SHOWN_FINDINGS = 10, 20


@access(managers)
@once
def import_create(request: SignedInRequest) -> HttpResponse:
    """Take a register and look into it; nothing is imported yet."""
    form = UploadForm(request.POST or None, request.FILES or None, committees=committees())
    if request.method == "POST" and form.is_valid():
        sweep_uploads(now=timezone.now())
        try:
            upload = _received(request, form)
        except UnusableError as error:
            form.add_error("file", str(error))
        else:
            return redirect_to(request, reverse("portfolio:import-detail", args=[upload.token]))
    context = {"form": form, "mappings": [load_register(name) for name in shipped()]}
    return render(request, "portfolio/import_create.html", context, status=422 if form.errors else 200)


@access(managers)
@once
def import_detail(request: SignedInRequest, token: str) -> HttpResponse:
    """Show what an import would do; a post does it."""
    upload = _upload(request, token)
    content = upload.content()
    if content is None:
        return redirect("portfolio:import-result", token=token)
    if request.method == "POST" and "forget" in request.POST:
        forget_upload(upload)
        return redirect_to(request, reverse("portfolio:import-create"))
    try:
        contents = read_register(content, load_register(upload.mapping), today=timezone.localdate())
    except UnusableError as error:  # the mapping was changed since the upload
        messages.error(request, str(error))
        return redirect_to(request, reverse("portfolio:import-create"))
    obstacles = []
    if request.method == "POST":
        try:
            plan = import_rows(
                actor=request.user, contents=contents, now=timezone.now(), committee_slug=upload.committee
            )
        except RefusedError as error:
            obstacles = error.obstacles
        else:
            _finish(upload, plan)
            return redirect_to(request, reverse("portfolio:import-result", args=[token]))
    context = _preview(upload, plan_import(contents)) | {"obstacles": obstacles}
    return render(request, "portfolio/import_detail.html", context, status=422 if obstacles else 200)


@access(managers)
def import_result(request: SignedInRequest, token: str) -> HttpResponse:
    """Show what an import did."""
    upload = _upload(request, token)
    account = upload.account()
    if account is None:
        return redirect("portfolio:import-detail", token=token)
    return render(request, "portfolio/import_result.html", {"upload": upload, "account": account})


@access(managers)
def import_report(request: SignedInRequest, token: str) -> HttpResponse:
    """The rows that were refused or warned of, as a table to download."""
    upload = _upload(request, token)
    response = HttpResponse("\ufeff" + upload.report(), content_type="text/csv; charset=utf-8")
    name = get_valid_filename(f"report on {upload.name.rpartition('.')[0] or 'register'}.csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name.encode("ascii", "ignore").decode()}"'
    return response


def _received(request: SignedInRequest, form: UploadForm) -> Upload:
    """Read the uploaded register once, and keep it; UnusableError where it is of no use."""
    file = form.cleaned_data["file"]
    content = file.read()
    contents = read_register(content, load_register(form.cleaned_data["mapping"]), today=timezone.localdate())
    if contents.total > MAX_PAGE_ROWS:
        raise UnusableError(
            f"The register has {contents.total:,} rows; a page imports at most {MAX_PAGE_ROWS:,}.",
            "Split it, or ask whoever runs the server to use manage.py import_pilots.",
        )
    upload = keep_upload(
        content,
        owner=request.user,
        name=file.name or "register",
        mapping=form.cleaned_data["mapping"],
        committee=form.cleaned_data["committee"],
        now=timezone.now(),
    )
    upload.keep_report(_report(contents))
    return upload


def _upload(request: SignedInRequest, token: str) -> Upload:
    upload = find_upload(token, owner=request.user)
    if upload is None:
        raise Http404
    return upload


def _report(contents: Contents) -> str:
    return findings_csv(contents.refused, taken=contents.warnings)


def _finish(upload: Upload, plan: Plan) -> None:
    account = _figures(plan)
    upload.keep_report(findings_csv(plan.contents.refused, taken=[*plan.contents.warnings, *plan.left]))
    transaction.on_commit(lambda: upload.finish(account=account))


def _figures(plan: Plan) -> dict[str, Any]:
    """The account of an import in plain values, for the page now and after it."""
    contents = plan.contents
    return {
        "title": contents.register.title,
        "how": contents.how,
        "total": contents.total,
        "imported": len(plan.arrivals),
        "updated": len(plan.changes),
        "unchanged": plan.unchanged,
        "refused": plan.refused_rows,
        "warned": plan.warned_rows,
        "absent": plan.absent,
        "assumed": assumed_due(plan),
        "nothing": plan.changes_nothing,
        "stages": [(stage.value, count) for stage, count in stages(plan)],
        "refused_by": [(reason.words, reason.count) for reason in reasons(contents.refused)],
        "warned_by": [(reason.words, reason.count) for reason in reasons([*contents.warnings, *plan.left])],
    }


def _preview(upload: Upload, plan: Plan) -> dict[str, Any]:
    register: Register = plan.contents.register
    return {
        "upload": upload,
        "register": register,
        "account": _figures(plan),
        "committee": dict(committees()).get(upload.committee, ""),
        "rows": plan.contents.rows[:SHOWN_ROWS],
        "refused": plan.contents.refused[:SHOWN_FINDINGS],
        "warnings": examples([*plan.contents.warnings, *plan.left], of_each=2)[:SHOWN_FINDINGS],
    }
