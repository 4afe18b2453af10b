"""`/deploy promote staging production --pull-request` proposes staging's pins for production, on each forge."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.delivery import DeliveryRow
from pushboat.model.state import Kind
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.proposed import Proposed, proposed
from tests.fakes.github import FakeGitHub
from tests.fakes.nouns import Happened, PullRequest, Sent
from tests.store.repository import time_passes
from workers.routing.story import route_repository

PRODUCTION = replace(STAGING, environment="production", namespaces=("live",))
SAID = "/deploy promote staging production --pull-request"
BRANCH = "pushboat/promote/staging/to/production"
NAME = "acme/shop"


def web(tag: str, replicas: int = 1) -> str:
    """Write a Deployment of the shop."""
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n"
        f"  replicas: {replicas}  # ann knows why\n  template:\n    spec:\n      containers:\n"
        f"      - {{name: app, image: 'acme/shop:{tag}'}}\n"
    )


def file(**production: Any) -> str:
    """Write a file with a folder for each of two environments on main."""
    environments = {
        "staging": {"branch": "main", "path": "staging"},
        "production": {"branch": "main", "path": "production", **production},
    }
    environments["production"] = {key: value for key, value in environments["production"].items() if value}
    return yaml.safe_dump({"environments": environments})


@contextmanager
def shop_of(tmp_path: Path, store: Store, forge: Any, kind: str, written: str = "") -> Iterator[Proposed]:
    """A shop whose staging runs v2 and whose production has v1 in its folder."""
    forge.push(NAME, "main", {"staging/web.yaml": web("v2"), "production/live.yaml": web("v1", 5)}, deliver=False)
    with proposed(tmp_path, store, kind, forge, written or file(), {"production": PRODUCTION}) as shop:
        yield shop


@pytest.fixture(params=["github", "gitlab", "gitea"])
def shop(tmp_path: Path, store: Store, request: pytest.FixtureRequest) -> Iterator[Proposed]:
    """One on each forge."""
    with shop_of(tmp_path, store, request.getfixturevalue(request.param), request.param) as one:
        yield one


@pytest.fixture
def at_github(tmp_path: Path, store: Store, github: FakeGitHub) -> Iterator[Proposed]:
    """One on GitHub."""
    with shop_of(tmp_path, store, github, "github") as one:
        yield one


def pulls(shop: Proposed) -> list[PullRequest]:
    """List the open pull requests of our branch."""
    known = shop.forge.projects[NAME].pull_requests.values()
    return [each for each in known if (each.head, each.state, each.head_project.name) == (BRANCH, "open", NAME)]


def git(shop: Proposed, *words: str) -> str:
    """Ask the forge's own repository."""
    return shop.forge.projects[NAME].bare.git(*words)


def reason(row: DeliveryRow) -> str:
    """Give what whoever asked was told."""
    return row.audit[-1].reason


def last(shop: Proposed, count: int) -> Happened:
    """Give what the forge told last."""
    sent: list[Sent] = shop.forge.deliveries[-count:]
    return Happened(sent=tuple(sent))


def test_the_difference_is_the_pins_alone(shop: Proposed) -> None:
    """One line of one file, of whichever file holds that container; the body says it, and the reply leads there."""
    runs = shop.tip
    row = shop.say(SAID)
    (pull,) = pulls(shop)
    assert (pull.author, pull.base, pull.title) == (shop.forge.bot, "main", "Promote staging release 1 to production")
    assert reason(row).startswith(
        f"opened #{pull.number}, which moves 1 pin of staging release 1 ({runs[:7]}) to production, as alice said: http"
    )
    assert git(shop, "diff", "--stat", f"main...{BRANCH}").startswith("production/live.yaml | 2 +-")
    assert git(shop, "show", f"{BRANCH}:production/live.yaml") == web("v2", 5).strip()
    assert git(shop, "rev-parse", f"{BRANCH}^") == shop.tip
    assert f"What runs in `staging`, staging release 1 ({runs[:7]}), for `production`. alice asked" in pull.body
    assert "| `Deployment/web app` | `acme/shop:v1` | `acme/shop:v2` | `production/live.yaml:9` |" in pull.body
    assert deployments.of_delivery(shop.store, row.id) == []


def test_what_runs_counts_and_not_what_waits(shop: Proposed) -> None:
    """A newer staging waits: its version is nobody's proof. Production's folder is taken as main has it by now."""
    shop.take(shop.forge.push(NAME, "main", {"staging/web.yaml": web("v3"), "production/live.yaml": web("v1", 9)}))
    shop.say(SAID)
    assert git(shop, "show", f"{BRANCH}:production/live.yaml") == web("v2", 9).strip()


def test_asked_again_it_is_brought_up_to_date(shop: Proposed) -> None:
    """The same pins are no second push; another release and a newer main make one commit on main, in the same place."""
    shop.say(SAID)
    first = git(shop, "rev-parse", BRANCH)
    again = shop.say(SAID)
    (pull,) = pulls(shop)
    assert (git(shop, "rev-parse", BRANCH), reason(again).startswith(f"updated #{pull.number}, ")) == (first, True)
    newer = shop.forge.push(NAME, "main", {"staging/web.yaml": web("v3"), "README": "x"})
    shop.take(newer)
    shop.ends(newer.sha)
    row = shop.say(SAID)
    assert [each.number for each in pulls(shop)] == [pull.number]
    assert pull.title == "Promote staging release 2 to production"
    assert reason(row).startswith(f"updated #{pull.number}, which moves 1 pin of staging release 2")
    assert git(shop, "rev-list", "--count", f"main..{BRANCH}") == "1"
    assert git(shop, "show", f"{BRANCH}:production/live.yaml") == web("v3", 5).strip()


def test_merging_deploys_and_then_nothing_is_left_to_move(shop: Proposed) -> None:
    """Our own push and pull request lead to a plan and to nothing else; the merge deploys production as any push."""
    told, before = len(shop.forge.deliveries), len(deployments.listed(shop.store))
    shop.say(SAID)
    (pull,) = pulls(shop)
    shop.take(last(shop, len(shop.forge.deliveries) - told - 1))  # the comment itself was taken
    plans = deployments.listed(shop.store, kinds=[Kind.PLAN])
    assert ("production", pull.number) in {(each.lane.environment, each.lane.number) for each in plans}
    assert len(deployments.listed(shop.store)) == before
    merged = shop.forge.merge(NAME, pull.number, author="bob")
    shop.take(merged)
    shop.ends(merged.sha, environment="production")
    shop.ends(merged.sha)
    row = shop.say(SAID)
    assert reason(row) == f"nothing to move: production has the pins of staging release 2 ({merged.sha[:7]}) already"
    assert pulls(shop) == []


def test_what_somebody_pushed_to_the_branch_stays(shop: Proposed) -> None:
    """Ann adds a commit: it is named, and neither overwritten nor built upon."""
    shop.say(SAID)
    theirs = shop.forge.push(NAME, BRANCH, {"production/live.yaml": web("v9")}, author="ann", deliver=False).sha
    row = shop.say(SAID)
    assert row.audit[-1].verdict is AskVerdict.REFUSED
    assert f"`{BRANCH}` holds `{theirs[:7]}`, which `Alice <alice@example.com>` made" in reason(row)
    assert git(shop, "rev-parse", BRANCH) == theirs


def test_a_token_that_may_not_is_told_what_it_lacks(shop: Proposed) -> None:
    """It may read and cannot push: no branch, no pull request, and the operator reads which permission it is."""
    shop.forge.scopes = ["read_api"]
    row = shop.say(SAID)
    assert row.audit[-1].verdict is AskVerdict.REFUSED
    needs = {"github": "Contents: write and Pull", "gitlab": "the role Developer", "gitea": "write:repository"}
    assert "For promotion pull requests our token needs" in reason(row)
    assert needs[shop.kind] in reason(row)
    assert git(shop, "for-each-ref", f"refs/heads/{BRANCH}") == ""


def test_a_fork_with_a_branch_of_that_name_is_not_ours(shop: Proposed) -> None:
    """Mallory proposes a branch of the very name from a fork: ours is opened beside it, and theirs keeps its words."""
    fork = shop.forge.create_repository("mallory/shop", {"x": "1"})
    fork.bare.git("fetch", "--quiet", str(shop.forge.projects[NAME].bare.path), f"main:refs/heads/{BRANCH}")
    fork.bare.commit(BRANCH, {"production/live.yaml": web("evil")}, "Mine")
    theirs = shop.forge.open_pull_request(NAME, BRANCH, fork=True, author="mallory", title="Mine")
    row = shop.say(SAID)
    (ours,) = pulls(shop)
    assert ours.number != theirs.number
    assert reason(row).startswith(f"opened #{ours.number}, ")
    assert shop.forge.projects[NAME].pull_requests[theirs.number].title == "Mine"


def test_who_may_not_deploy_there_may_not_ask(shop: Proposed) -> None:
    """Rita may read: nothing is pushed for her."""
    row = shop.take(shop.forge.comment(NAME, shop.number, "rita", SAID))
    assert row.audit[-1].verdict is AskVerdict.REFUSED
    assert git(shop, "for-each-ref", f"refs/heads/{BRANCH}") == ""


def test_whoever_asked_is_behind_it(tmp_path: Path, store: Store, github: FakeGitHub) -> None:
    """Alice asks, bob merges: neither of them is the second pair of eyes that production waits for."""
    github.projects[NAME].permissions |= {"bob": "write", "cleo": "write"}
    with shop_of(tmp_path, store, github, "github", file(approvals=1)) as shop:
        shop.say(SAID)
        (pull,) = pulls(shop)
        shop.take(last(shop, 1))
        merged = shop.forge.merge(NAME, pull.number, author="bob")
        shop.take(merged)
        for who, counts in (("alice", False), ("bob", False), ("cleo", True)):
            row = shop.take(shop.forge.comment(NAME, pull.number, who, "/deploy approve production"))
            assert (row.audit[-1].verdict is AskVerdict.DONE) is counts, (who, reason(row))


def test_a_merged_branch_is_begun_anew(at_github: Proposed) -> None:
    """Nobody deleted it after the merge: it is ours, and the next promotion is another pull request."""
    shop = at_github
    shop.say(SAID)
    (first,) = pulls(shop)
    merged = shop.forge.merge(NAME, first.number, "squash")
    shop.take(merged)
    shop.ends(merged.sha)
    newer = shop.forge.push(NAME, "main", {"staging/web.yaml": web("v3")})
    shop.take(newer)
    shop.ends(newer.sha)
    shop.say(SAID)
    (second,) = pulls(shop)
    assert second.number != first.number
    assert git(shop, "rev-list", "--count", f"main..{BRANCH}") == "1"


def test_a_worker_that_dies_between_leaves_one_pull_request(at_github: Proposed) -> None:
    """The branch is pushed, the forge takes the pull request and the answer is lost: the next try finds both."""
    shop = at_github
    shop.forge.fail(502, method="POST", path="/pulls", after=True)
    row = shop.say(SAID)
    assert row.audit == ()
    first = git(shop, "rev-parse", BRANCH)
    time_passes(shop.store, 300)
    route_repository(shop.tools, shop.name)
    (pull,) = pulls(shop)
    assert reason(shop.row(row.id)).startswith(f"updated #{pull.number}, ")
    assert git(shop, "rev-parse", BRANCH) == first


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (file(branch="stable"), "staging follows `main` and production `stable`: where environments are branches"),
        (file(path="staging"), "staging and production are one folder, `staging`, with the same pins"),
        (file(branch=None, tag="v*"), "production follows tags like `v*`, so no merge would move it"),
        (file(branch=None), "production follows no branch, so no merge would move it"),
    ],
)
def test_what_cannot_be_compared_is_said(
    tmp_path: Path, store: Store, github: FakeGitHub, written: str, sentence: str
) -> None:
    """Each with what to do instead."""
    with shop_of(tmp_path, store, github, "github", written) as shop:
        assert sentence in reason(shop.say(SAID))
        assert git(shop, "for-each-ref", "refs/heads/pushboat/") == ""


def test_other_reasons_not_to_move(at_github: Proposed) -> None:
    """A chart, a flag without a meaning, a main that says otherwise by now."""
    shop = at_github
    assert "`--prune` has no meaning beside `--pull-request`" in reason(shop.say(f"{SAID} --prune"))
    shop.take(shop.forge.push(NAME, "main", {"production/Chart.yaml": "name: x\n"}))
    assert "production is a Helm chart" in reason(shop.say(SAID))
    shop.take(shop.forge.push(NAME, "main", {".pushboat.yaml": file(branch="other")}))
    assert "does not say that production follows it" in reason(shop.say(SAID))


def test_at_the_terminal_it_is_the_same(at_github: Proposed) -> None:
    """`pushboat promote … --pull-request`: the sentence names the pull request, and no deployment is waited for."""
    given = {"from": "staging", "pull_request": "yes"}
    wanted = Ask(
        word="promote", who="olga on the command line", source=Source.COMMAND, repository=at_github.name,
        environment="production", arguments=given,
    )  # fmt: skip
    event = Event(kind=EventKind.ASK, action="promote", repository=NAME, author=wanted.who)
    number = deliveries.accept(at_github.store, "github", "ask-1", event, asked=(wanted,)).id
    route_repository(at_github.tools, at_github.name)
    row = at_github.row(number)
    (pull,) = pulls(at_github)
    assert reason(row).startswith(f"opened #{pull.number}, which moves 1 pin")
    assert "olga on the command line asked for it." in pull.body
    assert row.audit[-1].source is Source.COMMAND
