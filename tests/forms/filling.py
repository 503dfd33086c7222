"""How each form that writes is filled in, so that all of them can be tried for what all of them owe.

An entry is about Alice's open pilot, as the matrix is, or about what `portfolio_scenes.py` and `gate_scenes.py` set up.
A form that edits something in place names what a second editor types; one that only adds, ends or decides has no
second text to show.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from tests import building
from tests.access.world import World


@dataclass(frozen=True)
class Scene:
    """What a form finds: the world of the matrix, and the time."""

    world: World
    cast: building.Cast
    today: date
    now: datetime

    @property
    def when(self) -> dict[str, date | datetime]:
        """The time, as verbs want it."""
        return {"today": self.today, "now": self.now}


@dataclass(frozen=True)
class Filled:
    """Who fills in a form, and with what; the rest stays as the page offers it.

    In all texts {today}, {earlier}, {later}, the arguments of the route and what the scene returns are filled in.
    """

    who: str
    fill: dict[str, str] = field(default_factory=dict)
    #: What a second editor types into the same page, opened before the first saved.
    other: dict[str, str] = field(default_factory=dict)
    #: What the page then shows of the two, where it is not what was typed.
    shows: tuple[str, ...] = ()
    #: Page on which the form stands, where it is not the form's own.
    page: str = ""
    #: Sets up what the form needs, and returns arguments and words for it.
    scene: Callable[[Scene], dict[str, object]] | None = None
    #: It saves itself by htmx: the answer is then a fragment, and no key goes with it, but a version.
    saves_itself: bool = False
