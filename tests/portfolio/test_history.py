"""A pilot's history in plain sentences."""

import re
from datetime import timedelta

import pytest

from audit.models import Event
from audit.queries import history
from audit.recording import canonical_json
from audit.vocabulary import kinds
from portfolio.history import noun_of, told
from portfolio.proposing import edit_pilot
from tests import building
from tests.counting import queries_of


@pytest.fixture(autouse=True)
def _today(time_machine, now):
    time_machine.move_to(now, tick=False)


def test_names_who_acted_and_who_was_spoken_of(cast, today, now):
    pilot = building.awaiting(cast, today=today, now=now)
    assert [(one.who, one.what) for one in told(history(pilot.scope))] == [
        ("Alice", "Ended the work of round 1 and asked for a decision"),
        ("Alice", "Started round 1, decision due 6 November 2026"),
        ("Alice", "Named Sponsor: executive sponsor"),
        ("Alice", "Proposed the pilot Sorting incoming letters"),
    ]


def test_takes_one_query_for_all_names(cast, today, now, django_assert_num_queries):
    pilot = building.awaiting(cast, today=today, now=now)
    events = list(history(pilot.scope))
    with django_assert_num_queries(1):
        told(events)


def test_says_what_a_fact_was_before(cast, today, now):
    pilot = building.proposed(cast, today=today, now=now)
    edit_pilot(
        actor=cast.alice, pilot=pilot, seen=None, now=now, vendor="Corvane", committee_slug="", summary="x" * 100
    )
    edited = told(history(pilot.scope))[0]
    assert edited.what == "Edited committee, summary, vendor"
    assert edited.detail == (
        f"committee: nothing, was steering; summary: {'x' * 79}…, was Reads letters and proposes a team; "
        "vendor: Corvane"
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Acme", "Corvane", "vendor: Corvane, was Acme"),
        (None, "Corvane", "vendor: Corvane"),
        ("Acme", None, "vendor: nothing, was Acme"),
        ("Acme", "Acme", ""),
        (None, "", ""),
        (False, True, "vendor: yes"),
        ("2026-11-01", "2026-11-16", "vendor: 16 November 2026, was 1 November 2026"),
        (None, "user:0", "vendor: somebody"),
        ({"a": 1}, {"a": 2}, "vendor changed"),
        ("{'a': 1}", "{'a': 2}", "vendor changed"),
        (None, ["x"], "vendor changed"),
    ],
)
def test_a_change_is_told_in_words(db, now, before, after, said):
    data = {"code": "P-0001", "before": {"vendor": before}, "after": {"vendor": after}, "fields": ["vendor"]}
    event = Event(at=now, actor="system", kind="portfolio.pilot.edited", canonical=canonical_json({"data": data}))
    assert [one.detail for one in told([event])] == [said]


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_every_kind_of_event_completes_a_sentence(kind):
    """Read with a name before it: small letter first, no full stop, no code, every gap one plain word of its data."""
    assert kind.sentence[0].islower()
    assert not kind.sentence.endswith(".")
    assert re.sub(r"{[a-z][a-z_]*}", "", kind.sentence).isprintable()
    assert not re.search(r"[{}_\[\]]", re.sub(r"{[a-z][a-z_]*}", "", kind.sentence))
    assert noun_of(kind.name)[0].isupper()


class TestPage:
    @pytest.fixture
    def pilot(self, cast, today, now):
        then = today - timedelta(days=40)
        pilot = building.proposed(cast, today=then, now=now - timedelta(days=40))
        edit_pilot(actor=cast.manager, pilot=pilot, seen=None, now=now, vendor="Corvane")
        return pilot

    def shown(self, response) -> list[str]:
        return [event.what for event in response.context["events"]]

    def test_tells_it_day_by_day(self, cast, pilot, sign_in):
        text = sign_in(cast.alice).get(f"{pilot.get_absolute_url()}history/").content.decode()
        days = re.findall(r'<h2 class="timeline-day"><time datetime="([^"]+)"', text)
        assert days == ["2026-11-16", "2026-10-07"]

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("", 3),
            ("about=People", 1),
            ("about=The+file", 2),
            ("about=nonsense", 3),
            ("who=user:{manager}", 1),
            ("who=user:{alice}&about=The+file", 1),
            ("who=user:{manager}&about=People", 0),
            ("page=nonsense", 3),
        ],
    )
    def test_can_be_narrowed(self, cast, pilot, sign_in, query, count):
        query = query.format(manager=cast.manager.pk, alice=cast.alice.pk)
        response = sign_in(cast.alice).get(f"{pilot.get_absolute_url()}history/?{query}")
        assert len(self.shown(response)) == count
        assert response.context["form"]["who"].field.choices == [
            ("", "Anybody"), (cast.alice.ref, "Alice"), (cast.manager.ref, "Manager"),
        ]  # fmt: skip

    def test_htmx_gets_the_results_alone(self, cast, pilot, sign_in):
        text = sign_in(cast.alice).get(f"{pilot.get_absolute_url()}history/", headers={"HX-Request": "true"})
        assert "<html" not in text.content.decode()

    def test_takes_as_many_queries_for_sixty_events_as_for_three(self, cast, pilot, now, sign_in):
        client, url = sign_in(cast.alice), f"{pilot.get_absolute_url()}history/?about=The+file"
        few = queries_of(client, url)
        for number in range(60):
            edit_pilot(actor=cast.alice, pilot=pilot, seen=None, now=now, vendor=f"Vendor {number}")
        assert queries_of(client, url) == few
        assert len(self.shown(client.get(url))) == 50
        assert len(self.shown(client.get(f"{url}&page=2"))) == 12
