"""Every drift rule, in the order in which screens and documents show them. A new rule is a module and a line here."""

from gates.rules import (
    basis_changed,
    blocker_repeats,
    condition_overdue,
    contract_gaps,
    decision_overdue,
    deferral_over,
    evidence_expired,
    gate_reopened,
    in_doubt,
    intervention_late,
    launch_late,
    no_owner,
    not_asked,
    not_measured,
    research_over_cap,
    review_untouched,
    scale_unanswered,
    silent,
    stuck_unhelped,
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
    research_over_cap.RULE,
    launch_late.RULE,
    deferral_over.RULE,
    condition_overdue.RULE,
    basis_changed.RULE,
    in_doubt.RULE,
    scale_unanswered.RULE,
    stuck_unhelped.RULE,
    intervention_late.RULE,
    *contract_gaps.RULES,
)

BY_ID: dict[str, Rule] = {rule.id: rule for rule in RULES}
