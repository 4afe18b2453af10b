"""Something went wrong: an earlier release is brought back as it was, and stays until somebody lets go."""

import base64
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from subprocess import CompletedProcess

import pytest
import yaml

from tests.stories.conftest import Shop
from tests.stories.test_an_environment_is_paused import waiting
from tests.until import until
from tests.written import config_map

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
        assert row["reason"].startswith("back to release 1, 3 objects: 1 created, 2 configured, 1 deleted")
        assert view.config_map(space, "a")["data"] == {"version": "one"}
        assert view.names(space) >= {"gone"}
        assert "new" not in view.names(space)
        assert view.get(f"/api/v1/namespaces/{space}/secrets/login")["data"] == {
            "password": base64.b64encode(b"one").decode()
        }
        assert len(shop.states(first)) == before, "the forge is away"
    until(lambda: shop.states(first)[before:] == ["pending", "pending", "success"], what="the statuses that waited")

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
