"""A rollback holds its environment also against pushes that no delivery told of."""

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.model.hold import Hold, Scope
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import State, Trigger
from pushboat.routing.holds import PIN
from pushboat.store import deliveries, deployments, ending, hinting, holds, looks
from tests.engine_room.test_looking_for_missed_pushes import look_twice, push
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository
from workers.catching_up.story import look
from workers.routing.story import route_repository
from workers.tools import Tools


def released(repository: Repository, sha: str, content: str) -> None:
    """Let a push of a commit become a release."""
    render = Render(contents={Ref("", "ConfigMap", "shop", "settings"): content}, packed=content.encode())
    claim = repository.claim(repository.push(sha))
    ending.finish(repository.store, claim, State.SUCCEEDED, "healthy", render=render)


def asked(tools: Tools, word: str, **arguments: str) -> str:
    """Ask on the command line, and give the answer."""
    wanted = Ask(
        word=word, who="ann", source=Source.COMMAND, repository=NAME, environment="staging", arguments=arguments
    )
    event = Event(kind=EventKind.ASK, action=word, repository="acme/shop", author="ann")
    number = deliveries.accept(tools.store, "github", f"ask-{word} {arguments}", event, asked=(wanted,)).id
    route_repository(tools, NAME)
    row = deliveries.find(tools.store, number)
    assert row
    return row.audit[-1].reason


def test_a_missed_push_waits_for_the_unlock(tools: Tools, github: FakeGitHub, repository: Repository) -> None:
    """Pushboat was down when I pushed, and ann has rolled back: my commit is found, and goes when she unlocks."""
    looks.schedule(tools.store, tools.operator.projects)
    look(tools, NAME)
    released(repository, "1" * 40, "one")
    released(repository, "2" * 40, "two")
    github.down = True
    assert asked(tools, "rollback").startswith("rolling staging back to release 1 (1111111)")
    github.down = False
    rollback = deployments.latest_by_lane(tools.store)[0]
    assert (rollback.sha, rollback.trigger, rollback.again) == ("1" * 40, Trigger.ROLLBACK, 1)
    sha = push(github, "missed")
    look_twice(tools)
    route_repository(tools, NAME)
    found = deployments.latest_by_lane(tools.store)[0]
    assert (found.sha, found.trigger, found.state) == (sha, Trigger.CATCH_UP, State.QUEUED)
    assert found.waits.startswith("pinned to release 1 (1111111) by ann since ")
    hinting.wake_all(tools.store)
    assert hinting.due(tools.store) == [rollback.id]
    assert f"{sha[:7]} is next" in asked(tools, "unlock")
    hinting.wake_all(tools.store)
    assert hinting.due(tools.store) == [found.id]
    assert not holds.listed(tools.store)


def test_what_the_next_look_deploys_is_said_by_the_unlock(
    tools: Tools, github: FakeGitHub, repository: Repository
) -> None:
    """No look has found my push yet when ann unlocks: she reads that it comes, and not that nothing waits."""
    looks.schedule(tools.store, tools.operator.projects)
    look(tools, NAME)
    released(repository, "1" * 40, "one")
    holds.put(tools.store, Hold(kind=PIN, scope=Scope(repository=NAME, environment="staging"), by="ann"))
    sha = push(github, "missed")
    github.down = True
    assert "nothing waits there" in asked(tools, "unlock")
    holds.put(tools.store, Hold(kind=PIN, scope=Scope(repository=NAME, environment="staging"), by="ann"))
    github.down = False
    assert f"{sha[:7]} of main is next, which no delivery has told of yet" in asked(tools, "unlock", reason="done")
    look_twice(tools)
    route_repository(tools, NAME)
    found = deployments.latest_by_lane(tools.store)[0]
    assert (found.sha, found.trigger, found.held) == (sha, Trigger.CATCH_UP, False)
