"""Before a deployment is refused because nobody may read the forge's rules, the doctor says so; and what they ask."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cli.doctor.environments import check_environments
from pushboat.config.forge import Forge
from pushboat.config.operator import Limits, Operator, Project
from pushboat.config.project import Allowed
from tests.fakes.github import FakeGitHub
from workers.checks.words import Line, Result

PLACE = {"cluster": "dev", "namespaces": ("shop",)}
STAGING, LIVE = Limits(environment="staging", **PLACE), Limits(environment="live", **PLACE)


def found(tmp_path: Path, forge: Forge, *limits: Limits) -> list[Line]:
    """Let the doctor look at acme/shop."""
    project = Project(repository="github/acme/shop", environments=Allowed({each.environment: each for each in limits}))
    operator = Operator(
        public_url="http://pushboat.example", host="127.0.0.1", port=8700, state=tmp_path, workers=1,
        forges={"github": forge}, clusters={}, projects={"github/acme/shop": project},
    )  # fmt: skip
    return list(check_environments(operator))


@pytest.fixture
def github(tmp_path: Path) -> Iterator[FakeGitHub]:
    """A GitHub with an environment that has rules, and one without."""
    with FakeGitHub(tmp_path / "github") as forge:
        forge.create_repository("acme/shop", {"a": "1"})
        forge.environments["acme/shop", "live"] = {"users": ["rita"], "branch": ["main"], "wait": 30}
        yield forge


def test_what_they_demand_is_said(tmp_path: Path, github: FakeGitHub) -> None:
    """The operator reads which rules count; an environment that the forge does not have costs no line."""
    (line,) = found(tmp_path, github.configured(), STAGING, LIVE)
    assert (line.check, line.result) == ("github/acme/shop live: forge's rules", Result.PASS)
    assert "demands certain branches or tags, approvals and a wait of 30 min" in line.sentence


def test_rules_that_may_not_be_read_are_a_finding(tmp_path: Path, github: FakeGitHub) -> None:
    """Each environment that they would stop; whoever does without them is not told."""
    github.scopes = ["repo:status"]
    lines = found(tmp_path, github.configured(), STAGING, replace(LIVE, forge_environments="ignore"))
    assert [(line.check, line.result) for line in lines] == [("github/acme/shop staging: forge's rules", Result.FAIL)]
    assert "Actions: read" in lines[0].fix
    assert "forge_environments: ignore" in lines[0].fix


def test_a_forge_that_is_away_is_said_elsewhere(tmp_path: Path, github: FakeGitHub) -> None:
    """One line about it is enough."""
    github.down = True
    assert found(tmp_path, github.configured(), STAGING, LIVE) == []
