"""One merge group is deployed to two environments before it merges: both must be green, and both go back together."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.model.state import State
from pushboat.store import deployments
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.queued import Shop, queued
from tests.fakes.github import FakeGitHub

FILE = """
environments:
  staging: {branch: main, path: deploy}
  production: {branch: main, path: deploy}
"""
PRODUCTION = replace(STAGING, environment="production", namespaces=("live",), merge_queue="deploy")


@pytest.fixture
def shop(tmp_path: Path, store: Store, github: FakeGitHub) -> Iterator[Shop]:
    """main runs in both; two pull requests."""
    with queued(tmp_path, store, github, file=FILE, production=PRODUCTION) as made:
        for number in (1, 2):
            made.open(number)
        yield made


def runs(shop: Shop) -> dict[str, str]:
    """Say what runs where."""
    return {each.lane.environment: each.sha for each in deployments.running_by_lane(shop.store)}


def test_it_merges_when_both_have_run_it(shop: Shop) -> None:
    """Each is an environment of its own, and decides for itself; main moves when both are green."""
    one, two = shop.enter(1, 2)
    assert shop.ready() == [one, one]
    shop.through(one, environment="staging")
    assert (shop.queue.merged, len(shop.held())) == ([], 2)
    shop.through(one, environment="production")
    assert shop.queue.merged == [one]
    assert runs(shop) == {"staging": one, "production": one}
    assert shop.ready() == [two, two]


def test_what_one_refuses_both_take_back(shop: Shop) -> None:
    """It fails in production: staging, which had it, goes back as well."""
    before = shop.tip
    one, _ = shop.enter(1, 2)
    shop.through(one, environment="staging")
    shop.through(one, State.FAILED, environment="production")
    assert sorted(each.lane.environment for each in shop.waiting() if each.again) == ["production", "staging"]
    for environment in ("production", "staging"):
        shop.ends(before, environment=environment)
        shop.route()
    assert runs(shop) == {"staging": before, "production": before}
    rebuilt = shop.queue.groups[0].sha
    assert shop.ready() == [rebuilt, rebuilt]
