"""Tuning the drift rules."""

import pytest

from accounts.obstacles import RefusedError, StaleError
from audit.models import Event
from gates.models import RuleSetting
from gates.rules.registry import BY_ID, RULES
from gates.tuning import RuleInForce, change_rule, rule_in_force, rules_in_force
from portfolio.states import Severity

SILENT = BY_ID["silent"]


@pytest.fixture
def change(cast, now):
    """Set the rule of silence as an administrator would."""

    def changed(**values):
        plain = {"enabled": True, "threshold": 30, "severity": Severity.WARNING, "seen": None}
        return change_rule(**{"actor": cast.administrator, "rule": SILENT, "now": now, **plain, **values})

    return changed


def test_without_settings_the_rules_own_defaults_hold(db):
    assert rules_in_force() == [
        RuleInForce(rule, enabled=True, threshold=rule.threshold, severity=rule.severity) for rule in RULES
    ]


def test_what_is_set_holds(change):
    after = change(threshold=45, severity=Severity.SERIOUS, seen=0)
    assert after == rule_in_force(SILENT)
    assert after == RuleInForce(SILENT, enabled=True, threshold=45, severity=Severity.SERIOUS, version=1)
    assert rules_in_force()[2] == after


def test_what_equals_the_default_follows_the_default(change):
    change(threshold=45)
    change(threshold=30, enabled=False)
    setting = RuleSetting.objects.get()
    assert (setting.enabled, setting.threshold, setting.severity, setting.version) == (False, None, None, 2)


def test_a_threshold_of_nothing_is_kept_as_such(change, cast, now):
    rule = BY_ID["no-owner"]
    change(rule=rule, threshold=5, severity=rule.severity)
    assert rule_in_force(rule).threshold == 5
    change(rule=rule, threshold=0, severity=rule.severity)
    assert rule_in_force(rule).threshold == 0


def test_the_trail_says_what_was_and_what_is(change, cast):
    change(threshold=45)
    event = Event.objects.get(kind="gates.rule.changed")
    assert event.actor == cast.administrator.ref
    assert event.data == {
        "rule": "Silent",
        "before": {"enabled": True, "threshold": 30, "severity": "warning", "sponsor_after": 14, "chair_after": 28},
        "after": {"enabled": True, "threshold": 45, "severity": "warning", "sponsor_after": 14, "chair_after": 28},
    }


def test_saving_what_holds_changes_nothing(change):
    assert change(seen=0).version == 0
    change(threshold=45, seen=0)
    assert change(threshold=45, seen=1).version == 1
    assert Event.objects.filter(kind="gates.rule.changed").count() == 1


@pytest.mark.parametrize("seen", [0, 2])
def test_the_second_of_two_editors_is_told(change, seen):
    change(threshold=45, seen=0)
    with pytest.raises(StaleError):
        change(threshold=60, seen=seen)
    assert rule_in_force(SILENT).threshold == 45


@pytest.mark.parametrize(
    "who", ["alice", "bob", "carol", "charlie", "sponsor", "manager", "auditor", "viewer", "reviewer"]
)
def test_only_administrators_set_rules(change, cast, who):
    with pytest.raises(RefusedError) as refused:
        change(actor=getattr(cast, who), threshold=45)
    assert [obstacle.code for obstacle in refused.value.obstacles] == ["not_administrator"]
    assert rule_in_force(SILENT).threshold == 30


def test_the_system_may_set_rules(change):
    assert change(actor=None, threshold=45).threshold == 45


@pytest.mark.parametrize("threshold", [-1, 0, 3651])
def test_a_threshold_without_sense_is_refused(change, threshold):
    with pytest.raises(RefusedError) as refused:
        change(threshold=threshold)
    assert [obstacle.code for obstacle in refused.value.obstacles] == ["threshold"]
