"""Rules on jobs of CI: a rule that would let strangers in is refused when the file is read, at its place."""

from pathlib import Path

import pytest

from pushboat.config.operator import parse
from pushboat.model.api_token import Role
from pushboat.model.ci import CiRule, wrong
from pushboat.model.reach import reach_of
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, check

PROJECT = "projects:\n  - repository: github/acme/shop\n    environments: {qa: {cluster: dev, namespaces: [a]}}\n"
NEEDED = (
    "'claims' must name whose jobs they are, written out: one of repository, repository_id, project_path, project_id; "
    "without it, any repository of that forge would be let in"
)
MISTAKES = {
    "no repository": ("{issuer: https://ci.example, claims: ¦{ref: refs/heads/main}}", NEEDED),
    "no claims": ("{issuer: https://ci.example, claims: ¦{}}", NEEDED),
    "a glob for a repository": ("{issuer: https://ci.example, claims: ¦{repository: acme/*}}", NEEDED),
    "a subject alone": ("{issuer: https://ci.example, claims: ¦{sub: 'repo:acme/shop:ref:refs/heads/main'}}", NEEDED),
    "no issuer": (
        "¦{claims: {repository: acme/shop}}",
        "'issuer' is missing: who signs, such as https://token.actions.githubusercontent.com",
    ),
    "a claim of ours": (
        "{issuer: https://ci.example, claims: ¦{repository: a/b, aud: x}}",
        "'claims' names 'aud', which is looked at in any case: leave it out",
    ),
    "plain http": (
        "{issuer: ¦http://ci.example, claims: {repository: acme/shop}}",
        "'issuer' is plain http, which shows the token to the network: use https (http only for this machine)",
    ),
    "an environment that is not": (
        "{issuer: https://ci.example, claims: {repository: acme/shop}, environment: ¦aq}",
        "this project has no environment 'aq': known: qa",
    ),
    "a role that is not": (
        "{issuer: https://ci.example, claims: {repository: acme/shop}, role: ¦admin}",
        "'role' must be 'viewer' or 'deployer'",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_rule_that_lets_strangers_in_is_refused(case: str, tmp_path: Path) -> None:
    """Each names its line and column."""
    rule, message = MISTAKES[case]
    check(FORGES + CLUSTERS + PROJECT + f"    ci: [{rule}]\n", message, tmp_path)


def test_a_rule_is_read_as_it_is_written() -> None:
    """Numbers and yes-or-no of YAML are what forges write as texts."""
    rule = (
        "{issuer: https://ci.example, role: deployer, claims: {project_id: 22, ref_protected: true}, environment: qa}"
    )
    operator = parse(FORGES + CLUSTERS + PROJECT + f"    ci: [{rule}]\n", "pushboat.yaml", ENVIRON)
    assert operator.projects["github/acme/shop"].ci == (
        CiRule(
            issuer="https://ci.example",
            audience="",
            claims={"project_id": "22", "ref_protected": "true"},
            reach=reach_of("github/acme/shop", "qa"),
            role=Role.DEPLOYER,
        ),
    )


@pytest.mark.parametrize(
    ("wanted", "found", "fits"),
    [
        ("refs/heads/release-*", "refs/heads/release-1", True),
        ("refs/heads/release-*", "refs/heads/release-1/evil", False),
        ("refs/heads/*", "refs/heads/main", True),
        ("refs/heads/*", "refs/heads/a/b", False),
        ("repo:acme/shop:*", "repo:acme/shop:ref:refs", False),
        ("refs/heads/*", "refs/heads/main\n", False),
        ("refs/heads/ma.n", "refs/heads/main", False),
        ("refs/heads/[m]ain", "refs/heads/main", False),
        ("refs/heads/main", "refs/heads/Main", False),
        ("true", True, True),
        ("22", 22, True),
        ("1", True, False),
        ("main", ["main"], False),
        ("main", {"main": 1}, False),
        ("", None, False),
        ("*", None, False),
        ("*", ["main"], False),
        ("*", {}, False),
    ],
)
def test_a_star_never_goes_beyond_a_part_of_a_name(wanted: str, found: object, fits: bool) -> None:
    """Everything else is compared letter by letter."""
    rule = CiRule(issuer="", audience="", claims={"workflow_ref": wanted}, reach=reach_of("a"), role=Role.VIEWER)
    assert (wrong(rule, {"workflow_ref": found}) == []) is fits
