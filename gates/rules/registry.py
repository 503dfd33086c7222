"""Every drift rule, in the order in which screens and documents show them. A new rule is a module and a line here."""

from gates.rules import (
    blocker_repeats,
    contract_gaps,
    decision_overdue,
    evidence_expired,
    gate_reopened,
    no_owner,
    not_asked,
    not_measured,
    review_untouched,
    silent,
)
from gates.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    decision_overdue.RULE,
    not_asked.RULE,
    silent.RULE,
    not_measured.RULE,
    no_owner.RULE,
    blocker_repeats.RULE,
    evidence_expired.RULE,
    review_untouched.RULE,
    gate_reopened.RULE,
    *contract_gaps.RULES,
)

BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}
