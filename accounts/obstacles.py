"""Why something cannot be done: a list of things with who can clear each, never a bare "not allowed"."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError


@dataclass(frozen=True)
class Obstacle:
    """One thing in the way."""

    code: str
    what: str
    #: Who can clear it, in words: "the business owner", "a portfolio manager".
    who: str = ""
    #: Page on which it can be cleared.
    url: str = ""


class RefusedError(ValidationError):
    """A verb refused; `obstacles` lists everything in the way, not only the first thing found."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        self.obstacles = list(obstacles)
        super().__init__([ValidationError(obstacle.what, code=obstacle.code) for obstacle in obstacles])


class StaleError(ValidationError):
    """Somebody else wrote in between: the row is at `current`, the writer had seen `seen`."""

    def __init__(self, *, seen: int, current: int) -> None:
        self.seen, self.current = seen, current
        super().__init__(
            "Somebody else changed this while you were writing. Nothing of yours is lost: compare and choose.",
            code="stale",
        )


def refuse_any(obstacles: Sequence[Obstacle]) -> None:
    """Raise `RefusedError` if there is any obstacle."""
    if obstacles:
        raise RefusedError(obstacles)
