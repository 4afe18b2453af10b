"""`pushboat deploy` at a terminal does what a comment does, and says how it ended."""

import json
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from tests.stories.conftest import Shop
from tests.written import config_map

Ask = Callable[..., CompletedProcess[str]]


@pytest.fixture
def ask(any_shop: Shop, environ: dict[str, str]) -> Ask:
    """The command, about the shop's repository."""

    def run(word: str, *more: str) -> CompletedProcess[str]:
        return any_shop.served.command(word, any_shop.repository, *more, env=environ)

    return run


def test_the_head_is_deployed_or_the_commit_that_is_named(any_shop: Shop, ask: Ask) -> None:
    """I go back to yesterday's commit by the beginning of its sha, and forward again to the branch's head."""
    older = any_shop.push({"deploy/a.yaml": config_map("a", version="one")})
    any_shop.ended(older)
    newer = any_shop.push({"deploy/a.yaml": config_map("a", version="two")})
    any_shop.ended(newer)

    back = ask("deploy", "staging", "--sha", older[:8], "--json")
    assert back.returncode == 0, back.stderr
    shown = json.loads(back.stdout)
    assert (shown["sha"], shown["state"], shown["trigger"]) == (older, "succeeded", "command")
    assert shown["author"].endswith(" on the command line")
    assert any_shop.cluster.config_map(any_shop.namespace, "a")["data"] == {"version": "one"}

    forward = ask("deploy", "staging")
    assert forward.returncode == 0, forward.stderr
    assert shown["url"].rpartition("/")[0] in forward.stderr
    assert "succeeded: 1 object" in forward.stderr
    assert any_shop.cluster.config_map(any_shop.namespace, "a")["data"] == {"version": "two"}


def test_a_refused_ask_says_why_and_stays_on_record(any_shop: Shop, ask: Ask) -> None:
    """A typo deploys nothing: exit code 1, the near miss, and later anybody can see who asked for what."""
    any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a")}))
    refused = ask("deploy", "stagging")
    assert refused.returncode == 1, refused.stderr
    assert "Did you mean 'staging'?" in refused.stderr
    newest = any_shop.served.get(f"/api/v1/deliveries?repository={any_shop.repository}&limit=1")["items"][0]
    (asked,) = newest["asks"]
    assert (asked["word"], asked["environment"], asked["source"]) == ("deploy", "stagging", "command")
    assert (asked["verdict"], asked["deployment"]) == ("refused", None)
    assert "Did you mean 'staging'?" in asked["reason"]
