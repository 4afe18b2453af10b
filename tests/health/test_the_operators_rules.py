"""Rules of health that the operator writes: they count before all of ours, and never break a deployment."""

from pathlib import Path
from typing import Any

import pytest

from pushboat.config import operator
from pushboat.config.health import Rules
from pushboat.model.health import Health, Judgement
from tests.configuration.test_operator_file import ENVIRON, SMALLEST
from workers.cluster.health import assess

WIDGET = """
health:
  - kind: Widget.example.com
    healthy: status.conditions.exists(c, c.type == 'Made' && c.status == 'True')
    progressing: has(status.queue) && status.queue > 0
    failed: status.?phase.orValue('') == 'Broken'
    reason: status.?message.orValue('')
  - {kind: Issuer.cert-manager.io, healthy: status.phase == 'ours'}
  - {kind: ConfigMap, healthy: "has(object.data) && 'ready' in object.data"}
"""


def rules(text: str = WIDGET) -> Rules:
    return operator.parse(f"{text}\n{SMALLEST}", Path("/tmp/pushboat.yaml"), ENVIRON).health


def judged(status: Any, **more: Any) -> Judgement:
    live = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "x", "generation": 2}, **more}
    return assess(live if status is None else {**live, "status": status}, rules=rules())


MADE = {"conditions": [{"type": "Made", "status": "True"}]}


@pytest.mark.proves("health-rules")
@pytest.mark.parametrize(
    ("status", "health", "reason", "certain"),
    [
        (MADE, Health.HEALTHY, "", False),
        ({**MADE, "queue": 2, "message": "2 before it"}, Health.PROGRESSING, "2 before it", False),
        ({**MADE, "phase": "Broken", "message": "no wood"}, Health.DEGRADED, "no wood", True),
        ({"conditions": [{"type": "Made", "status": "False"}]}, Health.PROGRESSING, "does not hold yet", False),
        ({"phase": "New"}, Health.PROGRESSING, "does not hold yet", False),
        ({**MADE, "observedGeneration": 1}, Health.PROGRESSING, "has not seen the newest version yet", False),
    ],
)
def test_a_kind_is_judged_as_the_operator_says(status: Any, health: Health, reason: str, certain: bool) -> None:
    """My rule says when a Widget is healthy, at work, or broken for good, and in which words."""
    judgement = judged(status)
    assert judgement.health is health
    assert reason in judgement.reason
    assert judgement.certain is certain


def test_a_controller_without_a_word_has_not_spoken() -> None:
    """Before there is a status, the rule cannot hold, and that is no failure."""
    assert judged(None).health is Health.PROGRESSING
    assert not judged(None).spoken


def test_the_operators_rule_counts_before_ours() -> None:
    """Where I wrote a rule, no row of the table, no generic word and no list of passive kinds counts."""
    issuer = {"apiVersion": "cert-manager.io/v1", "kind": "Issuer", "metadata": {"name": "x"}}
    ready = {**issuer, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    assert assess(ready).health is Health.HEALTHY
    assert assess(ready, rules=rules()).health is Health.PROGRESSING
    assert assess({**issuer, "status": {"phase": "ours"}}, rules=rules()).health is Health.HEALTHY
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {}}
    assert assess(settings, rules=rules()).health is Health.PROGRESSING
    assert assess({**settings, "data": {"ready": ""}}, rules=rules()).health is Health.HEALTHY


def test_what_is_being_deleted_is_not_healthy_whatever_a_rule_says() -> None:
    """A rule speaks of objects that are there."""
    gone = {"name": "x", "deletionTimestamp": "2026-01-01T00:00:00Z"}
    assert judged(MADE, metadata=gone).health is Health.PROGRESSING


@pytest.mark.parametrize(
    "status",
    [
        7,
        "x",
        [1],
        {"conditions": 7},
        {"conditions": [None]},
        {"queue": "x" * 100_000},
        {"message": "\ud800"},
        {"queue": 10**30},
    ],
)
def test_a_rule_never_breaks_on_a_hostile_status(status: Any) -> None:
    """What a rule cannot answer is not healthy yet, and nothing more."""
    assert judged(status).health is Health.PROGRESSING


@pytest.mark.proves("health-rules")
def test_an_expression_that_does_not_end_is_stopped() -> None:
    """A rule that would go through millions of pairs is given up, long before anybody waits for it."""
    pairs = "object.a.all(x, object.a.all(y, object.a.all(z, x == y || z == z)))"
    live = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {}, "a": list(range(3000))}
    judgement = assess(live, rules=rules(f"health: [{{kind: Widget.example.com, healthy: '{pairs}'}}]"))
    assert judgement.health is Health.PROGRESSING
    assert "budget exceeded" in judgement.reason


@pytest.mark.proves("health-rules")
def test_a_rule_of_flux_can_be_copied() -> None:
    """The expressions of Flux's documentation for a SealedSecret do what they do there."""
    copied = """
health:
  - kind: SealedSecret.bitnami.com
    failed: "status.conditions.filter(e, e.type == 'Synced').all(e, e.status == 'False')"
    healthy: "status.conditions.filter(e, e.type == 'Synced').all(e, e.status == 'True')"
"""
    for value, health in (("True", Health.HEALTHY), ("False", Health.DEGRADED), ("Unknown", Health.PROGRESSING)):
        live = {"apiVersion": "bitnami.com/v1alpha1", "kind": "SealedSecret", "metadata": {"name": "x"}}
        live["status"] = {"conditions": [{"type": "Synced", "status": value}]}  # type: ignore[assignment]
        assert assess(live, rules=rules(copied)).health is health
