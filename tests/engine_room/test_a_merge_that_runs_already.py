"""The merge of what ran before it leaves the cluster alone, and its commit is green, because its content runs."""

import json
import shutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.config.environment import place_of
from pushboat.config.gates import Gate
from pushboat.config.project import Allowed
from pushboat.model.changeset import Action, Change, ChangeSet
from pushboat.model.deployment import Deployment
from pushboat.model.manifest import Manifest, Ref
from pushboat.model.state import State
from pushboat.model.status import LONGEST_DESCRIPTION
from pushboat.store import change_sets, deployments, ending, lanes, releases
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.proposed import Proposed, proposed
from tests.fakes.gate import SECRET, FakeGate
from tests.signatures.recorded import ssh
from tests.store.drifted import SCALED, inspected
from tests.store.repository import time_passes
from tests.written import config_map, repository_file
from workers.deploying import shared
from workers.deploying.packing import pack
from workers.deploying.sources import environment_at
from workers.deploying.story import deploy

LEFT = Ref("", "ConfigMap", "shop", "lent")
BODY = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}}
"""There is no cluster here: a deployment that wants to touch one fails."""
SETTINGS = Ref("", "ConfigMap", "shop", "settings")


def through(shop: Proposed, hooks: Collection[Ref] = ()) -> Deployment:
    """Let the pull request's deployment get through, and leave the release that it would."""
    shop.say("/deploy staging")
    (made,) = shop.waiting()
    environment = environment_at(shop.tools, shop.name, made.sha, "staging")
    assert environment
    settings = Manifest(ref=SETTINGS, version="v1", body=BODY, file="a.yaml", line=1)
    render = replace(pack([settings], environment, shop.tools.key, hooks), place=json.dumps(place_of(environment)))
    claim = lanes.claim(shop.store, made.id, "worker")
    assert claim
    changes = [
        Change(ref=settings.ref, action=Action.CREATED, diff="+a"),
        Change(ref=LEFT, action=Action.UNCHANGED, notes=("environment qa has it and takes it over",)),
        Change(ref=Ref("", "ConfigMap", "shop", "gone"), action=Action.DELETED),
    ]
    counts = ChangeSet(tuple(changes)).counts
    ending.finish(shop.store, claim, State.SUCCEEDED, "healthy", render=render, changes=changes, counts=counts)
    return made


def carried_out(shop: Proposed, sha: str) -> Deployment:
    """Let a worker carry out what is ready."""
    assert shop.ready() == [sha]
    (made,) = shop.waiting()
    deploy(shop.tools, made.id)
    found = deployments.find(shop.store, made.id)
    assert found
    return found


@pytest.fixture(params=["github", "gitlab", "gitea"])
def shop(tmp_path: Path, store: Store, request: pytest.FixtureRequest) -> Iterator[Proposed]:
    """A pull request that runs on staging, and that has all of main."""
    with proposed(tmp_path, store, request.param, request.getfixturevalue(request.param)) as made:
        through(made)
        yield made


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("how", ["merge", "squash", "rebase", "fast-forward"])
def test_it_is_green_without_a_word_to_the_cluster(shop: Proposed, how: str, *, backwards: bool) -> None:
    """Nobody pushed to main meanwhile: whichever button I merge by, what I tried out is what runs."""
    merged = shop.forge.merge("acme/shop", shop.number, how)
    shop.take(merged, backwards=backwards)
    ended = carried_out(shop, merged.sha)
    same = "the commit" if how == "fast-forward" else "the same tree as"
    said = f"already running: {same} {shop.sha[:7]} of #{shop.number}, so the cluster was left alone"
    assert (ended.state, ended.reason) == (State.SUCCEEDED, said)
    assert ended.pull_request == 0
    newest, before = releases.listed(shop.store, ended.lane)[:2]
    assert (newest.sha, newest.pull_request, newest.digest) == (merged.sha, 0, before.digest)
    assert newest.kept
    shop.take(merged)
    assert shop.waiting() == []


def test_where_nobody_looks_for_drift_that_is_said(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest
) -> None:
    """The timer is off: "already running" does not pass for "as it was brought"."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        through(shop)
        shop.tools = replace(shop.tools, operator=replace(shop.tools.operator, drift_every=0.0))
        merged = shop.forge.merge("acme/shop", shop.number, "squash")
        shop.take(merged)
        said = carried_out(shop, merged.sha).reason
        assert said.endswith("the cluster was left alone; nobody looked whether it has drifted: drift.every is 0")


@pytest.mark.parametrize(
    ("hooks", "verify", "said"),
    [
        ((), [], ""),
        ((SETTINGS,), [], "; hooks ran then"),
        ((), [{"job": "smoke"}], "; verify ran then"),
        ((SETTINGS,), [{"job": "smoke"}], "; hooks and verify ran then"),
    ],
)
def test_what_does_not_run_once_more_is_said(
    tmp_path: Path,
    store: Store,
    request: pytest.FixtureRequest,
    hooks: Collection[Ref],
    verify: list[object],
    said: str,
) -> None:
    """A hook or `verify` had its turn when the pull request was deployed: the merge's green says so, in full."""
    file = repository_file(verify=verify) if verify else ""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github"), file) as shop:
        through(shop, hooks)
        merged = shop.forge.merge("acme/shop", shop.number)
        shop.take(merged)
        ended = carried_out(shop, merged.sha)
        assert ended.reason.endswith(f"the cluster was left alone{said}")
        assert len(ended.reason) <= LONGEST_DESCRIPTION


def test_a_merge_that_nobody_signed_is_not_green_for_its_files(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest
) -> None:
    """Who wants signed commits wants this one signed too, whatever runs."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        through(shop)
        limits = replace(STAGING, signed=True, signers=(ssh("alice"),))
        project = replace(shop.tools.operator.projects[shop.name], environments=Allowed({"staging": limits}))
        shop.tools = replace(shop.tools, operator=replace(shop.tools.operator, projects={shop.name: project}))
        merged = shop.forge.merge("acme/shop", shop.number)
        shop.take(merged)
        ended = carried_out(shop, merged.sha)
        assert (ended.state, "not signed" in ended.reason) == (State.FAILED, True)


def test_what_runs_is_told_of_the_merge_too(tmp_path: Path, store: Store, request: pytest.FixtureRequest) -> None:
    """Its page lists what is there, and what was left for another environment is neither drift nor put away."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        tried = through(shop)
        merged = shop.forge.merge("acme/shop", shop.number)
        shop.take(merged)
        ended = carried_out(shop, merged.sha)
        assert (ended.counts.total, ended.counts.unchanged, ended.counts.changes_something) == (2, 2, False)
        there = change_sets.listed(store, ended.id)
        assert {each.ref.name: each.diff for each in there} == {"settings": "", "lent": ""}
        declared = {Ref("", "ConfigMap", "shop", "settings")}
        assert shared.stays(store, ended.id, declared) == shared.stays(store, tried.id, declared) != {}


@pytest.mark.parametrize("takes", [State.SUCCEEDED, State.FAILED])
def test_what_another_environment_has_taken_over_is_deployed(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest, takes: State
) -> None:
    """qa, in the same namespace, has brought an object of mine since, or broke off on the way: green would be a lie."""
    others = {"qa": replace(STAGING, environment="qa")}
    file = f"{repository_file()}  qa: {{path: deploy}}\n"
    with proposed(tmp_path, store, "github", request.getfixturevalue("github"), file, others) as shop:
        through(shop)
        shop.say("/deploy qa")
        shop.ends(shop.sha, takes, environment="qa")
        merged = shop.forge.merge("acme/shop", shop.number)
        shop.take(merged)
        ended = carried_out(shop, merged.sha)
        assert "already running" not in ended.reason


@pytest.mark.parametrize(("answer", "state"), [("allow", State.SUCCEEDED), ("deny", State.FAILED)])
def test_a_gate_says_whether_it_counts(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest, answer: str, state: State
) -> None:
    """The operator has somebody asked before a deployment counts as done: they are, about the merge as well."""
    gate = FakeGate({"answer": answer})
    request.addfinalizer(gate.close)
    guarded = replace(STAGING, gates=(Gate(name="board", url=gate.address, secret=SECRET, when="after"),))
    forge = request.getfixturevalue("github")
    with proposed(tmp_path, store, "github", forge, others={"staging": guarded}) as shop:
        through(shop)
        merged = shop.forge.merge("acme/shop", shop.number)
        shop.take(merged)
        ended = carried_out(shop, merged.sha)
        assert (ended.state, gate.asked("after")) == (state, 1), ended.reason
        assert gate.questions[0]["deployment"]["sha"] == merged.sha


def drift(shop: Proposed) -> None:
    """Somebody has changed the cluster by hand."""
    inspected(shop.store, deployments.latest_by_lane(shop.store)[0].lane, SCALED)


def push(shop: Proposed) -> None:
    """main has got a commit that the pull request lacks."""
    shop.push("meanwhile")


def fail(shop: Proposed) -> None:
    """The pull request's next commit has left the environment halfway, and was taken back in git."""
    more = shop.forge.update_pull_request("acme/shop", shop.number, {"deploy/fix.yaml": config_map("more")})
    shop.take(more)
    shop.say("/deploy staging")
    shop.ends(more.sha, State.FAILED)
    shop.take(shop.forge.reset("acme/shop", "fix", shop.sha))
    shop.forge.projects["acme/shop"].pull_requests[shop.number].head_sha = shop.sha


@pytest.mark.parametrize("spoils", [drift, push, fail])
def test_what_is_in_doubt_is_deployed(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest, spoils: Callable[[Proposed], None]
) -> None:
    """Green must mean that this content runs: where it may not, the merge is deployed as always."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        through(shop)
        spoils(shop)
        merged = shop.forge.merge("acme/shop", shop.number)
        shop.take(merged)
        ended = carried_out(shop, merged.sha)
        assert ended.state is not State.SUCCEEDED
        assert "already running" not in ended.reason


def test_a_commit_that_nobody_has_any_more_fails_no_merge(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest
) -> None:
    """The branch of what I squashed is deleted, and its commit gone from the forge and from here: the merge deploys."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        through(shop)
        merged = shop.forge.merge("acme/shop", shop.number, "squash")
        bare = shop.forge.projects["acme/shop"].bare
        for ref in ("refs/heads/fix", f"refs/pull/{shop.number}/head"):
            bare.git("update-ref", "-d", ref)
        bare.git("reflog", "expire", "--expire=now", "--all")
        bare.git("gc", "--quiet", "--prune=now")
        assert not bare.resolve(shop.sha)
        shutil.rmtree(shop.tools.git_caches)
        shop.tools.git_caches.mkdir()
        shop.take(merged)
        ended = carried_out(shop, merged.sha)
        assert shop.sha not in ended.reason
        assert shop.sha[:7] not in ended.reason


def test_a_worker_that_may_still_write_is_shut_out_first(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest
) -> None:
    """Whoever had the lane lost it without an end: its last write may come yet, so nothing is taken for granted."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        through(shop)
        merged = shop.forge.merge("acme/shop", shop.number)
        shop.take(merged)
        (made,) = shop.waiting()
        assert lanes.claim(store, made.id, "frozen", 15.0)
        time_passes(store, 60)
        assert ending.sweep(store) == 1
        ended = carried_out(shop, merged.sha)
        assert "already running" not in ended.reason
