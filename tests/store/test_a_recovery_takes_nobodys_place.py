"""What a lost cluster had comes back before what people hold back, and is in no newer commit's way."""

from pushboat.model.deployment import Deployment
from pushboat.model.state import State, Trigger
from pushboat.store import deployments, ending, hinting, lanes
from tests.store import held
from tests.store.repository import Repository, deploy
from tests.store.test_releases import released


def waiting(repository: Repository) -> list[Deployment]:
    """List what waits, in its order."""
    return sorted(deployments.listed(repository.store, state="queued"), key=lambda each: each.id)


def recovering(repository: Repository) -> Deployment:
    """Ask for the newest release once more."""
    return repository.route(deploy("a", trigger=Trigger.RECOVERY, release=1, author="olga"))[0]


def test_what_waits_for_approval_waits_on_behind_it(repository: Repository) -> None:
    """The commit that nobody approved yet is neither lost nor deployed: it goes on waiting, with its approvals."""
    released(repository, repository.push("a"))
    newer = repository.push("b")
    held.put(repository.store, "approval", newer)
    back = recovering(repository)
    found = waiting(repository)
    assert [(each.sha, each.held) for each in found] == [("a", False), ("b", True)]
    claim = lanes.claim(repository.store, back.id, "worker", 15.0)
    assert claim, "it waits for nobody"
    assert ending.finish(repository.store, claim, State.SUCCEEDED, "healthy")
    assert [(each.sha, each.held) for each in waiting(repository)] == [("b", True)]


def test_a_commit_that_waits_for_nobody_goes_instead(repository: Repository) -> None:
    """It was pushed while we asked: the newest commit wins, and the recovery follows it."""
    released(repository, repository.push("a"))
    back = recovering(repository)
    newer = repository.push("b")
    assert hinting.due(repository.store, 10)
    assert [each.id for each in waiting(repository)] == [newer.id]
    assert repository.row(back).state is State.SUPERSEDED
