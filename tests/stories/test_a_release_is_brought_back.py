"""Something went wrong: an earlier release is brought back as it was, and stays until somebody lets go."""

import base64
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from subprocess import CompletedProcess
from typing import Any

import pytest
import yaml

from tests.stories.conftest import Shop
from tests.stories.test_a_comment_deploys import replies
from tests.stories.test_a_pull_request_is_planned import opened
from tests.stories.test_an_environment_is_paused import waiting
from tests.until import until
from tests.written import config_map, repository_file

Ask = Callable[..., CompletedProcess[str]]


def secret(value: str) -> str:
    """Write a Secret with one value."""
    return yaml.safe_dump(
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login"}, "stringData": {"password": value}}
    )


@pytest.fixture
def ask(shop: Shop, environ: dict[str, str]) -> Ask:
    """The command, about the staging of the shop."""

    def run(word: str, *more: str) -> CompletedProcess[str]:
        return shop.served.command(word, shop.repository, "staging", *more, env=environ)

    return run


@contextmanager
def gone(shop: Shop) -> Iterator[None]:
    """Take repository, our caches of it and the forge away for a while."""
    bare = shop.forge.projects[shop.name].bare.path
    aside = bare.with_name(f"{bare.name}.aside")
    bare.rename(aside)
    shop.forge.down = True
    try:
        shutil.rmtree(shop.served.state / "git", ignore_errors=True)
        yield
    finally:
        shop.forge.down = False
        aside.rename(bare)


@pytest.mark.proves("rollback")
def test_a_rollback_needs_no_repository_and_unlock_deploys_the_newest(shop: Shop, ask: Ask) -> None:
    """What was made goes, what went comes back, Secrets are as they were; my next push waits and says for what."""
    view, space = shop.cluster, shop.namespace
    first = shop.push(
        {
            "deploy/a.yaml": config_map("a", version="one"),
            "deploy/gone.yaml": config_map("gone"),
            "deploy/s.yaml": secret("one"),
        }
    )
    assert shop.ended(first)["release"] == 1
    bad = shop.push(
        {
            "deploy/a.yaml": config_map("a", version="two"),
            "deploy/gone.yaml": None,
            "deploy/new.yaml": config_map("new"),
            "deploy/s.yaml": secret("two"),
        }
    )
    assert shop.ended(bad)["release"] == 2
    before = len(shop.states(first))

    with gone(shop):
        back = ask("rollback", "--reason", "it burns")
        assert back.returncode == 0, back.stderr
        assert "1 to create, 2 to change, 1 to delete, as the cluster stands now" in back.stderr
        assert f"rolling staging back to release 1 ({first[:7]})" in back.stderr
        row = shop.ended(first)
        assert (row["trigger"], row["release"], row["rolled_back_to"]) == ("rollback", 3, 1)
        assert row["objects"] == {"created": 1, "configured": 2, "unchanged": 0, "deleted": 1}
        assert row["reason"].startswith("back to release 1; 3 objects: 1 created, 2 configured, 1 deleted")
        assert view.config_map(space, "a")["data"] == {"version": "one"}
        assert view.names(space) >= {"gone"}
        assert "new" not in view.names(space)
        assert view.get(f"/api/v1/namespaces/{space}/secrets/login")["data"] == {
            "password": base64.b64encode(b"one").decode()
        }
        assert len(shop.states(first)) == before, "the forge is away"
    until(lambda: shop.states(first)[before:][-1:] == ["success"], what="the status that waited")
    told = shop.states(first)[before:-1]
    assert told == ["pending", "pending"][: len(told)], "in order; what waits for a minute gives way to what came of it"

    newer = shop.push({"deploy/a.yaml": config_map("a", version="three")})
    held = waiting(shop, newer)
    assert held.startswith(f"pinned to release 1 ({first[:7]}) by ")
    assert held.endswith(" UTC: it burns")
    assert shop.status(newer, "pending") == held
    assert held in shop.served.page("/")
    assert f"pushboat unlock {shop.repository} staging" in " ".join(
        shop.served.command("status", shop.repository).stdout.split()
    )
    unlocked = ask("unlock")
    assert unlocked.returncode == 0, unlocked.stderr
    assert f"{newer[:7]} is next" in unlocked.stderr
    assert shop.ended(newer)["release"] == 4
    assert view.config_map(space, "a")["data"] == {"version": "three"}


@pytest.mark.proves("rollback")
def test_comments_bring_it_back_and_let_it_go(any_shop: Shop) -> None:
    """On a pull request I say where to go back to, and later why that is over; the push that waited is deployed."""
    shop = any_shop
    good = shop.push({"deploy/a.yaml": config_map("a", version="good")})
    assert shop.ended(good)["release"] == 1
    bad = shop.push({"deploy/a.yaml": config_map("a", version="bad")})
    assert shop.ended(bad)["release"] == 2
    number, _ = opened(shop, {"deploy/a.yaml": config_map("a", version="feature")})
    shop.forge.projects[shop.name].permissions["wendy"] = "write"
    shop.forge.comment(shop.name, number, "wendy", "/deploy rollback staging")
    row = until(lambda: back_to(shop, good), what="the rollback")
    assert (row["state"], row["author"], row["rolled_back_to"]) == ("succeeded", "wendy", 1)
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"version": "good"}
    until(lambda: "pinning it there until somebody unlocks it" in " ".join(replies(shop, number)), what="the reply")
    shop.status(good, "success")
    newer = shop.push({"deploy/a.yaml": config_map("a", version="newer")})
    assert waiting(shop, newer).startswith(f"pinned to release 1 ({good[:7]}) by wendy since ")
    shop.forge.comment(shop.name, number, "wendy", "/deploy unlock staging mended by Änne in #8")
    assert shop.ended(newer)["release"] == 4
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"version": "newer"}
    until(lambda: "`mended by Änne in #8`" in replies(shop, number)[-1], what="the reply")


def back_to(shop: Shop, sha: str) -> dict[str, Any] | None:
    """Find the rollback to a commit, once it has ended."""
    rows = [row for row in shop.served.deployments(shop.repository) if row["sha"] == sha and row["rolled_back_to"]]
    return rows[0] if rows and rows[0]["finished_at"] else None


@pytest.mark.proves("on-failure")
def test_what_fails_is_taken_back_by_itself(shop: Shop) -> None:
    """`on_failure: rollback`: my commit stays red and says so, the last good one runs again, the next push goes."""
    smoke = {"spec": {"containers": [{"name": "c", "image": "registry.example/c:1"}], "restartPolicy": "Never"}}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "smoke"}}
    fine = yaml.safe_dump({**job, "spec": {"template": smoke, "backoffLimit": 0}})
    marks = {"metadata": {"annotations": {"devcluster.pushboat.dev/behaviour": "fail"}}}
    fails = yaml.safe_dump({**job, "spec": {"template": {**smoke, **marks}, "backoffLimit": 0}})
    file = repository_file(on_failure="rollback", verify=[{"job": "smoke"}])
    good = shop.push({".pushboat.yaml": file, "deploy/a.yaml": config_map("a", v="1"), "deploy/smoke.yaml": fine})
    assert shop.ended(good)["release"] == 1
    bad = shop.push({"deploy/a.yaml": config_map("a", v="2"), "deploy/smoke.yaml": fails})
    row = until(lambda: back_to(shop, good), what="the rollback")
    assert (row["state"], row["trigger"], row["release"]) == ("succeeded", "on-failure", 2)
    sentence = until(lambda: next((s for s in shop.descriptions(bad) if "rolled back" in s), ""), what="the aftermath")
    assert sentence.startswith("verify failed: Job/")
    assert sentence.endswith(f"; rolled back to release 1 ({good[:7]})")
    assert set(shop.states(bad)[-2:]) == {"failure"}
    shop.status(good, "success")
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"v": "1"}
    repair = shop.push({"deploy/a.yaml": config_map("a", v="3"), "deploy/smoke.yaml": fine})
    assert shop.ended(repair)["release"] == 3
