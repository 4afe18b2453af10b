"""The forge's own environment has a word before anything starts: refused, waiting, or on its way."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.config.forge import Forge
from pushboat.config.operator import Limits
from pushboat.config.project import Allowed
from pushboat.model.ask import Source
from pushboat.model.deployment import Deployment
from pushboat.model.state import State, Trigger
from pushboat.routing import Approve
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.worker import at_work
from tests.fakes.app_key import installed
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, deploy, time_passes
from tests.written import repository_file
from workers.deploying import story
from workers.tools import Tools

RULES = ("acme/shop", "staging")


@pytest.fixture
def main(github: FakeGitHub) -> str:
    """A commit that could be deployed, but for its folder."""
    return github.push("acme/shop", "main", {".pushboat.yaml": repository_file(path="nowhere")}, deliver=False).sha


@pytest.fixture
def carried_out(tools: Tools, repository: Repository) -> Callable[[Deployment], Deployment]:
    """Let a worker take a deployment, and look what became of it."""

    def carry_out(made: Deployment) -> Deployment:
        story.deploy(tools, made.id)
        return repository.row(made)

    return carry_out


def was_let_through(made: Deployment) -> bool:
    """Say whether it got as far as to its folder, which is not there: these workers have no cluster."""
    return made.state is State.FAILED and "nowhere" in made.reason


def test_what_the_rules_refuse_is_red_with_the_sentence(
    github: FakeGitHub, repository: Repository, main: str, carried_out: Callable[[Deployment], Deployment]
) -> None:
    """I push to a branch that staging's rules do not take: my commit says which they take, and who changes that."""
    github.environments[RULES] = {"branch": ["release/*"]}
    made = carried_out(repository.push(main))
    assert made.state is State.FAILED
    assert made.reason.startswith("staging at the forge takes only branches release/*, and this is branch main")
    assert repository.shown(main)[-1][0] == "failed"


def test_what_waits_for_reviewers_goes_back_with_their_names(
    github: FakeGitHub, repository: Repository, store: Store, main: str, carried_out: Callable[[Deployment], Deployment]
) -> None:
    """Rita must approve: I read so beside my commit, in words, and it is there as long as nobody has."""
    github.environments[RULES] = {"users": ["rita"]}
    waiting = carried_out(repository.push(main))
    sentence = "waits for 1 approval by rita, as staging at the forge demands: /deploy approve staging"
    assert (waiting.state, waiting.waits, waiting.held) == (State.QUEUED, sentence, True)
    assert repository.shown(main)[-1][1] == sentence
    time_passes(store, 7 * 86_400)
    assert repository.row(waiting).waits == sentence
    assert waiting.holds[0].who == "those whom the forge's environment names"


def test_a_wait_timer_ends_by_itself(
    github: FakeGitHub, repository: Repository, store: Store, main: str, carried_out: Callable[[Deployment], Deployment]
) -> None:
    """Ten minutes after it was asked for it starts, and not before; then the rules of that moment count."""
    github.environments[RULES] = {"wait": 10}
    made = carried_out(repository.push(main))
    assert made.state is State.QUEUED
    assert made.waits.endswith("so says the wait timer of staging at the forge")
    time_passes(store, 540)
    assert carried_out(made).waits == made.waits
    time_passes(store, 61)
    assert was_let_through(carried_out(made))


def test_rules_that_change_meanwhile_count(
    github: FakeGitHub, repository: Repository, store: Store, main: str, carried_out: Callable[[Deployment], Deployment]
) -> None:
    """While it waits for the clock somebody takes the branch out: it does not start after all."""
    github.environments[RULES] = {"wait": 10}
    made = carried_out(repository.push(main))
    github.environments[RULES] = {"branch": ["release/*"]}
    time_passes(store, 601)
    assert carried_out(made).reason.startswith("staging at the forge takes only branches release/*")


def _app(github: FakeGitHub) -> Forge:
    del github.app_permissions["actions"]
    return github.configured(token="", app=installed(github))


@pytest.fixture
def blind(tmp_path: Path, github: FakeGitHub, store: Store) -> Iterator[Callable[[Limits], Tools]]:
    """A worker whose App may not read environments."""
    with at_work(tmp_path, store, _app(github), {NAME: {"staging": STAGING}}) as tools:

        def with_limits(limits: Limits) -> Tools:
            project = replace(tools.operator.projects[NAME], environments=Allowed({"staging": limits}))
            return replace(tools, operator=replace(tools.operator, projects={NAME: project}))

        yield with_limits


def test_rules_that_we_may_not_read_refuse_and_name_the_scope(
    blind: Callable[[Limits], Tools], repository: Repository, main: str
) -> None:
    """Nobody knows what they demand: the operator reads what to give, or how to do without."""
    made = repository.push(main)
    story.deploy(blind(STAGING), made.id)
    made = repository.row(made)
    assert made.state is State.FAILED
    assert made.reason == (
        "our token may not read the rules of staging at the forge: the operator must give it the permissions Actions: "
        "read and, where teams review, Members: read (a classic one repo and read:org), or set "
        "`forge_environments: ignore` there"
    )


def test_the_operator_does_without_the_rules(
    blind: Callable[[Limits], Tools], github: FakeGitHub, repository: Repository, main: str
) -> None:
    """With `forge_environments: ignore` nobody asks for them."""
    made = repository.push(main)
    story.deploy(blind(replace(STAGING, forge_environments="ignore")), made.id)
    assert was_let_through(repository.row(made))
    assert not [asked for asked in github.requests if "/environments/" in asked.path]


def test_a_forge_that_is_away_stops_pushes_and_no_rollback(
    tools: Tools, github: FakeGitHub, repository: Repository, main: str
) -> None:
    """Nobody knows the rules: what is new waits for the forge; what ran there before is brought back all the same."""
    github.down = True
    made = repository.push(main)
    story.deploy(tools, made.id)
    waiting = repository.row(made)
    assert (waiting.state, "github" in waiting.reason) == (State.QUEUED, True)
    (back,) = repository.route(deploy(main, trigger=Trigger.ROLLBACK, release=7))
    story.deploy(tools, back.id)
    assert "release 7" in repository.row(back).reason


def test_a_reviewers_word_lets_it_start(
    github: FakeGitHub, repository: Repository, main: str, carried_out: Callable[[Deployment], Deployment]
) -> None:
    """Bob's approval is kept and is not enough; rita's is: the forge's rules judge, and nobody waits for ever."""
    github.environments[RULES] = {"users": ["rita"]}
    waiting = carried_out(repository.push(main))
    for who, enough in (("bob", False), ("rita", True)):
        act = Approve(environment="staging", sha=main, who=who, source=Source.COMMENT, whom="whoever may deploy there")
        repository.route(act)
        assert not repository.row(waiting).held, "it is tried again"
        tried = carried_out(waiting)
        assert was_let_through(tried) is enough
        assert tried.held is not enough
