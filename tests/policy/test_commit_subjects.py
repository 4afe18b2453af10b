"""What an operator wants of a commit's subject is asked of the commit that is deployed, merges told apart."""

from pathlib import Path

import pytest

from pushboat.config import operator
from pushboat.config.policy import Policy
from pushboat.policy.subjects import judged
from tests.configuration.marked import unmarked
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, SHOP, mistakes_of

RULE = "{name: short, valid: 'is_merge || subject.size() <= 20', message: write at most 20 characters}"


def written(rule: str) -> str:
    return FORGES + CLUSTERS + SHOP + f"      qa: {{cluster: dev, namespaces: [a], policy: {{commits: [{rule}]}}}}\n"


def policy_of(rule: str, folder: Path) -> Policy:
    read = operator.parse(written(rule), folder / "pushboat.yaml", ENVIRON)
    return read.projects["github/acme/shop"].environments["qa"].policy


def commit(message: str, parents: int = 1) -> bytes:
    lines = ["tree 1", *["parent 2"] * parents, "author a <a@b> 0 +0000"]
    return "\n".join(lines).encode() + b"\n\n" + message.encode()


def test_a_subject_is_its_first_line_and_a_merge_has_two_parents(tmp_path: Path) -> None:
    (rule,) = policy_of(RULE, tmp_path).commits
    assert rule.verdict == "deny"
    assert judged(rule, commit("short\n\n" + "a long body " * 9)).sentence == ""
    assert judged(rule, commit("much too long a subject")).sentence == "write at most 20 characters"
    assert judged(rule, commit("much too long a subject", parents=2)).sentence == ""


@pytest.mark.parametrize(
    ("marked", "message"),
    [
        ("{name: a, valid: ¦'author == 1', message: b}", "undeclared reference to 'author'"),
        ("¦{name: a, valid: 'true'}", "'message' is missing"),
    ],
)
def test_each_mistake_is_told_at_its_place(marked: str, message: str, tmp_path: Path) -> None:
    text, line, column = unmarked(written(marked))
    (mistake,) = mistakes_of(text, tmp_path)
    assert (mistake.line, mistake.column) == (line, column)
    assert message in mistake.message
