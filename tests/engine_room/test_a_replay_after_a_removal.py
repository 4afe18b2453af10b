"""What was destroyed is not brought back by an old delivery that is done again, and nobody is told that it is."""

from pushboat.model.state import Kind, State, Trigger
from pushboat.store import deliveries, deployments, ending
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, deploy
from tests.written import config_map
from workers.routing.story import route_repository
from workers.tools import Tools


def test_a_replay_of_an_older_push_says_what_came_since_and_how_to_have_it(
    tools: Tools, repository: Repository, github: FakeGitHub, main: str
) -> None:
    """I replay the push of an older commit after a removal: I read that nothing begins, and what to type instead."""
    repository.receive(main)
    route_repository(tools, NAME)
    pushed = deliveries.listed(tools.store)[0]
    newer = github.push("acme/shop", "main", {"deploy/settings.yaml": config_map(a="2")}, deliver=False).sha
    for act in (deploy(newer), deploy(newer, kind=Kind.REMOVAL, trigger=Trigger.COMMAND)):
        (made,) = repository.route(act)
        ending.finish(tools.store, repository.claim(made), State.SUCCEEDED, "done")
    again = deliveries.replay(tools.store, pushed.id)
    route_repository(tools, NAME)
    row = deliveries.find(tools.store, again)
    assert row
    way = f"pushboat deploy {NAME} staging --sha {main[:7]}"
    said = f"nothing begins: staging was destroyed after {main[:7]} was pushed; to have it back: {way}"
    assert row.reason == said
    (late,) = deployments.of_delivery(tools.store, again)
    assert late.state is State.SUPERSEDED
    assert repository.shown(main)[-1] == ("cancelled", f"given up for the removal of staging; to have it: {way}")
