"""Policies in Rego, for who has them: the operator names the files, and what they say is refused or warned of."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from regopy import Interpreter

from pushboat.config import operator
from pushboat.config.policy import Exemption, Policy
from pushboat.config.rego import LACKING
from pushboat.policy.table import RULES
from pushboat.policy.words import OFF, WARN
from tests.configuration.marked import unmarked
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, SHOP, mistakes_of
from tests.policy.bodies import manifest_of
from workers.review.policy import Rulebook, abide
from workers.review.rego import Word, ask_rego
from workers.review.words import Finding, Weight

pytestmark = pytest.mark.programs

TODAY = datetime(2026, 11, 28, tzinfo=UTC).date()
MAIN = """package main

import rego.v1

deny contains msg if {
    input.kind == "Pod"
    msg := sprintf("no pods: %s", [input.metadata.name])
}

violation contains {"msg": "no secrets"} if input.kind == "Secret"

warn_team contains sprintf("no team: %s", [input.data.a]) if not input.metadata.labels.team
"""


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A folder of them, with a test of Rego's own."""
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "main.rego").write_text(MAIN)
    (tmp_path / "policies" / "main_test.rego").write_text("package main\n\ntest_it if false")
    return tmp_path


def written(said: str) -> str:
    return FORGES + CLUSTERS + SHOP + f"      qa: {{cluster: dev, namespaces: [a], policy: {said}}}\n"


def policy_of(folder: Path, said: str = "{rego: [policies]}") -> Policy:
    read = operator.parse(written(said), folder / "pushboat.yaml", ENVIRON)
    return read.projects["github/acme/shop"].environments["qa"].policy


def findings(policy: Policy, *bodies: dict[str, Any], **more: Any) -> list[Finding]:
    said = Policy(rules={**dict.fromkeys(RULES, OFF), **more.pop("rules", {})}, rego=policy.rego, **more)
    manifests = [manifest_of(each, namespace="n") for each in bodies]
    return list(abide(manifests, Rulebook(policy=said, today=TODAY)))


def body(kind: str, **more: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": "a", "labels": {"team": "b"}}, **more}


def test_what_is_denied_is_refused_and_what_is_warned_of_is_said(policies: Path) -> None:
    """My policies go on to count: deny and violation refuse, warn is a warning, and what they take is told nothing."""
    policy = policy_of(policies)
    alone = body("ConfigMap", data={"a": "1"}) | {"metadata": {"name": "c"}}
    said = findings(policy, body("Pod"), body("Secret"), alone, body("Service"))
    assert [(each.weight, each.sentence) for each in said] == [
        (Weight.ERROR, "Pod/n/a: no pods: a (rego)"),
        (Weight.ERROR, "Secret/n/a: no secrets (rego)"),
        (Weight.WARNING, "ConfigMap/n/c: no team: 1 (rego)"),
    ]
    exempt = Exemption(rule="rego", files="*.yaml", until=TODAY, reason="known")
    assert findings(policy, body("Pod"), exemptions=(exempt,)) == []
    assert [each.weight for each in findings(policy, body("Pod"), rules={"rego": WARN})] == [Weight.WARNING]
    assert findings(policy, body("Pod"), rules={"rego": OFF}) == []


def test_no_value_of_a_secret_is_shown_to_a_policy(policies: Path) -> None:
    secret = body("Secret", data={"a": "cGFzcw=="}) | {"metadata": {"name": "a"}}
    said = [str(each) for each in findings(policy_of(policies), secret)]
    assert any("no team: KioqKg==" in each for each in said)
    assert "cGFzcw" not in "".join(said)


def test_policies_that_cannot_be_asked_pass_nothing_and_say_so(policies: Path) -> None:
    (policies / "policies" / "main.rego").write_text("package main\n\ndeny contains msg if {")
    (one,) = findings(policy_of(policies), body("Pod"), body("Service"))
    assert one.weight is Weight.ERROR
    assert one.sentence == "Pod/n/a was not evaluated, nor 1 more: main.rego: this is unclosed (rego)"


WRITTEN = {
    'deny[msg] {\n    input.kind == "Pod"\n    msg := "as of old"\n}': "as of old",
    'violation[{"msg": msg}] {\n    input.kind == "Pod"\n    msg := "with an object"\n}': "with an object",
    'deny_a[msg] := 1 if {\n    input.kind == "Pod"\n    msg := "with a value"\n}': "with a value",
    'deny_b := "alone" if input.kind == "Pod"': "alone",
    'default deny_c := false\n\ndeny_c if input.kind == "Pod"': "`deny_c` holds",
    'deny_d := {"by its name": true} if input.kind == "Pod"': "by its name",
    'deny_e contains ["a", 1] if input.kind == "Pod"': '["a", 1]',
}


def test_a_rule_counts_in_whichever_way_it_is_written(policies: Path) -> None:
    """What I wrote years ago, when nobody wrote `contains`, refuses what it is about, and nothing else."""
    (policies / "policies" / "main.rego").write_text("package main\n\n" + "\n\n".join(WRITTEN))
    said = findings(policy_of(policies), body("Pod"), body("Service"))
    assert {each.weight for each in said} == {Weight.ERROR}
    assert {each.sentence for each in said} == {f"Pod/n/a: {each} (rego)" for each in WRITTEN.values()}


FAILING = {
    "text where a number is asked": 'deny contains "much" if to_number(input.data.size) > 5',
    "a number where text is asked": 'deny contains "much" if units.parse_bytes(input.data.count) > 5',
    "a pattern of another dialect": 'deny contains "much" if regex.match("(?i)A", input.data.size)',
}


@pytest.mark.parametrize("rule", FAILING.values(), ids=FAILING)
def test_a_function_that_fails_is_no_yes_and_the_others_count(rule: str, policies: Path) -> None:
    """Where a function of Rego fails, my rule says nothing, as in OPA: of one that denies that passes nothing."""
    other = 'deny_pods contains "no pods" if input.kind == "Pod"'
    (policies / "policies" / "main.rego").write_text(f"package main\n\nimport rego.v1\n\n{rule}\n\n{other}\n")
    said = findings(policy_of(policies), body("Pod", data={"size": "abc", "count": 7}), body("Service"))
    assert [(each.weight, each.sentence) for each in said] == [
        (Weight.ERROR, "Pod/n/a: no pods (rego)"),
        (
            Weight.ERROR,
            "Pod/n/a was not evaluated: a function failed in `deny`, so that it may have left something unsaid (rego)",
        ),
    ]
    assert findings(policy_of(policies), body("Service")) == []
    (policies / "policies" / "main.rego").write_text(
        f"package main\n\nimport rego.v1\n\n{rule.replace('deny', 'warn', 1)}\n"
    )
    assert [each.weight for each in findings(policy_of(policies), body("Pod", data={"size": "abc", "count": 7}))] == [
        Weight.WARNING
    ], "a rule that warns refuses nothing, whatever keeps it from an answer"


FOREIGN = {
    "its beginning and end": r"regex.match(`\Aabc\z`, input.kind)",
    "in a text of its own": 'regex.match("\\\\Aabc", input.kind)',
    "a class of letters": r"regex.is_valid(`\pL`)",
    "as it stands": r"re_match(`\Qabc\E`, input.kind)",
    "a name in brackets": r'regex["match"](`abc\Z`, input.kind)',
}


@pytest.mark.parametrize("call", FOREIGN.values(), ids=FOREIGN)
def test_a_pattern_that_could_never_fit_is_refused_when_it_is_read(call: str, policies: Path) -> None:
    """OPA knows it and `regopy` does not, which it says to nobody: my rule would never hold."""
    (policies / "policies" / "main.rego").write_text(f'package main\n\ndeny contains "a" if {{ {call} }}\n')
    text, line, column = unmarked(written("{rego: [¦policies]}"))
    (mistake,) = mistakes_of(text, policies)
    assert (mistake.line, mistake.column) == (line, column)
    assert "in a pattern (in main.rego), which `regopy` lacks" in mistake.message


OUTWARD = """main

# http.send is what this needs
deny contains "unknown" if http.send({"url": "https://example.com", "method": "get"}).status_code != 200
"""


TALKATIVE = """package main

import rego.v1

deny contains "no pods" if input.kind == "Pod"

deny contains concat(", ", [sprintf("%d", [a]) | some a in numbers.range(1, 30000)]) if input.kind == "Secret"
"""


def test_files_of_one_name_all_count(policies: Path) -> None:
    (policies / "policies" / "team").mkdir()
    (policies / "policies" / "team" / "main.rego").write_text(
        'package main\n\ndeny contains "no jobs" if input.kind == "Job"'
    )
    assert [each.sentence for each in findings(policy_of(policies), body("Pod"), body("Job"))] == [
        "Pod/n/a: no pods: a (rego)",
        "Job/n/a: no jobs (rego)",
    ]


def test_policies_that_must_be_stopped_take_no_answer_with_them(policies: Path) -> None:
    """At one object they are stopped: it is named, what was said of the others counts, and nothing passes."""
    (policies / "policies" / "main.rego").write_text(TALKATIVE)
    manifests = [manifest_of(body(kind), namespace="n") for kind in ("Pod", "Secret", "Service")]
    first, *others = ask_rego(policy_of(policies).rego, manifests, most_printed=1000)
    assert first == (manifests[0], Word(denies=True, sentence="no pods"))
    stuck = Word(trouble="the policies in Rego took too long, or said too much, at Secret/n/a")
    assert others == [(each, stuck) for each in manifests[1:]]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("{rego: [¦nowhere]}", "is no .rego file, and no folder with one"),
        ("{rego: [¦other.rego]}", "has no `package main`"),
        ("{rego: [¦silent.rego]}", "has no deny, violation or warn in `package main`"),
        ("{rego: [¦outward.rego]}", "asks the network (http.send in outward.rego), which no policy reaches from here"),
    ],
)
def test_each_mistake_is_told_at_its_place(said: str, message: str, policies: Path) -> None:
    for name, rest in (("other", "other"), ("silent", "main\nallow := false"), ("outward", OUTWARD)):
        (policies / f"{name}.rego").write_text(f"package {rest}\n")
    text, line, column = unmarked(written(said))
    (mistake,) = mistakes_of(text, policies)
    assert (mistake.line, mistake.column) == (line, column)
    assert message in mistake.message


CALLS = {
    "its name": 'net.cidr_contains("10.0.0.0/8", input.a)',
    "a name in brackets": 'net["cidr_contains"]("10.0.0.0/8", input.a)',
    "a raw name in brackets": "net[ `cidr_merge` ]([input.a])",
    "a break before the point": "http\n  .send({})",
    "another network name": 'http["send"]({"url": "https://example.com", "method": "get"})',
    "a schema": 'json.match_schema(input, {"type": "object"})[0]',
    "after a text with a hash": 'x := "#"; graphql.is_valid(input.a, x)',
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_policy_that_could_never_hold_is_refused_however_it_is_spelt(call: str, policies: Path) -> None:
    (policies / "policies" / "main.rego").write_text(f'package main\n\ndeny contains "a" if {{ {call} }}\n')
    text, line, column = unmarked(written("{rego: [¦policies]}"))
    (mistake,) = mistakes_of(text, policies)
    assert (mistake.line, mistake.column) == (line, column)
    assert "which no policy reaches" in mistake.message or "which `regopy` lacks" in mistake.message


SOUND = {
    "a pattern that both know": r'deny contains "a" if regex.match(`^P[a-z]+\b\w*\.?$`, input.kind)',
    "a break in a message": 'deny contains "a\\tb\\nc" if regex.match("^Pod$", input.kind)',
    "a text": 'deny contains "http.send is not for us" if input.kind == "Pod"',
    "a comment behind": 'deny contains "a" if input.kind == "Pod" # no http.send',
    "a raw text": 'deny contains `"net.cidr_merge"` if input.kind == "Pod"',
    "a package of one's own": 'import data.lib.net\n\ndeny contains "a" if net.cidr_contains(input.kind)',
    "another name for one": 'import data.lib.inward as http\n\ndeny contains "a" if http.send(input.kind)',
    "a longer name": 'deny contains "a" if data.lib.net.cidr_contains(input.kind)',
}


@pytest.mark.parametrize("rule", SOUND.values(), ids=SOUND)
def test_what_only_looks_like_a_call_is_none(rule: str, policies: Path) -> None:
    """A word in a message, in a comment, or a function of my own keeps no policy of mine from being read."""
    (policies / "policies" / "main.rego").write_text(f"package main\n\nimport rego.v1\n{rule}\n")
    for name, function in (("net", "cidr_contains"), ("inward", "send")):
        (policies / "policies" / f"{name}.rego").write_text(
            f'package lib.{name}\n\nimport rego.v1\n\n{function}(kind) if kind == "Pod"\n'
        )
    assert [each.weight for each in findings(policy_of(policies), body("Pod"), body("Service"))] == [Weight.ERROR]


def test_every_function_that_is_said_to_lack_does() -> None:
    """What a newer library brings is not refused any longer."""
    interpreter = Interpreter()
    assert [name for name in LACKING if interpreter.is_builtin(name)] == []
