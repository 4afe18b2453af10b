"""A merge queue whose groups nobody would tell us of stands still: the doctor finds that before it does."""

from pathlib import Path

import pytest

from pushboat.config.operator import Limits, Operator, Project
from pushboat.config.project import Allowed
from tests.fakes.github import FakeGitHub
from workers.checks.forges import check_forges


@pytest.mark.parametrize(("wish", "found"), [("plan", []), ("deploy", ["FAIL"])])
def test_a_token_hears_of_no_merge_group(tmp_path: Path, wish: str, found: list[str]) -> None:
    """The finding names the environments, and the fix what to write."""
    name, limits = "github/acme/shop", Limits(environment="live", cluster="dev", namespaces=("shop",), merge_queue=wish)
    with FakeGitHub(tmp_path) as github:
        github.create_repository("acme/shop", {"a": "1"})
        operator = Operator(
            public_url="http://pushboat.example",
            host="127.0.0.1",
            port=8700,
            state=tmp_path,
            workers=2,
            forges={"github": github.configured()},
            clusters={},
            projects={name: Project(repository=name, environments=Allowed({"live": limits}))},
        )
        lines = [line for line in check_forges(operator, [name]) if line.check == f"{name} merge queue"]
        assert [line.result for line in lines] == found
        assert all("live" in line.sentence and "forges.github.app" in line.fix for line in lines)
