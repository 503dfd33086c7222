"""Tuning the drift rules: what an administrator has set over each rule's own defaults."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.acting import compare_and_step, note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from accounts.permissions import is_administrator
from audit.recording import verb
from gates.ladder import in_words
from gates.models import RuleSetting
from gates.rules.registry import RULES
from gates.rules.rule import Rule
from portfolio.states import Severity

#: Ten years; a longer threshold is a rule switched off.
LONGEST = 3650


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule with the settings that hold."""

    rule: Rule
    enabled: bool
    threshold: int
    severity: Severity
    #: Version of the setting; 0 where none was ever saved.
    version: int = 0
    #: Days after which a flag climbs, where they are not the rule's own.
    sponsor_after: int | None = None
    chair_after: int | None = None

    @property
    def graces(self) -> tuple[int, int]:
        """Days after which the sponsor, and the chair, are told."""
        return (
            self.rule.sponsor_after if self.sponsor_after is None else self.sponsor_after,
            self.rule.chair_after if self.chair_after is None else self.chair_after,
        )

    @property
    def hears(self) -> str:
        """Who hears of its flags, and when."""
        return in_words(*self.graces, overview=self.rule.overview)


def rules_in_force() -> list[RuleInForce]:
    """Every rule as it is set now, in the registry's order; one statement."""
    saved = {setting.rule: setting for setting in RuleSetting.objects.all()}
    return [_in_force(rule, saved.get(rule.id)) for rule in RULES]


def rule_in_force(rule: Rule) -> RuleInForce:
    """One rule as it is set now."""
    return _in_force(rule, RuleSetting.objects.filter(rule=rule.id).first())


@verb
def change_rule(
    *,
    actor: User | None,
    rule: Rule,
    enabled: bool,
    threshold: int,
    severity: Severity,
    seen: int | None,
    now: datetime,
    sponsor_after: int | None = None,
    chair_after: int | None = None,
) -> RuleInForce:
    """Set a rule; flags follow at the next scan. What equals the rule's own default is kept as "the default".

    StaleError when somebody else set it since version `seen` (0: never set). Refuses who is no administrator, and a
    threshold that makes no sense. Saving what already holds changes nothing.
    """
    sponsor_after = rule.sponsor_after if sponsor_after is None else sponsor_after
    chair_after = rule.chair_after if chair_after is None else chair_after
    refuse_any([*_authority(actor), *_unfit(rule, threshold), *_unfit_graces(sponsor_after, chair_after)])
    RuleSetting.objects.bulk_create([RuleSetting(rule=rule.id, version=0)], ignore_conflicts=True)
    setting = RuleSetting.objects.select_for_update().get(rule=rule.id)
    before = _in_force(rule, setting)
    compare_and_step(setting, seen)
    setting.enabled = enabled
    setting.threshold = None if threshold == rule.threshold else threshold
    setting.severity = None if severity == rule.severity else severity
    setting.sponsor_after = None if sponsor_after == rule.sponsor_after else sponsor_after
    setting.chair_after = None if chair_after == rule.chair_after else chair_after
    after = _in_force(rule, setting)
    if _plain(before) == _plain(after):
        return before
    setting.save()
    note(
        actor,
        "gates.rule.changed",
        setting,
        now=now,
        rule=rule.title,
        before=_plain(before),
        after=_plain(after),
    )
    return after


def _in_force(rule: Rule, setting: RuleSetting | None) -> RuleInForce:
    if setting is None:
        return RuleInForce(rule, enabled=True, threshold=rule.threshold, severity=rule.severity)
    return RuleInForce(
        rule,
        enabled=setting.enabled,
        threshold=rule.threshold if setting.threshold is None else setting.threshold,
        severity=rule.severity if setting.severity is None else Severity(setting.severity),
        version=setting.version,
        sponsor_after=setting.sponsor_after,
        chair_after=setting.chair_after,
    )


def _plain(set_to: RuleInForce) -> dict[str, object]:
    sponsor_after, chair_after = set_to.graces
    return {
        "enabled": set_to.enabled,
        "threshold": set_to.threshold,
        "severity": set_to.severity.label.lower(),
        "sponsor_after": sponsor_after,
        "chair_after": chair_after,
    }


def _authority(actor: User | None) -> Iterable[Obstacle]:
    if actor is not None and not is_administrator(actor):
        yield Obstacle("not_administrator", "Drift rules are set by administrators.", "An administrator.")


def _unfit_graces(sponsor_after: int, chair_after: int) -> Iterable[Obstacle]:
    if not 0 <= sponsor_after <= LONGEST:
        yield Obstacle("sponsor_after", f"Choose a number of days from 0 to {LONGEST}.", "You.")
    if not sponsor_after <= chair_after <= LONGEST:
        yield Obstacle("chair_after", "The chair cannot hear of it before the sponsor.", "You.")


def _unfit(rule: Rule, threshold: int) -> Iterable[Obstacle]:
    if not rule.smallest <= threshold <= LONGEST:
        yield Obstacle("threshold", f"Choose a number of {rule.unit} from {rule.smallest} to {LONGEST}.", "You.")
