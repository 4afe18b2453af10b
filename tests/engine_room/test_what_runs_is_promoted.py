"""A promotion brings on what runs in the other environment at that moment, under all holds, and is remembered."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from pushboat.model.deployment import Promoted
from pushboat.model.state import State, Trigger
from pushboat.reading import headlines
from pushboat.store import deployments
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.proposed import proposed
from tests.fakes.github import FakeGitHub
from tests.written import config_map

PRODUCTION = replace(STAGING, environment="production", namespaces=("live",))
SAID = "/deploy promote staging production"


def file(**production: object) -> str:
    """Write a file whose staging follows main; production follows nothing, if nothing is said."""
    environments = {
        "staging": {"branch": "main", "path": "deploy"},
        "production": {"path": "deploy", **production},
    }
    return yaml.safe_dump({"environments": environments})


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_what_runs_at_that_moment_is_brought_on(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest, kind: str
) -> None:
    """Not what waits in staging behind it, nor the head; asked again it is there already, and older it goes back."""
    forge = request.getfixturevalue(kind)
    with proposed(tmp_path, store, kind, forge, file(), {"production": PRODUCTION}) as shop:
        first = shop.tip
        newer = shop.push("newer")
        row = shop.say(SAID)
        assert row.audit[-1].reason.startswith(
            f"promoting {first[:7]}, staging release 1, to production, as alice said"
        )
        (made,) = deployments.of_delivery(store, row.id)
        assert (made.sha, made.ref, made.trigger) == (first, "refs/heads/main", Trigger.PROMOTION)
        assert made.promoted == Promoted(environment="staging", release=1)
        assert headlines.asked_by(made) == "promoted from staging release 1"
        shop.ends(first, environment="production")
        again = shop.say(SAID)
        assert again.audit[-1].reason.endswith("is already running in production, as release 1")
        assert deployments.of_delivery(store, again.id) == []
        shop.ends(newer)
        shop.say(SAID)
        shop.ends(newer, environment="production")
        shop.say("/deploy rollback staging")
        shop.ends(first)
        back = shop.say(SAID)
        assert f"goes back from {newer[:7]} to {first[:7]}, 1 commit behind" in back.audit[-1].reason
        assert [(each.lane.environment, each.sha) for each in shop.waiting()] == [("production", first)]


def test_what_failed_there_is_refused(tmp_path: Path, store: Store, github: FakeGitHub) -> None:
    """The newest commit broke in staging: nothing goes to production until somebody has looked."""
    with proposed(tmp_path, store, "github", github, file(), {"production": PRODUCTION}) as shop:
        bad = shop.push("bad")
        shop.ends(bad, State.FAILED)
        row = shop.say(SAID)
        assert f"The newest deployment to staging, of `{bad[:7]}`, failed" in row.audit[-1].reason
        assert shop.waiting() == []


def test_a_pull_requests_commit_stays_where_it_is_tried(tmp_path: Path, store: Store, github: FakeGitHub) -> None:
    """Staging runs my pull request before its merge: that does not come to production."""
    with proposed(tmp_path, store, "github", github, file(), {"production": PRODUCTION}) as shop:
        shop.say("/deploy staging")
        shop.ends(shop.sha)
        row = shop.say(SAID)
        assert f"runs an unmerged commit, {shop.sha[:7]} of #{shop.number}" in row.audit[-1].reason
        assert shop.waiting() == []


def test_a_promotion_meets_a_need_and_waits_for_a_lock(tmp_path: Path, store: Store, github: FakeGitHub) -> None:
    """What production needs is healthy in staging, so it does not wait for that; bob's lock it does wait for."""
    needing = file(needs=["staging"])
    with proposed(tmp_path, store, "github", github, needing, {"production": PRODUCTION}) as shop:
        first = shop.tip
        shop.forge.projects["acme/shop"].permissions["bob"] = "write"
        shop.take(shop.forge.comment("acme/shop", shop.number, "bob", "/deploy lock production"))
        shop.say(SAID)
        (made,) = shop.waiting()
        assert (made.lane.environment, made.sha, shop.ready()) == ("production", first, [])
        assert made.waits.startswith("locked by bob")
        shop.take(shop.forge.comment("acme/shop", shop.number, "bob", "/deploy unlock production"))
        assert shop.ready() == [first]


def test_the_next_push_goes_on_as_always(tmp_path: Path, store: Store, github: FakeGitHub) -> None:
    """Production follows a branch of its own: what is promoted there is no pin."""
    follows = file(branch="stable")
    with proposed(tmp_path, store, "github", github, follows, {"production": PRODUCTION}) as shop:
        shop.say(SAID)
        shop.ends(shop.tip, environment="production")
        pushed = shop.forge.push("acme/shop", "stable", {"deploy/settings.yaml": config_map("stable")})
        shop.take(pushed)
        assert pushed.sha in shop.ready()
