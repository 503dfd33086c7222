"""What those see who come second: what is on record now, and what they wrote, so that it is not lost."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TooLate:
    """For `gates/partials/too_late.html`."""

    title: str
    by: str
    at: datetime
    url: str
    #: Of the link that leads on.
    label: str
    theirs: list[tuple[str, str]]
    yours: list[tuple[str, str]]
