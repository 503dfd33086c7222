"""Periodic jobs: which there are and when each is due. A leaf: the settings read it before Django starts.

Times are worked out from the period alone, so that the same rule tells beat when to ring, the page when the next
run comes, and the alarm that one was missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_DAY_ZERO = datetime(2001, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Job:
    """A periodic job: due each `period`, at `offset` after its beginning, counted in UTC."""

    name: str
    title: str
    #: What it does, for the administrator.
    what: str
    period: timedelta
    offset: timedelta = timedelta(0)

    def last_due(self, now: datetime) -> datetime:
        """The moment at or before `now` at which it was due last."""
        return now - (now - _DAY_ZERO - self.offset) % self.period

    def next_due(self, now: datetime) -> datetime:
        """The first moment after `now` at which it is due."""
        return self.last_due(now) + self.period

    @property
    def expires(self) -> timedelta:
        """How long a ring for it means anything: a little less than its period."""
        return self.period * 5 / 6


def job_named(jobs: Sequence[Job], name: str) -> Job | None:
    """The job of that name, or None."""
    return next((job for job in jobs if job.name == name), None)
