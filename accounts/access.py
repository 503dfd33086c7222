"""Who may call a view at all. A view without a declared policy does not answer (design: default deny)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from accounts.permissions import roles_of
from accounts.states import Role

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Visitor = User | AnonymousUser


@dataclass(frozen=True)
class Policy:
    """A named answer to "may this visitor call this view?"; `why` argues what is open to all."""

    name: str
    admits: Callable[[Visitor], bool]
    #: What the refused visitor would need, in words for the 403 page.
    needs: str
    why: str = ""


def _anyone(_visitor: Visitor) -> bool:
    return True


def _signed_in(visitor: Visitor) -> bool:
    return visitor.is_authenticated


def public(why: str) -> Policy:
    """Open to everybody, signed in or not; `why` says what makes that safe."""
    return Policy("public", _anyone, "", why)


signed_in = Policy("signed in", _signed_in, "an account")


def holding(*roles: Role) -> Policy:
    """Open to people who hold at least one of `roles` today."""

    def admits(visitor: Visitor) -> bool:
        return isinstance(visitor, User) and bool(roles_of(visitor) & set(roles))

    return Policy(
        "holding " + " or ".join(roles),
        admits,
        "the role " + " or ".join(role.label.lower() for role in roles),
    )


administrators = holding(Role.ADMINISTRATOR)
managers = holding(Role.PORTFOLIO_MANAGER)


def access(policy: Policy) -> Callable[[View], View]:
    """Declare who may call a view. The middleware enforces it; objects are fetched by `visible_to` querysets."""
    if not isinstance(policy, Policy):
        raise TypeError("access() needs a policy: access(signed_in), access(public('why'))")

    def declare(view: View) -> View:
        view.access_policy = policy  # type: ignore[attr-defined]
        return view

    return declare


def policy_of(view: Any) -> Policy | None:
    """Return the declared policy of a view, or None."""
    return getattr(view, "access_policy", None)


class SignedInRequest(HttpRequest):
    """A request whose visitor has an account: what views behind `signed_in` and narrower policies get."""

    user: User
    htmx: HtmxDetails
