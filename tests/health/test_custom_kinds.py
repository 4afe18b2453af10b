"""How the custom kinds are judged that people deploy most: documented statuses, and what nobody may call healthy."""

import copy
from collections import defaultdict
from typing import Any

import pytest

from pushboat.model.health import Health
from tests.health.objects import Case, cases, condition
from workers.cluster.health import assess
from workers.cluster.health.conditions import by_convention
from workers.cluster.health.kinds.choosing import FAMILIES, judge_of
from workers.cluster.health.kinds.table import TABLE

HEALTHY = [case for case in cases() if case.health is Health.HEALTHY]
SILENT = {case.kind for case in HEALTHY if "status" not in case.live}
"""Kinds whose controller need not say anything."""
NEVER_FAILS = {("postgresql.cnpg.io", "Pooler")}
"""Kinds whose documentation knows no failure: what is wrong shows in what they make."""


@pytest.mark.proves("health-order", "health-canary")
@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_documented_status_is_judged_as_its_documentation_means_it(case: Case) -> None:
    """A status that a controller's documentation names has the health that it means, with a reason one can act on."""
    judgement = assess(case.live)
    assert judgement.health is case.health, judgement
    assert case.says in judgement.reason
    assert case.certain == judgement.certain
    assert case.spoken or not judgement.spoken
    assert judgement.reason or judgement.health is Health.HEALTHY


@pytest.mark.proves("health-order")
def test_every_row_has_its_healthy_its_progressing_and_its_failing_object() -> None:
    """At least a hundred kinds are known, and each of them is shown to be told well from ill."""
    shown: dict[tuple[str, str], set[Health]] = defaultdict(set)
    for case in cases():
        shown[case.group, case.kind].add(case.health)
    needed = {Health.HEALTHY, Health.PROGRESSING, Health.DEGRADED}
    lacking = {row: needed - shown[row] for row in TABLE if needed - shown[row] and row not in NEVER_FAILS}
    assert not lacking
    assert all(shown[row] >= needed - {Health.DEGRADED} for row in NEVER_FAILS)
    assert not [row for row in shown if judge_of(*row) is None]
    assert {ending for ending in FAMILIES if not any(_ends(group, ending) for group, _ in shown)} <= {
        "flows.knative.dev",
        "operator.knative.dev",
    }
    assert len([row for row in shown if shown[row] >= needed]) >= 100


def _ends(group: str, ending: str) -> bool:
    return group == ending or group.endswith(f".{ending}")


def test_every_row_earns_its_place() -> None:
    """What the generic rule would say of a kind is wrong for one of its objects at least, else there is no row."""
    wrong = {
        (case.group, case.kind)
        for case in cases()
        if _generic(case.live) is not case.health or (case.certain and case.health is Health.DEGRADED)
    }
    assert not {(case.group, case.kind) for case in cases()} - wrong


def _generic(live: dict[str, Any]) -> Health:
    return by_convention(live, live["kind"]).health


@pytest.mark.proves("health-generation")
@pytest.mark.proves(
    "custom-resource-judged-too-early", among=("Certificate", "ExternalSecret", "each kind with a rule")
)
@pytest.mark.parametrize("case", HEALTHY, ids=str)
def test_nobody_is_healthy_before_the_controller_has_spoken(case: Case) -> None:
    """Without a status, and with that of an older version, a kind is not healthy; the two are told apart."""
    silent = {key: value for key, value in case.live.items() if key != "status"}
    judgement = assess(silent)
    if case.kind not in SILENT:
        assert judgement.health in (Health.PROGRESSING, Health.UNVERIFIED), judgement
        assert not judgement.spoken or judgement.health is Health.UNVERIFIED
    old = _with_status(case.live, observedGeneration=1)
    assert assess(old).health is Health.PROGRESSING
    assert assess(old).spoken


@pytest.mark.proves("health-bad-news")
@pytest.mark.parametrize("case", HEALTHY, ids=str)
def test_nobody_is_healthy_beside_bad_news(case: Case) -> None:
    """A condition that says that something failed outweighs whatever else the status says."""
    for bad in ("ReconcileError=True boom", "Degraded=True boom", "Stalled=True boom", "Synced=False boom"):
        added = condition(bad)
        found = case.live.get("status", {}).get("conditions", [])
        others = [each for each in found if each["type"] != added["type"]]
        judgement = assess(_with_status(case.live, conditions=[*others, added]))
        assert judgement.health is not Health.HEALTHY
        assert "boom" in judgement.reason


@pytest.mark.proves("health-generation")
@pytest.mark.parametrize("case", [case for case in HEALTHY if case.live.get("status", {}).get("conditions")], ids=str)
def test_conditions_of_an_older_version_are_not_believed(case: Case) -> None:
    """Where each condition says of which generation it speaks, an older one makes nobody healthy."""
    old = [{**each, "observedGeneration": 1} for each in case.live["status"]["conditions"]]
    assert assess(_with_status(case.live, conditions=old)).health is not Health.HEALTHY


@pytest.mark.proves("health-order")
@pytest.mark.parametrize("case", HEALTHY, ids=str)
def test_what_is_being_deleted_is_not_healthy(case: Case) -> None:
    """An object with a deletion timestamp is on its way out."""
    deleted = {**case.live, "metadata": {**case.live["metadata"], "deletionTimestamp": "2026-01-01T00:00:00Z"}}
    assert assess(deleted).health is Health.PROGRESSING


def test_a_word_that_no_documentation_has_is_unknown() -> None:
    """A phase of a version to come is neither healthy nor failed; the sentence repeats it."""
    live = {"apiVersion": "velero.io/v1", "kind": "Backup", "metadata": {"name": "x"}, "status": {"phase": "Dreaming"}}
    judgement = assess(live)
    assert judgement.health is Health.UNKNOWN
    assert "Dreaming" in judgement.reason


def _with_status(live: dict[str, Any], **values: Any) -> dict[str, Any]:
    changed = copy.deepcopy(live)
    changed["status"] = {**changed.get("status", {}), **values}
    return changed
