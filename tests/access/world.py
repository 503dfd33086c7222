"""What the routes of the matrix are about: Alice's open pilot and her restricted one, and what hangs on them."""

from datetime import date, datetime, timedelta

from django.urls import URLPattern

from accounts.mailing import enqueue
from accounts.naming import make_invitation
from accounts.preferring import preference_of
from accounts.states import Function, MailKind
from gates.conditioning import set_conditions
from gates.convening import name_reviewer
from gates.drafting_sets import begin_draft
from gates.exempting import exempt_pilot
from gates.models import DigestRun, Flag, ReviewRequest
from gates.reviewing import open_review
from gates.rules.registry import BY_ID
from gates.snoozing import snooze_flag
from gates.states import DigestKind
from portfolio.amending import add_by_amendment
from portfolio.changing import note_friction
from portfolio.models import Pilot
from portfolio.states import Outcome, Visibility
from portfolio.stuck import StuckPattern
from portfolio.uploads import keep_upload
from tests import building
from tests.gates.clinic.building import diagnosed, started
from tests.gates.deciding_for import decide, put_to_vote
from tests.gates.evidence.adding import add_file
from tests.gates.meetings.holding import OF_A_MEETING, meeting_of_routes
from tests.gates.reviewing_for import conditions_for, settled
from tests.portfolio.case.building import drafted_case
from tests.portfolio.measures.building import of_routes

#: Routes about the draft of the next gate set.
OF_A_DRAFT = (
    "gates:gate-set-detail", "gates:gate-set-difference", "gates:gate-set-publish", "gates:gate-set-discard",
    "gates:gate-edit", "gates:criterion-create", "gates:criterion-edit", "gates:criterion-move",
    "gates:criterion-retire", "gates:criterion-bring-back",
)  # fmt: skip


def a_flag(pilot: Pilot, *, today: date, rule: str = "blocker-repeats") -> Flag:
    """An open flag, as a scan leaves it."""
    return Flag.objects.create(pilot=pilot, rule=rule, severity=2, detail="It is so.", since=today, opened_on=today)


class World:
    """Arguments of every route, by name of the route where the argument's name says too little."""

    def __init__(self, cast: building.Cast, *, today: date, now: datetime) -> None:
        building.let_sign_in(cast, "a-long-enough-password")
        self.pilots = {
            visibility.value: building.awaiting(cast, today=today, now=now, visibility=visibility)
            for visibility in Visibility
        }
        self.decisions = {
            visibility.value: decide(
                cast,
                building.awaiting(cast, today=today, now=now, visibility=visibility),
                Outcome.STOP,
                today=today,
                now=now,
            )
            for visibility in Visibility
        }
        self.evidence = {
            visibility: add_file(cast, pilot, today=today, now=now) for visibility, pilot in self.pilots.items()
        }
        for pilot in self.pilots.values():
            drafted_case(cast, pilot, now=now)
            add_by_amendment(
                actor=cast.alice, pilot=pilot, approver=cast.sponsor, reason="It was forgotten.", now=now, metric="Time"
            )
        self.proposals = {
            visibility: put_to_vote(cast, pilot, today=today, now=now) for visibility, pilot in self.pilots.items()
        }
        self.frictions = {
            objects: note_friction(actor=cast.alice, pilot=pilot, what="Two screens for one letter.", now=now)
            for objects, pilot in self.pilots.items()
        }
        for pilot in self.pilots.values():
            diagnosed(cast, pilot, StuckPattern.METRICS, now=now)
        self.interventions = {
            objects: started(cast, pilot, StuckPattern.METRICS, today=today, now=now, owner="alice@example.org")
            for objects, pilot in self.pilots.items()
        }
        mail = enqueue(
            kind=MailKind.DIGEST,
            recipient=cast.alice,
            subject="Three wait",
            text="Three wait.",
            html="<p>Three wait.</p>",
            now=now,
        )
        register = keep_upload(
            b"Reference,Title,Unit\n1,Bees,Hives\n",
            owner=cast.manager,
            name="register.csv",
            mapping="generic",
            committee="",
            now=now,
        )
        # Not the reviewer of the cast: who has assessed a restricted pilot may see it.
        assessor = building.person("assessor", now=now)
        for function in Function:
            name_reviewer(actor=None, person=assessor, function=function, since=today, now=now)
        self.precedents = {
            visibility: settled(cast, pilot, actor=assessor, today=today, now=now)
            for visibility, pilot in self.pilots.items()
        }
        self.measures = {
            visibility.value: of_routes(cast, visibility=visibility, today=today, now=now) for visibility in Visibility
        }
        reviews = {
            visibility: open_review(actor=cast.alice, pilot=pilot, gate_slug="governance-and-risk", now=now)
            for visibility, pilot in self.pilots.items()
        }
        self.conditions = {
            visibility: set_conditions(
                actor=cast.alice, pilot=self.pilots[visibility], of=review, terms=conditions_for(cast, today=today),
                now=now,
            )[0]
            for visibility, review in reviews.items()
        }  # fmt: skip
        self.flags = {visibility: a_flag(pilot, today=today) for visibility, pilot in self.pilots.items()}
        until = today + timedelta(days=9)
        self.snoozes = {
            visibility: snooze_flag(
                actor=cast.manager, flag=a_flag(pilot, rule="silent", today=today), reason="Known.", until=until,
                today=today, now=now,
            )
            for visibility, pilot in self.pilots.items()
        }  # fmt: skip
        self.exemptions = {
            visibility: exempt_pilot(
                actor=cast.manager, pilot=pilot, rule=BY_ID["not-asked"], reason="Known.", until=until, today=today,
                now=now,
            )
            for visibility, pilot in self.pilots.items()
        }  # fmt: skip
        asked = ReviewRequest.objects.create(
            review=reviews["open"], function=Function.LEGAL, reviewer=cast.reviewer, asked_at=now
        )
        meeting, item, substitute, feed_key = meeting_of_routes(cast, today=today, now=now)
        draft = begin_draft(actor=cast.administrator, now=now)
        self.by_route: dict[str, dict[str, object]] = {
            "portfolio:import-detail": {"token": register.token},
            "portfolio:import-result": {"token": register.token},
            "portfolio:import-report": {"token": register.token},
            "accounts:unsubscribe": {"key": preference_of(cast.viewer).unsubscribe_key},
            **{route: {"version": draft.version} for route in OF_A_DRAFT},
            "accounts:mail-detail": {"pk": mail.pk},
            "accounts:mail-preview": {"pk": mail.pk},
            "accounts:mail-bounce": {"pk": mail.pk},
            "accounts:mail-resend": {"pk": mail.pk},
            "accounts:mail-suppress": {"pk": mail.pk},
            "gates:digest-detail": {
                "pk": DigestRun.objects.create(
                    recipient=cast.alice, kind=DigestKind.STALLED, period="2026-W47", mail=mail, composed_at=now
                ).pk
            },
            "gates:request-take": {"pk": asked.pk},
            "gates:request-hand-over": {"pk": asked.pk},
            "gates:decision-export": {"kind": "csv"},
            "gates:committee-detail": {"slug": cast.committee.slug},
            "gates:committee-edit": {"slug": cast.committee.slug},
            "gates:seat-create": {"slug": cast.committee.slug},
            "gates:seat-end": {"slug": cast.committee.slug},
            **{route: {"pk": meeting.pk, "item": item.pk, "member": cast.carol.pk} for route in OF_A_MEETING},
            "gates:meeting-create": {"slug": cast.committee.slug},
            "gates:stand-in-list": {"slug": cast.committee.slug},
            "gates:stand-in-end": {"slug": cast.committee.slug, "pk": substitute.pk},
            "gates:calendar-feed": {"key": feed_key},
        }
        self.by_name = {
            "gate": "business-ownership",
            "piece": "integration",
            "criterion": "process-outcome-owner",
            "kind": "integrations",
            "place": 1,
            "step": "then",
            "rule_id": "decision-overdue",
            "pk": cast.charlie.pk,
            "person": cast.charlie.pk,
            "function": "legal",
            "role": "viewer",
            "slug": cast.unit.slug,
            "name": "drift.scan",
            "token": make_invitation(actor=cast.alice, person=building.person("newcomer", now=now), now=now)[1],
            "uidb36": "1",
            "key": "set-password",
        }

    def arguments(self, route: str, pattern: URLPattern, objects: str) -> dict[str, object]:
        """Arguments of `route`, about the open or the restricted pilot."""
        known: dict[str, object] = {**self.by_name, **self.by_route.get(route, {})}
        if objects != "any":
            known["code"] = self.pilots[objects].code
            known["evidence"] = self.evidence[objects].pk
            known["assignment"] = self.pilots[objects].assignments.get(part="executive_sponsor").pk
            known["number"] = self.decisions[objects].number
            if route.startswith("portfolio:measurement-"):
                known |= self.measures[objects]
            if route == "gates:precedent-withdraw":
                known["pk"] = self.precedents[objects].pk
            if route.startswith("gates:condition-"):
                known["pk"] = self.conditions[objects].pk
            if route.startswith("gates:intervention-"):
                known["pk"] = self.interventions[objects].pk
            if route in {"gates:flag-snooze", "gates:flag-exempt"}:
                known["pk"] = self.flags[objects].pk
            if route == "gates:snooze-end":
                known["pk"] = self.snoozes[objects].pk
            if route == "gates:exemption-end":
                known["pk"] = self.exemptions[objects].pk
            if route.startswith(("gates:proposal-", "gates:vote-")):
                known["pk"] = self.proposals[objects].pk
            known["friction"] = self.frictions[objects].pk
        return {argument: known[argument] for argument in pattern.pattern.regex.groupindex}
