"""How each form that writes is filled in, so that all of them can be tried for what all of them owe.

An entry is about Alice's open pilot, as the matrix is. A form that edits something in place names what a second
editor types; one that only adds, ends or decides has no second text to show.
"""

from dataclasses import dataclass, field

TODAY, LATER = "{today}", "{later}"


@dataclass(frozen=True)
class Filled:
    """Who fills in a form, and with what; the rest stays as the page offers it."""

    who: str
    fill: dict[str, str] = field(default_factory=dict)
    #: What a second editor types into the same page, opened before the first saved.
    other: dict[str, str] = field(default_factory=dict)
    #: Page on which the form stands, where it is not the form's own; {code} and the like as in its route.
    page: str = ""
    #: A stage that the pilot must have been brought to: draft, running, scaling, in_production.
    stage: str = ""


FORMS: dict[str, Filled] = {
    "accounts:preferences": Filled("alice", {"hour": "9"}),
    "accounts:person-add": Filled("administrator", {"name": "Nora Quist", "email": "nora@example.org"}),
    "accounts:person-edit": Filled("administrator", {"name": "Charlie One"}, other={"name": "Charlie Two"}),
    "accounts:person-leave": Filled("administrator", page="/settings/people/{pk}/"),
    "accounts:role-grant": Filled("administrator", {"role": "auditor"}, page="/settings/people/{pk}/"),
    "accounts:unit-add": Filled("administrator", {"name": "Fleet"}),
    "accounts:unit-edit": Filled("administrator", {"name": "Claims and more"}, other={"name": "Claims and less"}),
    "portfolio:pilot-edit": Filled("alice", {"title": "One title"}, other={"title": "Another title"}),
    "portfolio:round-end": Filled("alice", stage="running"),
    "portfolio:pilot-launch": Filled("alice", stage="scaling"),
    "portfolio:pilot-retire": Filled("alice", stage="in_production"),
    "gates:committee-create": Filled("administrator", {"name": "Second committee", "slug": "second"}),
    "gates:committee-edit": Filled("administrator", {"name": "The first"}, other={"name": "The other"}),
    "gates:rule-edit": Filled("administrator", {"threshold": "21"}, other={"threshold": "28"}),
}

#: Forms that are not tried here, each with the reason.
ELSEWHERE: dict[str, str] = {
    "accounts:begin": "stands only in an empty installation: tests/accounts/test_beginning.py",
    "accounts:invitation": "joins once, by its token: tests/accounts/test_joining.py",
    "accounts:unsubscribe": "has no session and no key; twice is once by itself: tests/accounts/test_unsubscribe.py",
}
