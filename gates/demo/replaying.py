"""Replaying the demo: every event of every pilot, in the order in which they happened, through the verbs."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.states import Function
from gates.conditioning import ConditionTerms
from gates.deciding import Terms, record_carried, record_decision
from gates.demo.calendar import Calendar
from gates.demo.chapters import HAPPENS, decisions
from gates.demo.founding import House
from gates.demo.reading import Step, WrittenPilot
from gates.grounds import grounds_of
from gates.holding_against import against_the_findings
from gates.models import GateReview
from gates.queries import criteria_of
from gates.reviewing import Found, assess_criteria, conclude_review, open_review
from gates.scale_checks import proposed_answers
from gates.states import Finding, mandatory
from portfolio.assigning import assign_part, end_part
from portfolio.criteria import AgreedCriterion
from portfolio.handing_over import launch_pilot, retire_pilot
from portfolio.models import Blocker, Pilot
from portfolio.proposing import propose_pilot
from portfolio.reporting import report_status
from portfolio.starting import end_work, start_round
from portfolio.states import Confidence, LampState, Outcome, Part

#: Time between two things that one step does.
_A_WHILE = timedelta(seconds=20)
#: Kinds of steps after which other criteria may hold.
_AGREES = {"agreed", "amended", "decision"}
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


@dataclass
class Told:
    """A pilot while its story is told: the row once there is one, and who holds which part now."""

    written: WrittenPilot
    people: dict[Part, str]
    pilot: Pilot | None = None
    #: The criteria of the round that runs, read once for all that is measured of them.
    criteria: list[AgreedCriterion] = field(default_factory=list)

    @property
    def row(self) -> Pilot:
        """The pilot as it was proposed, for verbs: they read it anew."""
        if self.pilot is None:
            raise ValueError(f"{self.written.key}: its first event must be proposed")
        return self.pilot

    @property
    def current(self) -> Pilot:
        """The pilot as it is now."""
        self.row.refresh_from_db()
        return self.row


@dataclass
class Replay:
    """Tells steps of pilots, one by one, by calling the verb of each."""

    house: House
    calendar: Calendar
    told: dict[str, Told] = field(default_factory=dict)
    #: The one clock: when the last thing happened. Nothing that a step does is earlier than what it did before.
    now: datetime = _BEFORE_ALL

    def tell(self, written: WrittenPilot, step: Step, day: date, now: datetime) -> None:
        """Let one step happen on `day` from `now` on; a step of several parts takes the time of each from `later`."""
        self.now = now
        story = self.told.setdefault(written.key, Told(written, dict(written.people)))
        if step.kind in _AGREES:
            story.criteria = []
        happens = {
            "proposed": self._proposed,
            "started": self._started,
            "status": self._status,
            "gate": self._gate,
            "ended": self._ended,
            "assigned": self._assigned,
            "released": self._released,
            "decision": self._decision,
            "launched": self._launched,
            "retired": self._retired,
        }
        if step.kind in HAPPENS:
            HAPPENS[step.kind](self, story, step.told, day, now)
        else:
            happens[step.kind](story, step.told, day, now)

    def later(self) -> datetime:
        """A moment after everything that has happened so far."""
        self.now += _A_WHILE
        return self.now

    def actor(self, story: Told, told: dict[str, Any]) -> User:
        """Whoever the step names, else the owner, else the secretary."""
        owner = story.people.get(Part.BUSINESS_OWNER)
        key = told.get("by", owner)
        return self.house.people[key] if key else self.house.secretary

    def _proposed(self, story: Told, told: dict[str, Any], day: date, now: datetime) -> None:
        actor = self.actor(story, told)
        facts = dict(story.written.facts)
        for name in ("monthly_cost", "cost_so_far"):
            if name in facts:
                facts[name] = Decimal(facts[name])
        owner = story.people.get(Part.BUSINESS_OWNER)
        story.pilot = propose_pilot(
            actor=actor,
            owner=self.house.people[owner] if owner else None,
            today=day,
            now=now,
            unit=self.house.units[story.written.unit],
            committee_slug=self.house.committee.slug,
            **facts,
        )
        for part, key in story.people.items():
            if part != Part.BUSINESS_OWNER:
                person = self.house.people[key]
                assign_part(actor=actor, pilot=story.row, person=person, part=part, since=day, now=now)

    def _started(self, story: Told, told: dict[str, Any], day: date, now: datetime) -> None:
        start_round(
            actor=self.actor(story, told),
            pilot=story.row,
            starts_on=day,
            planned_end=self.calendar.day(told["ends"]),
            decision_due=self.calendar.day(told["due"]),
            accept_gaps=told.get("with_gaps"),
            now=now,
        )

    def _status(self, story: Told, told: dict[str, Any], _day: date, now: datetime) -> None:
        """What a written update does not name blocks no more."""
        said = told.get("blocks", [])
        blocks = [said] if isinstance(said, str) else said
        standing = Blocker.objects.open().filter(pilot=story.row)
        report_status(
            actor=self.actor(story, told),
            pilot=story.row,
            moved=told["moved"],
            confidence=Confidence(told["confidence"]) if "confidence" in told else None,
            because=told.get("because", ""),
            users_inside=told.get("inside"),
            users_outside=told.get("outside"),
            scale_when=told.get("scale_when", ""),
            blocks=blocks,
            cleared=[blocker.pk for blocker in standing if blocker.text not in blocks],
            now=now,
        )

    def _gate(self, story: Told, told: dict[str, Any], day: date, now: datetime) -> None:
        found = told.get("findings", {})
        lead, review = self._review(story, told["gate"], now)
        risk = story.current.risk_class
        asked = [
            criterion
            for criterion in criteria_of(review.gate)
            if criterion.slug in found or mandatory(criterion.mandatory_from, risk)
        ]
        concluded = told["result"] != LampState.IN_REVIEW
        if not concluded:  # half of it is still to come
            asked = [criterion for place, criterion in enumerate(asked) if place % 2 or criterion.slug in found]
        by_reviewer: dict[User, list[Found]] = {}
        for criterion in asked:
            finding, comment = found.get(criterion.slug, (Finding.MET, ""))
            said = by_reviewer.setdefault(self.reviewer(story, criterion.function), [])
            said.append(Found(criterion, Finding(finding), comment))
        for reviewer, said in by_reviewer.items():
            assess_criteria(actor=reviewer, review=review, found=said, today=day, now=self.later())
        if concluded:
            conclude_review(
                actor=lead,
                review=review,
                state=LampState(told["result"]),
                conclusion=told["comment"],
                conditions=self._conditions(story, told, day),
                seen=None,
                today=day,
                now=self.later(),
            )

    def _conditions(self, story: Told, told: dict[str, Any], day: date) -> list[ConditionTerms]:
        """The conditions as they are told; where they are not, the comment is the owner's, for the next two months."""
        if told["result"] != LampState.CONDITIONAL:
            return []
        owner = story.people.get(Part.BUSINESS_OWNER) or story.people[Part.EXECUTIVE_SPONSOR]
        written = told.get("conditions", [{"text": told["comment"]}])
        return [
            ConditionTerms(
                text=one["text"],
                owner=self.house.people[one.get("owner", owner)],
                due=self.calendar.day(one["due"]) if "due" in one else day + timedelta(days=60),
            )
            for one in written
        ]

    def _review(self, story: Told, gate: str, now: datetime) -> tuple[User, GateReview]:
        """The lead reviewer of a gate, and its review, opened by whoever owns the pilot."""
        review = open_review(actor=self.actor(story, {}), pilot=story.row, gate_slug=gate, now=now)
        return self.reviewer(story, review.gate.lead_function), review

    def reviewer(self, story: Told, function: str) -> User:
        """The first reviewer of a function who has no part in the pilot."""
        for key in self.house.reviewers[Function(function)]:
            if key not in story.people.values():
                return self.house.people[key]
        raise ValueError(f"{story.written.key}: every reviewer for {function} has a part in it")

    def _ended(self, story: Told, told: dict[str, Any], day: date, now: datetime) -> None:
        end_work(actor=self.actor(story, told), pilot=story.row, ended_on=day, now=now)

    def _assigned(self, story: Told, told: dict[str, Any], day: date, now: datetime) -> None:
        part, person = Part(told["part"]), self.house.people[told["person"]]
        actor = self.actor(story, told)
        assign_part(actor=actor, pilot=story.row, person=person, part=part, since=day, now=now)
        story.people[part] = told["person"]

    def _released(self, story: Told, told: dict[str, Any], day: date, now: datetime) -> None:
        part = Part(told["part"])
        end_part(actor=self.actor(story, told), pilot=story.row, part=part, until=day, now=now)
        del story.people[part]

    def _decision(self, story: Told, told: dict[str, Any], day: date, now: datetime) -> None:
        """Record what the committee carried, where it was put to it; else the chair decides after hearing it."""
        carried = decisions.carried(story, now) if "proposed" in told else None
        if carried:
            record_carried(actor=self.house.chair, proposal=carried, seen=None, today=day, now=now)
            return
        record_decision(
            actor=self.house.chair,
            pilot=story.row,
            outcome=Outcome(told["outcome"]),
            rationale=told["rationale"],
            terms=self.terms(story, told, day),
            conditions=decisions.conditions(self, told),
            seen=None,
            today=day,
            now=now,
        )

    def terms(self, story: Told, told: dict[str, Any], today: date) -> Terms:
        """The terms as they are told; the scale checklist as the file answers it on that day.

        Where a decision goes against the findings and its file gives no further reason, its rationale is the reason.
        """
        pilot = story.current
        current = pilot.rounds.order_by("-number")[0]
        grounds = grounds_of(pilot, current, today)
        against = against_the_findings(Outcome(told["outcome"]), grounds)

        def day(name: str) -> date | None:
            return self.calendar.day(told[name]) if name in told else None

        return Terms(
            learnings=told.get("learnings", ""),
            checklist=tuple(proposed_answers(grounds)) if told["outcome"] == Outcome.SCALE else (),
            redesign_of=tuple(told.get("of", ())),
            next_criteria=told.get("criteria", ""),
            dissent=told.get("dissent", ""),
            launch_on=day("launch"),
            redesign=told.get("redesign", ""),
            next_planned_end=day("ends"),
            next_due=day("due") or day("review"),
            stop_reason=told.get("reason", ""),
            not_yet=told.get("not_yet", ""),
            look_again_on=day("look_again"),
            learning_goal=told.get("goal", ""),
            budget_cap=Decimal(told["cap"]) if "cap" in told else None,
            override_reason=told.get("override", "") or (told["rationale"] if against else ""),
        )

    def _launched(self, story: Told, told: dict[str, Any], day: date, now: datetime) -> None:
        launch_pilot(actor=self.actor(story, told), pilot=story.row, launched_on=day, now=now)

    def _retired(self, story: Told, told: dict[str, Any], day: date, now: datetime) -> None:
        retire_pilot(actor=self.actor(story, told), pilot=story.row, retired_on=day, now=now)
