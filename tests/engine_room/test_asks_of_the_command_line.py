"""What the command line leaves open is found out by the worker: which commit, by ref or by a beginning."""

from dataclasses import replace

import pytest

from pushboat.config.project import Allowed, Limits
from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.delivery import DeliveryRow
from pushboat.model.state import Trigger
from pushboat.store import audit, deliveries, deployments
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME
from tests.written import config_map, repository_file
from workers.routing.story import route_repository
from workers.tools import Tools


def ask(store: Store, environment: str = "staging", sha: str = "") -> int:
    """Accept what olga asks for at a terminal."""
    event = Event(kind=EventKind.ASK, action="deploy", repository="acme/shop", author="olga")
    wanted = Ask(word="deploy", who="olga", source=Source.COMMAND, repository=NAME, environment=environment, sha=sha)
    return deliveries.accept(store, "github", f"ask-{environment}-{sha}", event, asked=(wanted,)).id


def routed(tools: Tools, number: int) -> DeliveryRow:
    """Route what waits, and give this delivery."""
    route_repository(tools, NAME)
    row = deliveries.find(tools.store, number)
    assert row
    assert row.routed_at, row.reason
    return row


def limited(tools: Tools, limits: Limits) -> Tools:
    """The same worker with other limits for staging."""
    project = replace(tools.operator.projects[NAME], environments=Allowed({"staging": limits}))
    return replace(tools, operator=replace(tools.operator, projects={NAME: project}))


def test_without_a_commit_the_head_of_the_branch_is_deployed(tools: Tools, store: Store, main: str) -> None:
    """The repository's own file says which branch the environment follows, and the worker asks for its head."""
    row = routed(tools, ask(store))
    (made,) = deployments.of_delivery(store, row.id)
    assert (made.sha, made.ref, made.trigger, made.author) == (main, "refs/heads/main", Trigger.COMMAND, "olga")
    (entry,) = row.audit
    assert (entry.verdict, entry.who, entry.word, entry.environment) == (AskVerdict.DONE, "olga", "deploy", "staging")
    assert (entry.delivery, entry.deployment) == (row.id, made.id)


def test_the_operators_branch_wins(tools: Tools, store: Store, github: FakeGitHub) -> None:
    """Where the operator fixes the branch, its head is meant and no other."""
    release = github.push("acme/shop", "release", {"deploy/settings.yaml": config_map(of="release")}).sha
    row = routed(limited(tools, replace(STAGING, fixed={"branch": "release"})), ask(store))
    (made,) = deployments.of_delivery(store, row.id)
    assert (made.sha, made.ref) == (release, "refs/heads/release")


@pytest.mark.parametrize("length", [7, 40])
def test_a_commit_may_be_named_by_its_beginning(
    tools: Tools, store: Store, github: FakeGitHub, main: str, length: int
) -> None:
    """A branch's commit, in full or in part; its ref is nobody's business then."""
    feature = github.push("acme/shop", "feature", {"deploy/settings.yaml": config_map(of="feature")}).sha
    row = routed(tools, ask(store, sha=feature[:length].upper()))
    (made,) = deployments.of_delivery(store, row.id)
    assert (made.sha, made.ref) == (feature, "")


def test_a_commit_that_was_pushed_here_is_known(tools: Tools, store: Store, github: FakeGitHub, main: str) -> None:
    """Going back to yesterday's commit takes only the beginning of its sha."""
    event = Event(kind=EventKind.PUSH, repository="acme/shop", ref="refs/heads/main", action="updated", sha=main)
    deliveries.accept(store, "github", "yesterday", event)
    github.push("acme/shop", "main", {"deploy/settings.yaml": config_map(of="today")})
    row = routed(tools, ask(store, sha=main[:8]))
    (made,) = deployments.of_delivery(store, row.id)
    assert made.sha == main


def test_a_tag_may_be_named_and_passes_for_nobodys_commit(tools: Tools, store: Store, github: FakeGitHub) -> None:
    """Going back to v1.9 takes its name; a tag that is called like the beginning of a sha is not meant by that."""
    old = github.push("acme/shop", "main", {"deploy/settings.yaml": config_map(of="yesterday")}).sha
    github.tag("acme/shop", "v1.9")
    github.tag("acme/shop", "0123456")
    github.push("acme/shop", "main", {"deploy/settings.yaml": config_map(of="today")})
    row = routed(tools, ask(store, sha="v1.9"))
    (made,) = deployments.of_delivery(store, row.id)
    assert (made.sha, made.ref, made.trigger) == (old, "refs/tags/v1.9", Trigger.COMMAND)
    assert routed(tools, ask(store, sha="0123456")).deployments == ()


REFUSED = {
    "no sha": ("staging", "main", "`main` is no commit and no tag: give at least four hexadecimal digits of a sha."),
    "an unknown sha": ("staging", "0123456", "`0123456` begins no commit that a branch or tag of github/acme/shop"),
    "an unknown environment": ("stagging", "", "acme/shop has no environment `stagging`. Did you mean 'staging'?"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_ask_leaves_its_reason_in_the_audit(tools: Tools, store: Store, case: str) -> None:
    """Nothing deploys, and whoever looks later finds who wanted what, from where, and why not."""
    environment, sha, sentence = REFUSED[case]
    row = routed(tools, ask(store, environment, sha))
    assert row.deployments == ()
    (entry,) = audit.listed(store, repository=NAME, asked=True)
    assert (entry.verdict, entry.source, entry.delivery) == (AskVerdict.REFUSED, Source.COMMAND, row.id)
    assert entry.reason.startswith(sentence)


@pytest.mark.parametrize(
    ("follows", "sentence"),
    [
        ({"tag": "v*"}, "staging follows tags `v*`: name a commit with --sha."),
        ({"branch": "gone"}, "staging follows `gone`, and there is no such branch: name a commit with --sha."),
        ({}, "staging follows no branch, says refs/heads/main: name a commit with --sha."),
    ],
)
def test_an_environment_without_a_branch_needs_a_commit(
    tools: Tools, store: Store, github: FakeGitHub, follows: dict[str, str], sentence: str
) -> None:
    """Tags have no head, and an environment that deploys only when asked has none either."""
    file = repository_file() if follows else repository_file().replace("branch: main\n", "")
    github.push("acme/shop", "main", {".pushboat.yaml": file})
    row = routed(limited(tools, replace(STAGING, fixed=follows)) if follows else tools, ask(store))
    assert row.audit[-1].reason == sentence


def test_a_tokens_ask_deploys_the_head_that_is_followed(tools: Tools, store: Store, main: str) -> None:
    """Whoever brings a token needs nobody's word at the forge; the deployment says where it was asked for."""
    event = Event(kind=EventKind.ASK, action="deploy", repository="acme/shop", author="token ci")
    wanted = Ask(word="deploy", who="token ci", source=Source.API, repository=NAME, environment="staging")
    row = routed(tools, deliveries.accept(store, "github", "ask-ci", event, asked=(wanted,)).id)
    (made,) = deployments.of_delivery(store, row.id)
    assert (made.sha, made.trigger, made.author) == (main, Trigger.API, "token ci")
    assert (row.audit[0].verdict, row.audit[0].who, row.audit[0].source) == (AskVerdict.DONE, "token ci", Source.API)


@pytest.mark.parametrize("word", ["approve", "lock", "destroy", "promote"])
def test_a_token_asks_for_nothing_that_it_was_not_given(tools: Tools, store: Store, main: str, word: str) -> None:
    """Should such an ask stand in the store, it is refused like a stranger's."""
    event = Event(kind=EventKind.ASK, action=word, repository="acme/shop", author="token ci")
    wanted = Ask(word=word, who="token ci", source=Source.API, repository=NAME, environment="staging", sha=main)
    row = routed(tools, deliveries.accept(store, "github", "ask-ci", event, asked=(wanted,)).id)
    assert row.audit[0].verdict is AskVerdict.REFUSED
    assert deployments.of_delivery(store, row.id) == []
