"""Each rule that Pushboat brings along takes what is right, and finds what is not, where it stands."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from pushboat.config.policy import CREDENTIAL, LITERAL, Policy
from pushboat.policy.table import GROUPS, RULES
from pushboat.policy.words import DENY, OFF, WARN
from tests.policy.bodies import manifest_of
from tests.policy.objects import deployment
from tests.policy.rows import ROWS
from workers.manifests.reading import read_manifests
from workers.review.policy import Rulebook, abide
from workers.review.words import Finding, Weight

TODAY = datetime(2026, 11, 28, tzinfo=UTC).date()


def found(objects: list[dict[str, Any]], *asked: str, verdict: str = DENY) -> list[Finding]:
    """Ask some rules about objects, and no other."""
    rules = dict.fromkeys(RULES, OFF) | dict.fromkeys(asked, verdict)
    manifests = read_manifests("---\n".join(yaml.safe_dump(each) for each in objects), "all.yaml")
    return list(abide(manifests, Rulebook(policy=Policy(rules=rules), today=TODAY)))


@pytest.mark.parametrize("name", RULES)
def test_each_rule_takes_what_is_right_and_finds_what_is_not(name: str) -> None:
    """What I am told names my object, the field's line and column, what to do, and the rule that wants it."""
    right, wrong = ROWS[name]
    assert found(right, name) == []
    findings = found(wrong, name)
    assert findings
    for each in findings:
        assert each.weight is Weight.ERROR
        assert each.spot[1:] > (0, 0)
        assert str(each.ref) in each.sentence
        assert each.sentence.endswith(f": {RULES[name].fix} ({name})")


def test_each_rule_has_both_and_no_row_is_left_over() -> None:
    """Whoever adds a rule without an object that it takes and one that it finds is told here."""
    assert ROWS.keys() == RULES.keys()
    assert [name for name, (right, wrong) in ROWS.items() if not right or not wrong or right == wrong] == []


def test_one_deployment_is_right_by_every_rule_that_looks_at_it_alone() -> None:
    alone = [name for name, rule in RULES.items() if not rule.together]
    assert found([deployment()], *alone) == []


@pytest.mark.parametrize(
    ("kind", "wrap"),
    [
        ("Pod", lambda spec: {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": spec}),
        (
            "Job",
            lambda spec: {
                "apiVersion": "batch/v1",
                "kind": "Job",
                "metadata": {"name": "a"},
                "spec": {"template": {"spec": spec}},
            },
        ),
        (
            "CronJob",
            lambda spec: {
                "apiVersion": "batch/v1",
                "kind": "CronJob",
                "metadata": {"name": "a"},
                "spec": {"jobTemplate": {"spec": {"template": {"spec": spec}}}},
            },
        ),
        *(
            (
                kind,
                lambda spec, kind=kind: {
                    "apiVersion": "apps/v1",
                    "kind": kind,
                    "metadata": {"name": "a"},
                    "spec": {"template": {"spec": spec}},
                },
            )
            for kind in ("DaemonSet", "ReplicaSet", "StatefulSet", "Deployment")
        ),
    ],
)
def test_a_pod_is_found_in_every_kind_that_makes_one(kind: str, wrap: Any) -> None:
    """A privileged container is one wherever its template stands, whether it starts first or runs beside others."""
    container = {"name": "a", "image": "a:1", "securityContext": {"privileged": True}}
    for field in ("containers", "initContainers"):
        (one,) = found([wrap({field: [container]})], "privileged")
        assert one.ref
        assert one.ref.kind == kind


def test_nothing_is_denied_unless_the_operator_says_so() -> None:
    """An upgrade turns nothing red: what a rule finds is a warning, or nothing, until somebody says more."""
    assert {rule.verdict for rule in RULES.values()} == {WARN, OFF}
    everything = [body for _, wrong in ROWS.values() for body in wrong]
    manifests = read_manifests("---\n".join(yaml.safe_dump(each) for each in everything), "all.yaml")
    assert {each.weight for each in abide(manifests, Rulebook(today=TODAY))} == {Weight.WARNING}


def test_a_group_stands_for_its_rules_and_a_rule_for_itself() -> None:
    policy = Policy(rules={"pod-security-restricted": DENY, "host-path": WARN})
    assert policy.verdict("seccomp-profile") == DENY
    assert policy.verdict("privileged") == DENY
    assert policy.verdict("host-path") == WARN
    assert policy.verdict("cpu-request") == WARN
    assert policy.verdict("read-only-root") == OFF
    assert (policy.verdict(CREDENTIAL), policy.verdict(LITERAL)) == (DENY, WARN)
    assert {group for rule in RULES.values() for group in rule.groups} == set(GROUPS)


HOSTILE = ("text", 7, True, None, [], ["text", None, 7], {}, {"a": None}, [{"name": 1}, []])


@pytest.mark.slow
def test_no_object_breaks_a_rule() -> None:
    """A field of any other type is the schema's to refuse: no rule fails over it."""
    chance = random.Random(57)
    for body in (body for _, wrong in ROWS.values() for body in wrong):
        for path in _paths(body):
            if path[0] not in ("apiVersion", "kind", "metadata"):
                _ask_all(_with(body, path, chance.choice(HOSTILE)))


def _ask_all(body: dict[str, Any]) -> None:
    list(abide([manifest_of(body)], Rulebook(policy=Policy(rules=dict.fromkeys(RULES, WARN)), today=TODAY)))


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [each for key, one in inner for each in ((*path, key), *_paths(one, (*path, key)))]


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = _with(changed[path[0]], path[1:], new)
    return changed
