"""Whoever asks why something waits is told the same everywhere, and by whom and how it ends."""

import json
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest

from tests.stories.conftest import Shop
from tests.stories.test_a_pull_request_is_planned import opened
from tests.stories.test_an_environment_is_paused import waiting
from tests.stories.test_the_sticky_comment import says, sticky
from tests.until import until
from tests.written import config_map

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def run(shop: Shop, environ: dict[str, str]) -> Run:
    """The command."""
    return lambda *words: shop.served.command(*words, env=environ)


def test_a_lock_is_seen_wherever_i_look_until_it_is_ended(shop: Shop, run: Run) -> None:
    """Staging is locked and paused: commit, pull request, list and API say so; the operator ends both by number."""
    shop.ended(shop.push({"deploy/a.yaml": config_map("a", version="one")}))
    number, _ = opened(shop, {"deploy/b.yaml": config_map("b")})
    says(shop, number, "Merging deploys to staging")
    for words in (("lock", "--for", "2h", "--reason", "a demo"), ("pause", "--reason", "we migrate")):
        asked = run(words[0], shop.repository, "staging", *words[1:])
        assert asked.returncode == 0, asked.stderr
    says(shop, number, "**held back**: `locked by ", ": a demo`; `paused by ", "what merging brings waits for that")

    pushed = shop.push({"deploy/a.yaml": config_map("a", version="two")})
    held = waiting(shop, pushed)
    assert shop.status(pushed, "pending").startswith("locked by ")
    listed = json.loads(run("holds", shop.repository, "--json").stdout)["items"]
    assert [each["kind"] for each in listed] == ["lock", "pause"]
    assert "; then ".join(each["sentence"] for each in listed) == held
    (waits,) = (row for row in shop.served.deployments(shop.repository) if row["sha"] == pushed)
    assert [each["id"] for each in waits["holds"]] == [each["id"] for each in listed]
    assert all(each["who"] in run("holds").stdout and each["ends_by"] in run("holds").stdout for each in listed)

    for each in listed:
        ended = run("holds", "--end", str(each["id"]), "--yes")
        assert ended.returncode == 0, ended.stderr
        assert "1 deployment waited for it" in ended.stderr
    assert shop.ended(pushed, within=120)["state"] == "succeeded"
    until(lambda: "held back" not in sticky(shop, number), within=120, what="a comment that says nothing of holds")
    assert "nothing is held" in run("holds", shop.repository).stderr
