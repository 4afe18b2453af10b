"""A pull request that is deployed before its merge has its environment until it ends, on any forge."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.model.changeset import ChangeSet
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State, Trigger
from pushboat.reading.environments import overview, standings
from pushboat.routing.holds import PIN
from pushboat.store import deployments, ending, holds, lanes
from pushboat.store.database.engine import Store
from tests.engine_room.proposed import Proposed, proposed
from tests.written import config_map, repository_file
from workers.deploying.claimed import claimed

KINDS = ["github", "gitlab", "gitea"]


@pytest.fixture(params=KINDS)
def shop(tmp_path: Path, store: Store, request: pytest.FixtureRequest) -> Iterator[Proposed]:
    """A pull request that runs on staging."""
    with proposed(tmp_path, store, request.param, request.getfixturevalue(request.param)) as made:
        made.say("/deploy staging")
        made.ends(made.sha)
        yield made


def only(shop: Proposed, sha: str) -> None:
    """Nothing is pinned any more, and exactly this commit is next."""
    assert holds.listed(shop.store) == []
    assert shop.ready() == [sha]


def test_closed_without_a_push_meanwhile(shop: Proposed) -> None:
    """I give my pull request up: main's commit comes back, though nobody pushed anything."""
    closed = shop.take(shop.forge.change_pull_request("acme/shop", shop.number, "closed"))
    only(shop, shop.tip)
    (back,) = shop.waiting()
    assert (back.trigger, back.ref) == (Trigger.CLOSED, "refs/heads/main")
    assert f"staging is pinned to #{shop.number} no more: {shop.tip[:7]} of main is next" in closed.reason
    shop.ends(shop.tip)
    shop.take(shop.forge.change_pull_request("acme/shop", shop.number, "reopened"))
    assert holds.listed(shop.store) == [], "reopened, it is planned, and deployed when somebody says so"
    assert shop.say("/deploy staging").audit[-1].verdict == "done"
    assert len(holds.listed(shop.store)) == 1


def test_pushes_wait_until_it_is_closed(shop: Proposed) -> None:
    """main moves twice meanwhile: both wait for me, and the newest goes when I am done."""
    shop.push("one")
    newest = shop.push("two")
    assert shop.ready() == []
    (waiting,) = shop.waiting()
    assert waiting.waits.startswith(f"pinned to pull request #{shop.number} ({shop.sha[:7]}) by alice since ")
    shop.take(shop.forge.change_pull_request("acme/shop", shop.number, "closed"))
    only(shop, newest)
    assert len(shop.waiting()) == 1, "its push waits already, so nothing else is queued"


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("how", ["merge", "squash", "rebase", "fast-forward"])
def test_the_merge_is_next(shop: Proposed, how: str, *, backwards: bool) -> None:
    """By whichever button, and whichever news comes first: the pin ends, and the merge's commit runs, once."""
    merged = shop.forge.merge("acme/shop", shop.number, how)
    shop.take(merged, backwards=backwards)
    only(shop, merged.sha)
    (next_one,) = shop.waiting()
    assert (next_one.ref, next_one.pull_request) == ("refs/heads/main", 0)
    shop.ends(merged.sha)
    shop.take(merged)
    assert shop.waiting() == [], "told again, it is known"


def test_merged_into_another_branch(shop: Proposed) -> None:
    """It went into `next`, which staging does not follow: main's newest runs there again."""
    project = shop.forge.projects["acme/shop"]
    project.bare.commit("next", {"other.txt": "x"}, "Next")
    project.pull_requests[shop.number].base = "next"
    merged = shop.forge.merge("acme/shop", shop.number)
    shop.take(merged)
    only(shop, shop.tip)


def test_closed_while_it_is_deployed(shop: Proposed) -> None:
    """A worker has my commit in hand when I close: it ends as it ends, and main's commit comes after it."""
    more = shop.forge.update_pull_request("acme/shop", shop.number, {"deploy/fix.yaml": config_map("more")})
    shop.take(more)
    shop.say("/deploy staging")
    assert [hold.sha for hold in holds.listed(shop.store)] == [more.sha]
    claim = lanes.claim(shop.store, shop.waiting()[0].id, "worker")
    assert claim
    shop.take(shop.forge.change_pull_request("acme/shop", shop.number, "closed"))
    assert shop.ready() == []
    ending.finish(shop.store, claim, State.SUCCEEDED, "healthy")
    only(shop, shop.tip)


def test_what_runs_before_its_merge_is_said(shop: Proposed) -> None:
    """Whoever looks reads which pull request runs; once it is merged, its commit is nobody's trial any more."""
    for said in (overview(shop.store, shop.tools.operator), standings(shop.store, shop.name, ["staging"])):
        assert [(each.unmerged.pull_request, each.unmerged.sha) for each in said if each.unmerged] == [
            (shop.number, shop.sha)
        ]
    shop.say("/deploy unlock staging")
    assert overview(shop.store, shop.tools.operator)[0].unmerged, "unlocked, it runs all the same"
    shop.take(shop.forge.merge("acme/shop", shop.number))
    assert overview(shop.store, shop.tools.operator)[0].unmerged is None


def test_closed_after_it_was_unlocked(shop: Proposed) -> None:
    """Somebody unlocked staging and nothing was pushed: my commit stayed there, and goes when I give it up."""
    shop.say("/deploy unlock staging")
    assert shop.ready() == []
    shop.take(shop.forge.change_pull_request("acme/shop", shop.number, "closed"))
    only(shop, shop.tip)


def test_closed_after_an_unlock_while_it_still_waits(shop: Proposed) -> None:
    """My next commit waits for a worker, unlocked: nobody deploys the commit of a closed pull request."""
    more = shop.forge.update_pull_request("acme/shop", shop.number, {"deploy/fix.yaml": config_map("more")})
    shop.take(more)
    shop.say("/deploy staging")
    shop.say("/deploy unlock staging")
    assert shop.ready() == [more.sha]
    shop.take(shop.forge.change_pull_request("acme/shop", shop.number, "closed"))
    only(shop, shop.tip)


def test_what_failed_keeps_its_environment(shop: Proposed) -> None:
    """My next commit does not come up: staging stays mine, so that nobody has to look for what broke it."""
    more = shop.forge.update_pull_request("acme/shop", shop.number, {"deploy/fix.yaml": config_map("more")})
    shop.take(more)
    shop.say("/deploy staging")
    assert shop.ends(more.sha, State.FAILED).state is State.FAILED
    shop.push("meanwhile")
    assert shop.ready() == []
    assert len(holds.listed(shop.store)) == 1


def test_another_pull_request_waits_for_the_unlock(shop: Proposed) -> None:
    """#2 is refused and told by whom, unlocks, and has staging from then on; closing #1 takes nothing from it."""
    shop.forge.push("acme/shop", "other", {"deploy/other.yaml": config_map("other")}, deliver=False)
    opened = shop.forge.open_pull_request("acme/shop", "other")
    shop.take(opened)
    refused = shop.say("/deploy staging", opened.number)
    assert refused.audit[-1].verdict == "refused"
    assert f"pinned to pull request #{shop.number}" in refused.reason
    shop.say("/deploy unlock staging", opened.number)
    shop.say("/deploy staging", opened.number)
    assert shop.ready() == [opened.sha]
    shop.ends(opened.sha)
    shop.take(shop.forge.change_pull_request("acme/shop", shop.number, "closed"))
    assert shop.waiting() == []
    assert [hold.pull_request for hold in holds.listed(shop.store)] == [opened.number]


FOLLOWS = {
    "tags": ("tag: 'v*'", "v1.10"),
    "nothing": ("", ""),
    "a branch that is gone": ("branch: gone", ""),
}


@pytest.mark.parametrize("case", FOLLOWS)
def test_what_follows_no_branch_when_it_is_closed(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest, case: str
) -> None:
    """Of tags the newest comes back; where there is nothing to go back to, what runs stays, and I am told so."""
    follows, tag = FOLLOWS[case]
    file = f"environments:\n  staging: {{path: deploy, {follows}}}\n"
    with proposed(tmp_path, store, "github", request.getfixturevalue("github"), file) as shop:
        for each in ("v1.9", "v1.10", "v1.2") if tag else ():
            shop.forge.push("acme/shop", "main", {"deploy/settings.yaml": config_map(each)}, deliver=False)
            shop.forge.tag("acme/shop", each)
        shop.say("/deploy staging")
        shop.ends(shop.sha)
        closed = shop.take(shop.forge.change_pull_request("acme/shop", shop.number, "closed"))
        assert holds.listed(shop.store) == []
        if tag:
            assert [each.ref for each in shop.waiting()] == [f"refs/tags/{tag}"]
        else:
            assert shop.waiting() == []
            assert f"what runs stays, {shop.sha[:7]}, until somebody deploys" in closed.reason
        assert deployments.latest_by_lane(shop.store)[0].sha in (shop.sha, *(each.sha for each in shop.waiting()))


def test_what_was_unlocked_while_it_waited_is_not_deployed_after_the_close(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest
) -> None:
    """Somebody unlocked staging before my turn came, and I closed it then: the pin is gone, and so is my wish."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        shop.say("/deploy staging")
        shop.say("/deploy unlock staging")
        assert shop.ready() == [shop.sha]
        closed = shop.take(shop.forge.change_pull_request("acme/shop", shop.number, "closed"))
        assert shop.ready() == []
        assert closed.reason.endswith("; what waited of it for staging is cancelled")


def test_what_was_only_queued_is_not_deployed_after_the_close(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest
) -> None:
    """Staging follows nothing and was busy when I asked; I closed it meanwhile, so nobody wants it there any more."""
    file = "environments: {staging: {path: deploy}}\n"
    with proposed(tmp_path, store, "github", request.getfixturevalue("github"), file) as shop:
        shop.say("/deploy staging")
        assert shop.ready() == [shop.sha]
        closed = shop.take(shop.forge.change_pull_request("acme/shop", shop.number, "closed"))
        assert shop.ready() == []
        assert "nothing runs there until somebody deploys; what waited of it is cancelled" in closed.reason
        (made,) = deployments.listed(store)
        assert (made.state, made.reason) == (State.CANCELLED, f"cancelled by closing #{shop.number}")


def test_what_comes_back_waits_as_its_own_file_says(shop: Proposed) -> None:
    """main asks for an approval by now, as nobody told us yet: closing my pull request brings nothing past that."""
    file = {".pushboat.yaml": repository_file(approvals=1)}
    shop.forge.push("acme/shop", "main", file, deliver=False)
    shop.take(shop.forge.change_pull_request("acme/shop", shop.number, "closed"))
    (back,) = shop.waiting()
    assert (back.sha, back.waits.partition(":")[0]) == (shop.tip, "waits for 1 approval")
    assert shop.ready() == []


def test_what_a_rollback_pinned_stays_until_something_takes_its_place(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest
) -> None:
    """ann rolled back in an incident; my mend cannot be rendered: her pin stands, and main does not slip in."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        scope = Scope(repository=shop.name, environment="staging")
        holds.put(store, Hold(kind=PIN, scope=scope, by="ann", subject="release 1", reason="it burns"))
        shop.say("/deploy staging")
        assert shop.ready() == [shop.sha], "her pin lets it pass"
        shop.ends(shop.sha, State.FAILED)
        shop.take(shop.forge.change_pull_request("acme/shop", shop.number, "closed"))
        assert [hold.kind for hold in holds.listed(store)] == [PIN]
        assert shop.ready() == []
        assert all(each.waits.startswith("pinned to release 1 by ann") for each in shop.waiting())


def test_what_a_rollback_pinned_goes_once_something_takes_its_place(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest
) -> None:
    """My mend runs: what was pinned before it is over, and with my pull request's end main is next."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        scope = Scope(repository=shop.name, environment="staging")
        holds.put(store, Hold(kind=PIN, scope=scope, by="ann", subject="release 1"))
        shop.say("/deploy staging")
        shop.ends(shop.sha)
        assert [hold.kind for hold in holds.listed(store)] == ["unmerged"]
        shop.take(shop.forge.change_pull_request("acme/shop", shop.number, "closed"))
        only(shop, shop.tip)


def test_it_goes_with_the_first_write(tmp_path: Path, store: Store, request: pytest.FixtureRequest) -> None:
    """My mend has begun to write and its worker dies: what was pinned runs there no more, and does not come back."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        scope = Scope(repository=shop.name, environment="staging")
        holds.put(store, Hold(kind=PIN, scope=scope, by="ann", subject="release 1"))
        shop.say("/deploy staging")
        (made,) = shop.waiting()
        with claimed(shop.tools, made.id) as work:
            assert work
            work.set_out(ChangeSet())
        assert [hold.kind for hold in holds.listed(store)] == ["unmerged"]
