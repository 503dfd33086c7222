"""What the contract of an open round lacks: one list, each gap with what it will cost later.

A gap is an answer that is blank or says nothing, a part that nobody holds, a criterion without what makes it count.
The list is worked out from what was agreed with its amendments; `Standing.gaps` keeps its codes.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.urls import reverse

from portfolio.gap_kinds import CRITERIA, GAPS, PEOPLE, WINDOW, GapKind
from portfolio.placeholders import is_placeholder
from portfolio.questions import ASPECTS, QUESTIONS
from portfolio.states import OPEN_ROUND_STATES, Commitment, MetricKind, Part, Purpose


@dataclass(frozen=True)
class Gap:
    """A gap of one round."""

    kind: GapKind
    #: The answer that was taken for none, where there is one.
    said: str = ""

    @property
    def code(self) -> str:
        return self.kind.code

    @property
    def what(self) -> str:
        return f"{self.kind.what} “{self.said}” says nothing yet." if self.said else self.kind.what

    @property
    def cost(self) -> str:
        return self.kind.cost

    @property
    def step(self) -> str:
        return self.kind.step

    def url(self, code: str, *, started: bool = False) -> str:
        """Where the gap is closed in the file of the pilot of that code; after the start, by an amendment."""
        if self.kind.part:
            return f"{reverse('portfolio:people', args=[code])}?part={self.kind.part.value}#name"
        return step_url(code, self.step, started=started)


def step_url(code: str, step: str, *, started: bool = False) -> str:
    """The address of a step of the contract; after the start, where it is amended."""
    if step == PEOPLE:
        return reverse("portfolio:people", args=[code])
    if step == CRITERIA or (step == WINDOW and started):
        return f"{reverse('portfolio:contract-detail', args=[code])}#step-{step}"
    return reverse("portfolio:contract-amend" if started else "portfolio:contract-step", args=[code, step])


#: Parts that have to be held, by the code of their gap.
_PARTS = {
    "owner": Part.BUSINESS_OWNER,
    "sponsor": Part.EXECUTIVE_SPONSOR,
    "production_owner": Part.PRODUCTION_OWNER,
    "using_team_sponsor": Part.USING_TEAM_SPONSOR,
    "it_partner": Part.IT_PARTNER,
    "quality_reviewer": Part.QUALITY_REVIEWER,
    "process_owner": Part.PROCESS_OWNER,
}
#: Gaps that are one answer each, named as it is.
_SINGLE = (
    "adopting_team", "integration_to_build", "owner_then", "data_used", "edge_cases", "value_hypothesis",
    "measurement_plan", "strategic_priority", "daily_users", "escalation_path", "workflow_impact",
)  # fmt: skip
#: Gaps that are several answers together.
_TOGETHER = {
    "decision_conditions": ("scale_if", "redesign_if", "stop_if", "research_if"),
    "pilot_conditions": tuple(name for aspect in ASPECTS for name in aspect.fields),
    "scale": ("volume_at_scale", "breadth_at_scale"),
}


@dataclass(frozen=True)
class GapFacts:
    """What the gaps of a pilot's open round are worked out from."""

    pilot: int
    vendor: str
    starts_on: date | None
    planned_end: date | None
    decision_due: date | None
    #: Answers as they hold now.
    contract: Mapping[str, Any]
    #: Terms of the criteria as they hold now, withdrawn ones left out.
    criteria: Collection[Mapping[str, Any]]
    #: Who holds each part now, with the day since when.
    parts: Mapping[str, Collection[tuple[int, date]]]


def gaps_of(facts: GapFacts) -> list[Gap]:
    """The gaps of a round, in the order of `GAPS`."""
    found: dict[str, str] = dict.fromkeys((*_people(facts), *_criteria(facts.criteria)), "")
    found |= _answers(facts)
    if None in {facts.starts_on, facts.planned_end, facts.decision_due}:
        found["window"] = ""
    return [Gap(kind, found[code]) for code, kind in GAPS.items() if code in found]


def _people(facts: GapFacts) -> Iterator[str]:
    held = {part: {person for person, _ in facts.parts.get(part, ())} for part in Part}
    yield from (code for code, part in _PARTS.items() if not held[part])
    sponsors = held[Part.EXECUTIVE_SPONSOR]
    if sponsors & held[Part.BUSINESS_OWNER]:
        yield "sponsor_is_owner"
    if held[Part.USING_TEAM_SPONSOR] and held[Part.USING_TEAM_SPONSOR] <= sponsors:
        yield "using_team_sponsor"
    if facts.starts_on and any(since > facts.starts_on for _, since in facts.parts.get(Part.IT_PARTNER, ())):
        yield "it_partner_late"


def _criteria(criteria: Collection[Mapping[str, Any]]) -> Iterator[str]:
    if not criteria:
        yield from ("criteria", "business_metric")
        return
    if any(terms["baseline"] is None for terms in criteria):
        yield "baseline"
    if any(terms["target"] is None for terms in criteria):
        yield "target"
    if not any(terms["kind"] == MetricKind.BUSINESS for terms in criteria):
        yield "business_metric"


def _answers(facts: GapFacts) -> dict[str, str]:
    """Codes of gaps in the answers, each with the placeholder that was given, if one was."""
    together = dict(_TOGETHER)
    if facts.vendor.strip():
        together["vendor_support"] = ("vendor_support_now", "vendor_support_after")
    asked = {code: (code,) for code in _SINGLE} | together | {"commitment": _of_commitment(facts.contract)}
    found = {}
    for code, names in asked.items():
        lacking = [name for name in names if _says_nothing(name, facts.contract.get(name))]
        if lacking:
            said = [str(facts.contract[name]).strip() for name in lacking if facts.contract.get(name)]
            found[code] = said[0] if said else ""
    if not facts.contract.get("users_involved_in"):
        found["user_involvement"] = ""
    return found


def _of_commitment(contract: Mapping[str, Any]) -> tuple[str, ...]:
    """A yes needs budget and timeline; a no is whole with who said it."""
    if contract.get("commitment") == Commitment.NO:
        return ("commitment", "committed_by")
    return ("commitment", "committed_by", "commitment_budget", "commitment_timeline")


def _says_nothing(name: str, answer: object) -> bool:
    if isinstance(answer, str):
        return not answer.strip() or is_placeholder(answer, QUESTIONS[name].label)
    return answer is None


_SQL = """
SELECT p.id, p.vendor, r.starts_on, r.planned_end, r.decision_due,
       coalesce(to_jsonb(c), '{}') || coalesce(amended.answers, '{}'),
       coalesce(agreed.criteria, '[]'), coalesce(held.parts, '[]')
FROM portfolio_pilot p
JOIN portfolio_round r ON r.pilot_id = p.id AND r.state = ANY(%(open)s) AND r.purpose = %(purpose)s
LEFT JOIN portfolio_contract c ON c.round_id = r.id
LEFT JOIN LATERAL (
    SELECT jsonb_object_agg(e.key, e.value->'new' ORDER BY a.number) AS answers
    FROM portfolio_amendment a CROSS JOIN LATERAL jsonb_each(a.changes) e
    WHERE a.round_id = r.id AND a.criterion_id IS NULL
) amended ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(to_jsonb(k) || coalesce(change.terms, '{}') ORDER BY k.number) AS criteria
    FROM portfolio_successcriterion k
    LEFT JOIN LATERAL (
        SELECT jsonb_object_agg(e.key, e.value->'new' ORDER BY a.number) AS terms
        FROM portfolio_amendment a CROSS JOIN LATERAL jsonb_each(a.changes) e
        WHERE a.criterion_id = k.id
    ) change ON true
    WHERE k.round_id = r.id AND NOT EXISTS (
        SELECT 1 FROM portfolio_amendment a WHERE a.criterion_id = k.id AND a.kind = 'withdrawn'
    )
) agreed ON true
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(s.part, s.person_id, s.since)) AS parts
    FROM portfolio_assignment s WHERE s.pilot_id = p.id AND s.until IS NULL
) held ON true
WHERE %(everything)s OR p.id = ANY(%(pilots)s::bigint[])
"""


def read_gap_facts(pilots: Collection[int] | None) -> Iterator[GapFacts]:
    """What the gaps of `pilots` (None: all) are worked out from, for those with an open round that is no research.

    One statement, however many pilots.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "open": [state.value for state in OPEN_ROUND_STATES],
                "purpose": Purpose.PILOT.value,
                "everything": pilots is None,
                "pilots": list(pilots or ()),
            },
        )
        for pilot, vendor, starts_on, planned_end, decision_due, contract, criteria, held in cursor:
            yield GapFacts(
                pilot=pilot,
                vendor=vendor,
                starts_on=starts_on,
                planned_end=planned_end,
                decision_due=decision_due,
                contract=json.loads(contract),
                criteria=json.loads(criteria),
                parts=_parts(json.loads(held)),
            )


def open_gaps(pilot: int) -> list[Gap]:
    """The gaps of a pilot's open round; none where there is no open round, or it is research. One query."""
    return [gap for facts in read_gap_facts([pilot]) for gap in gaps_of(facts)]


def _parts(held: list[list[Any]]) -> dict[str, list[tuple[int, date]]]:
    parts: dict[str, list[tuple[int, date]]] = {}
    for part, person, since in held:
        parts.setdefault(part, []).append((person, date.fromisoformat(since)))
    return parts
