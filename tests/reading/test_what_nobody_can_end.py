"""A hold that nobody can end any more is told from one that somebody still will."""

from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.config import operator as operators
from pushboat.config.operator import Operator
from pushboat.model.hold import Hold, Scope
from pushboat.reading import stranded

SHOP = "github/acme/shop"
STAGING = Scope(repository=SHOP, environment="staging")
FILE = """\
state: ./var
forges:
  github: {kind: github, webhook_secrets: [{env: SECRET}], token: {env: SECRET}}
clusters:
  dev: {kubeconfig: ./kubeconfig}
projects:
  - repository: github/acme/shop
    environments:
      staging:
        cluster: dev
        namespaces: [shop]
        gates: [{name: change, url: "https://gate.example.com", secret: {env: SECRET}}]
      qa: {cluster: dev, namespaces: [qa]}
      "env-{name}": {cluster: dev, namespaces: ["{name}"]}
"""


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """Two environments, one of them with a gate."""
    (tmp_path / "pushboat.yaml").write_text(FILE)
    return operators.load(tmp_path / "pushboat.yaml", {"SECRET": "0123456789abcdef-secret", "HOME": str(tmp_path)})


def hold(kind: str, subject: str = "", scope: Scope = STAGING) -> Hold:
    """A hold of one deployment of staging."""
    return Hold(kind=kind, scope=scope, by="x", subject=subject)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (hold("pause"), ""),
        (hold("pause", scope=Scope()), ""),
        (hold("pause", scope=Scope(repository=SHOP)), ""),
        (hold("needs", "qa"), ""),
        (hold("gate", "change"), ""),
        (hold("lock", scope=replace(STAGING, environment="env-eu")), ""),
        (hold("needs", "env-us", replace(STAGING, environment="env-eu")), ""),
        (hold("needs", "env-qa"), "environment env-qa, which it waits for, is not in pushboat.yaml any more"),
        (hold("lock", scope=replace(STAGING, environment="live")), "environment live is not in pushboat.yaml any more"),
        (hold("lock", scope=replace(STAGING, repository="github/a/b")), "github/a/b is not in pushboat.yaml any more"),
        (hold("needs", "live"), "environment live, which it waits for, is not in pushboat.yaml any more"),
        (hold("gate", "night"), "gate night is not in pushboat.yaml any more"),
        (hold("gate", "change", replace(STAGING, environment="qa")), "gate change is not in pushboat.yaml any more"),
    ],
)
def test_what_has_left_the_file_ends_nothing_any_more(operator: Operator, one: Hold, why: str) -> None:
    """Its environment, its repository, what it needs, its gate."""
    assert stranded.why(one, operator, {}) == why


def test_what_has_left_the_repositorys_file_is_never_healthy_again(operator: Operator) -> None:
    """Nothing brings a commit to qa any more: the need names the commit with which it left."""
    left = {(SHOP, "qa"): "1a2b3c4d5e6f"}
    assert stranded.why(hold("needs", "qa"), operator, left).endswith("left .pushboat.yaml with 1a2b3c4")


@pytest.mark.parametrize(
    ("permission", "deployers", "is_gone"),
    [
        ("write", ("write",), False),
        ("admin", ("maintain",), False),
        ("read", ("write",), True),
        ("none", ("write",), True),
        ("", ("write",), True),
        ("none", ("ann",), True),
        ("read", ("ann", "write"), False),
    ],
)
def test_whoever_may_deploy_no_more_holds_no_lock(permission: str, deployers: tuple[str, ...], is_gone: bool) -> None:
    """The forge's word counts; whom the file names, or a team, is not judged by a level."""
    assert bool(stranded.gone("ann", permission, deployers)) is is_gone


def test_only_people_of_the_forge_are_asked_about() -> None:
    """A lock from the terminal is the operator's."""
    assert stranded.locked_by(replace(hold("lock"), spares="ann")) == "ann"
    assert stranded.locked_by(replace(hold("lock"), spares="root on the command line")) == ""
    assert stranded.locked_by(replace(hold("pause"), spares="ann")) == ""
