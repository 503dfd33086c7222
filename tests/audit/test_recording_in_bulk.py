"""Many events at once are copied into the table; few are inserted. Both give the same chain."""

from datetime import timedelta

import pytest

from audit.models import Event, Head
from audit.recording import Happening, append
from audit.verifying import verify

AWKWARD = 'tab\t newline\n backslash\\N \\. quote" Zoë 東京 \x00'


def happenings(count, now):
    return [
        Happening(
            at=now + timedelta(microseconds=place),
            actor="user:1",
            kind="portfolio.pilot.proposed",
            subject=f"portfolio.pilot:{place}",
            scope="pilot:1",
            data={"title": f"{AWKWARD} {place}"},
        )
        for place in range(count)
    ]


@pytest.mark.django_db
def test_copied_and_inserted_events_make_one_chain(now):
    many = happenings(250, now)
    append(many)
    append(many[:3])
    assert list(verify()) == []
    assert Head.objects.get().sequence == Event.objects.count() == 253


@pytest.mark.django_db
def test_what_was_copied_reads_as_it_was_said(now):
    many = happenings(120, now)
    append(many)
    read = Event.objects.order_by("sequence")
    assert [(event.at, event.subject, event.data["title"]) for event in read] == [
        (said.at, said.subject, said.data["title"]) for said in many
    ]
