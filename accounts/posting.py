"""What every form that writes shares: one effect for two posts, errors beside their fields."""

import functools
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import FormKey
from accounts.obstacles import Obstacle, RefusedError

P = ParamSpec("P")
Req = TypeVar("Req", bound=HttpRequest)

#: Name of the hidden field that `{% form_key %}` renders.
FIELD = "form_key"


def once(
    view: Callable[Concatenate[Req, P], HttpResponse],
) -> Callable[Concatenate[Req, P], HttpResponse]:
    """Let a form take effect once, however often it is posted; later posts get the answer of the first.

    The key is kept in the transaction of the effect, so that a second post waits for the first. A post that was
    refused keeps nothing, and can be posted again with the same key; refused is any answer that is neither a redirect
    nor, to htmx, a fragment with status 200.
    """

    @functools.wraps(view)
    def answer(request: Req, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        key = _key(request)
        if request.method != "POST" or key is None:
            return view(request, *args, **kwargs)
        with transaction.atomic():
            if not _take(key, request):
                first = FormKey.objects.get(key=key)
                return _to(request, first.location or request.path)
            response = view(request, *args, **kwargs)
            location = response.headers.get("Location") or response.headers.get("HX-Redirect")
            if location:
                FormKey.objects.filter(key=key).update(location=location[:500])
            elif not (getattr(request, "htmx", False) and response.status_code == HTTPStatus.OK):
                transaction.set_rollback(True)
            return response

    return answer


def add_errors(form: forms.BaseForm, error: ValidationError) -> list[Obstacle]:
    """Put a verb's refusal beside the fields that its codes name; return the obstacles that name none."""
    if isinstance(error, RefusedError):
        elsewhere = [obstacle for obstacle in error.obstacles if obstacle.code not in form.fields]
        for obstacle in error.obstacles:
            if obstacle.code in form.fields:
                form.add_error(obstacle.code, obstacle.what)
        return elsewhere
    if hasattr(error, "error_dict"):
        known = {name: errors for name, errors in error.error_dict.items() if name in form.fields}
        form.add_error(None, ValidationError(known))
        for name, errors in error.error_dict.items():
            if name not in form.fields:
                form.add_error(None, ValidationError(errors))
        return []
    form.add_error(None, error)
    return []


def redirect_to(request: HttpRequest, url: str) -> HttpResponse:
    """Lead on after a success: a redirect, or for htmx the header that makes the page go there."""
    return _to(request, url)


def _to(request: HttpRequest, url: str) -> HttpResponse:
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)


def _key(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _take(key: uuid.UUID, request: HttpRequest) -> bool:
    user = request.user.pk if request.user.is_authenticated else None
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_formkey (key, user_id, location) VALUES (%s, %s, '')"
            " ON CONFLICT DO NOTHING RETURNING key",
            [key, user],
        )
        return cursor.fetchone() is not None
