"""People's own rules: what is wrong with one is told at its place, what it may see, and that none loosens another."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pushboat.cel import phrase, question
from pushboat.config import environment, operator, repository
from pushboat.config.document import read
from pushboat.config.operator import Project
from pushboat.config.own_rules import note_own_rules
from pushboat.config.policy import Exemption, Policy
from pushboat.errors import InvalidRepositoryFile
from pushboat.policy.own import NAMES, OwnRule
from pushboat.policy.table import RULES
from pushboat.policy.words import DENY, OFF, WARN
from tests.configuration.marked import unmarked
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, SHOP, mistakes_of
from tests.policy.bodies import manifest_of
from workers.review.apart import ask_guarded
from workers.review.policy import Rulebook, abide
from workers.review.words import Finding, Weight

TODAY = datetime(2026, 11, 28, tzinfo=UTC).date()
RULE = "rules: [{name: team, valid: \"has(object.metadata.labels) && 'team' in object.metadata.labels\"}]\n"
QA = "      qa: {cluster: dev, namespaces: [a], path: deploy}\n"
SILENT = dict.fromkeys(RULES, OFF)


def rule(name: str = "own", **said: Any) -> OwnRule:
    valid = question(said.pop("valid", "false"), NAMES)
    words = phrase(said.pop("phrase"), NAMES) if "phrase" in said else None
    return OwnRule(**{"name": name, "verdict": DENY, "valid": valid, "phrase": words, **said})


def findings(*rules: OwnRule, body: dict[str, Any] | None = None, **policy: Any) -> list[Finding]:
    manifest = manifest_of(body or {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}, namespace="n")
    said = Policy(rules={**SILENT, **policy.pop("rules", {})}, **policy)
    return list(abide([manifest], Rulebook(policy=said, own=rules, today=TODAY, ask=ask_guarded)))


def project_of(text: str, folder: Path) -> Project:
    return operator.parse(text, folder / "pushboat.yaml", ENVIRON).projects["github/acme/shop"]


def test_both_files_rules_hold_in_every_environment(tmp_path: Path) -> None:
    """My operator's rules and my repository's hold beside each other; only mine are known to be anybody's."""
    project = project_of(RULE + FORGES + CLUSTERS + SHOP + QA, tmp_path)
    file = repository.parse("environments: {qa: }\nrules: [{name: ours, valid: 'true', kinds: [Service]}]\n")
    found = environment.effective(project, file)["qa"].rules
    assert [(each.name, each.pushed) for each in found] == [("team", False), ("ours", True)]


def test_a_repository_takes_no_rule_of_the_operators_away(tmp_path: Path) -> None:
    """A rule of mine that is called as my operator's would loosen it: my file is refused, at its line and column."""
    project = project_of(RULE + FORGES + CLUSTERS + SHOP + QA, tmp_path)
    file = repository.parse("environments: {qa: }\nrules: [{name: team, valid: 'true'}]\n")
    with pytest.raises(InvalidRepositoryFile, match="the operator has a rule 'team'") as refused:
        environment.effective(project, file)
    assert [(each.line, each.column) for each in refused.value.mistakes] == [(2, 16)]


MISTAKES = {
    "no CEL": ("{name: a, valid: ¦'object.'}", "is no CEL expression"),
    "an unknown function": ("{name: a, valid: ¦'url(object.a).getHost() == 1'}", "undeclared reference to 'url'"),
    "no truth": ("{name: a, valid: ¦'1 + 1'}", "must come out as true or false"),
    "no text": ("{name: a, valid: 'true', message_expression: ¦'1'}", "must come out as text"),
    "no name": ("{name: ¦A b, valid: 'true'}", "must be lower-case letters"),
    "one of ours": ("{name: ¦host-path, valid: 'true'}", "there is a rule 'host-path' already"),
    "a version": ("{name: a, kinds: [¦apps/v1.Deployment], valid: 'true'}", "without a version"),
    "a test of nothing": ("{name: a, valid: 'true', tests: [¦{says: x}]}", "a test has one object"),
}


@pytest.mark.parametrize(("marked", "message"), MISTAKES.values(), ids=MISTAKES)
def test_each_mistake_is_told_at_its_place(marked: str, message: str, tmp_path: Path) -> None:
    text, line, column = unmarked(f"rules: [{marked}]\n" + FORGES + CLUSTERS + SHOP + QA)
    (mistake,) = mistakes_of(text, tmp_path)
    assert (mistake.line, mistake.column) == (line, column)
    assert message in mistake.message


def test_a_rule_that_cannot_be_evaluated_passes_nothing_and_says_so() -> None:
    (one,) = findings(rule(valid="object.spec.replicas > 1"))
    assert one.weight is Weight.WARNING
    assert one.sentence == 'ConfigMap/n/a was not evaluated: Key not found in map : "spec" (own)'


def test_the_operators_word_and_exemptions_count_for_own_rules_too() -> None:
    exempt = Exemption(rule="own", files="a.yaml", until=TODAY, reason="known")
    assert findings(rule())[0].weight is Weight.ERROR
    assert findings(rule(), rules={"own": WARN})[0].weight is Weight.WARNING
    assert findings(rule(), rules={"own": OFF}) == []
    assert findings(rule(), exemptions=(exempt,)) == []


def test_no_rule_reads_what_is_secret() -> None:
    """Whoever can push a rule chooses its words: not one of them is a Secret's value, wherever it is kept."""
    kept = {"kubectl.kubernetes.io/last-applied-configuration": '{"data": {"password": "cGFzc3dvcmQ="}}'}
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a", "annotations": kept}}
    body |= {"data": {"password": "cGFzc3dvcmQ="}, "stringData": {"other": "word"}}
    kept_there = "object.metadata.annotations"
    words = f"object.data.password + object.stringData.other + {kept_there}.map(k, k + {kept_there}[k])[0]"
    for pushed in (True, False):
        (one,) = findings(rule(phrase=words, pushed=pushed), body=body)
        assert one.sentence.startswith("Secret/n/a: KioqKg==KioqKg==kubectl"), one
        assert "cGFzc3" not in one.sentence
        assert "word" not in one.sentence


LARGE = {"limit": 1 << 64}
LONG = {"rules": [{"verbs": ["get"]}] * 10_001 + [{"verbs": ["*"]}]}
CHOSEN = {
    "a number too large": ("object.data.all(k, k != 'forbidden')", {"data": {"forbidden": "x"}, "spec": LARGE}),
    "a list too long": ("object.spec.rules.all(r, !('*' in r.verbs))", {"spec": LONG}),
    "a word for a number": ("object.spec.replicas < 5", {"spec": {"replicas": "9"}}),
}


@pytest.mark.parametrize("case", CHOSEN)
def test_no_object_chooses_not_to_be_known(case: str) -> None:
    """Whoever writes an object can make any question fail; where a rule denies, that is no way around it."""
    valid, written = CHOSEN[case]
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, **written}
    (one,) = findings(rule(valid=valid), body=body)
    assert one.weight is Weight.ERROR
    assert "was not evaluated" in one.sentence
    assert "{" not in one.sentence, "the object is not shown"
    assert findings(rule(valid=valid), body=body, rules={"own": WARN})[0].weight is Weight.WARNING


@pytest.mark.parametrize("name", ["plaintext-credential", "secret-literal", "admission-policy", "mutable-tag", "rego"])
def test_no_rule_is_called_as_other_looks_call_what_they_find(name: str) -> None:
    """Verdict and exemptions of one would be those of the other."""
    document = read(f"rules: [{{name: {name}, valid: 'false', message: no}}]\n", "pushboat.yaml")
    note_own_rules(document)
    assert "call it differently" in str(document.mistakes[0])


QUANTITIES = {
    "quantity('1Gi') == quantity('1024Mi')": True,
    "quantity('100m').isLessThan(quantity('0.2'))": True,
    "quantity('2').isGreaterThan(quantity('1500m'))": True,
    "quantity('1k').add(quantity('24')).compareTo(quantity('1Ki')) == 0": True,
    "isQuantity('1 Gi') || isQuantity('Gi')": False,
    "quantity('1.5').isInteger()": False,
    "isIP('::1') && !isIP('localhost')": True,
    "[1, 2, 2].isSorted() && [3, 4].sum() == 7 && [3, 4].max() == 4 && [3, 4].min() == 3": True,
}


@pytest.mark.parametrize("expression", QUANTITIES)
def test_kubernetes_own_functions_are_there(expression: str) -> None:
    assert question(expression, ()).answer({}).value is QUANTITIES[expression]
