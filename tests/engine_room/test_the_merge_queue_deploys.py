"""With `merge_queue: deploy` groups run before they merge, one at a time: the base never holds what did not run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.model.state import State
from pushboat.store import deployments, lanes, releases
from pushboat.store.database.engine import Store
from tests.engine_room.queued import Shop, queued
from tests.fakes.github import FakeGitHub
from tests.written import repository_file
from workers.catching_up.groups import accept_decided
from workers.deploying.story import deploy


@pytest.fixture
def shop(tmp_path: Path, store: Store, github: FakeGitHub) -> Iterator[Shop]:
    """Three pull requests; main runs on staging."""
    with queued(tmp_path, store, github) as made:
        for number in (1, 2, 3):
            made.open(number)
        yield made


def test_a_merged_group_has_run_and_its_push_begins_nothing(shop: Shop) -> None:
    """It is deployed, its check is green, it merges: main's commit runs already, and nothing is begun again."""
    (sha,) = shop.enter(1)
    assert shop.ready() == [sha]
    (hold,) = shop.held()
    assert (hold.pull_request, hold.sha) == (-1, sha)
    shop.through(sha)
    assert (shop.queue.merged, shop.tip) == ([sha], sha)
    assert (shop.held(), shop.ready(), shop.waiting()) == ([], [], [])
    (runs,) = deployments.running_by_lane(shop.store)
    assert (runs.sha, runs.ref, runs.pull_request) == (sha, "refs/heads/main", 0)
    assert any("runs" in each and "already, deployed before it merged" in each for each in shop.said())


def test_the_middle_one_of_three_fails(shop: Shop) -> None:
    """The environment ends at the first and then the third; main never holds the second."""
    one, two, three = shop.enter(1, 2, 3)
    assert shop.ready() == [one], "one at a time, in the queue's order"
    shop.through(one)
    assert shop.ready() == [two]
    shop.through(two, State.FAILED)
    assert [group.number for group in shop.queue.groups] == [3], "GitHub builds the third anew, on the first"
    assert shop.ready() == [one], "the release before comes back first"
    (back,) = shop.waiting()
    assert back.again == 2
    shop.ends(one)
    shop.route()
    again = shop.queue.groups[0].sha
    assert again != three
    assert shop.ready() == [again]
    shop.through(again)
    assert shop.queue.merged == [one, again]
    assert not shop.forge.projects["acme/shop"].bare.contains(two, shop.tip)
    assert [each.sha for each in deployments.running_by_lane(shop.store)] == [again]
    assert shop.held() == []


def test_a_group_that_is_dropped_is_undone(shop: Shop) -> None:
    """Ours is green, another check is not: what ran before comes back, and main stands where it stood."""
    before = shop.tip
    shop.require("tests")
    (sha,) = shop.enter(1)
    shop.through(sha)
    assert shop.queue.merged == []
    shop.take(shop.queue.checked(sha, "tests", "failure"))
    assert (shop.ready(), shop.held()) == ([before], [])
    (back,) = shop.waiting()
    assert (back.again, back.ref) == (1, "refs/heads/main")
    shop.ends(before)
    assert [each.sha for each in deployments.running_by_lane(shop.store)] == [before]
    assert "#1 in the merge queue" in shop.said()[-2] + shop.said()[-1]


def test_dropped_before_its_turn(shop: Shop) -> None:
    """Somebody takes the second one out while it waits: nothing of it was ever begun."""
    one, two, _ = shop.enter(1, 2, 3)
    shop.take(shop.queue.leave(2))
    assert shop.ready() == [one]
    shop.through(one)
    assert shop.ready() == [shop.queue.groups[0].sha]
    assert two not in [each.sha for each in deployments.listed(shop.store)]


def test_dropped_while_a_worker_has_it(shop: Shop) -> None:
    """It waits for health when it is dropped: it is told to stop, and what ran before it comes back."""
    before = shop.tip
    (sha,) = shop.enter(1)
    claim = lanes.claim(shop.store, shop.waiting()[0].id, "worker")
    assert claim
    shop.take(shop.queue.leave(1))
    found = deployments.find(shop.store, claim.deployment.id)
    assert found
    assert found.cancelled_by == "the merge queue, which has dropped it"
    assert [(each.sha, each.again) for each in shop.waiting()] == [(before, 1)]
    assert shop.held() == []
    assert sha not in shop.queue.merged


def test_dropped_before_a_worker_had_it(shop: Shop) -> None:
    """It never began: nothing is brought back, since nothing was brought."""
    shop.enter(1)
    shop.take(shop.queue.leave(1))
    assert (shop.ready(), shop.waiting(), shop.held()) == ([], [], [])


def test_who_is_rebuilt_is_told_of_before_the_end(shop: Shop) -> None:
    """The first one is dropped before it began, and news of the group behind it come first: that one begins all the
    same."""
    shop.enter(1, 2)
    shop.take(shop.queue.leave(1), backwards=True)
    shop.route()
    assert shop.ready() == [shop.queue.groups[0].sha]
    assert len(shop.held()) == 1


def test_a_push_is_cancelled_that_a_group_waits_for(shop: Shop) -> None:
    """Somebody pushes past the queue and cancels that: the group that is built on it is next."""
    shop.push("past the queue")
    (sha,) = shop.enter(1)
    assert sha not in shop.ready()
    shop.say("/deploy cancel staging", 1)
    shop.route()
    assert shop.ready() == [sha]


def test_the_news_of_its_end_comes_first(shop: Shop) -> None:
    """Deliveries come in any order: a group that is gone is never begun."""
    entered = shop.queue.enter(1)
    shop.take(shop.queue.leave(1))
    shop.take(entered)
    assert (shop.ready(), shop.held()) == ([], [])
    assert "has left the merge queue by now" in shop.said()[-1]


def test_the_second_is_told_of_first(shop: Shop) -> None:
    """The order is the queue's, not that of arrival."""
    one, two = shop.queue.enter(1), shop.queue.enter(2)
    shop.take(two)
    assert shop.ready() == []
    shop.take(one)
    assert shop.ready() == [one.sha]


def test_nobody_tells_that_it_was_dropped(shop: Shop) -> None:
    """The delivery is lost: a look asks GitHub, and undoes it."""
    before = shop.tip
    shop.require("tests")
    (sha,) = shop.enter(1)
    shop.through(sha)
    shop.queue.mute |= {"destroyed", "push"}
    shop.take(shop.queue.leave(1))
    assert shop.held()
    accept_decided(shop.tools, shop.name)
    shop.route()
    assert (shop.ready(), shop.held()) == ([before], [])
    shop.ends(before)
    shop.tell()
    assert shop.waiting() == [], "told late, it is known"


def test_nobody_tells_that_it_was_merged(shop: Shop) -> None:
    """All that is told of a merge is lost: a look finds it, and nothing is undone."""
    shop.queue.mute |= {"destroyed", "push", "merged"}
    (sha,) = shop.enter(1)
    shop.through(sha)
    assert shop.held()
    accept_decided(shop.tools, shop.name)
    shop.route()
    assert (shop.held(), shop.waiting()) == ([], [])
    shop.tell()
    assert shop.waiting() == []
    assert [each.sha for each in deployments.running_by_lane(shop.store)] == [sha]


def test_merged_while_its_end_is_late(shop: Shop) -> None:
    """The push of main comes before `destroyed`: the next one begins at once."""
    one, two = shop.enter(1, 2)
    shop.queue.mute = {"destroyed"}
    shop.through(one)
    assert shop.ready() == [two]
    shop.tell()
    assert shop.ready() == [two]
    assert len(shop.held()) == 1


@pytest.mark.parametrize("ends", [State.SUCCEEDED, State.FAILED])
def test_other_pushes_wait_behind_a_group(shop: Shop, ends: State) -> None:
    """Somebody pushes past the queue: that waits with a sentence, and runs when the group is decided about."""
    (sha,) = shop.enter(1)
    pushed = shop.push("past the queue")
    assert shop.ready() == [sha]
    (waiting,) = (each for each in shop.waiting() if each.sha == pushed)
    assert waiting.waits.startswith(f"deployed for #1 in the merge queue ({sha[:7]}) since ")
    before = deployments.running_by_lane(shop.store)[0].sha
    shop.ends(sha, ends)
    shop.route()
    if ends is State.FAILED:
        assert shop.ready() == [before], "what it left is taken back at once"
        shop.ends(before)
        shop.route()
        assert shop.ready() == []
    shop.take(shop.queue.build_anew())
    assert shop.ready() == [pushed], "what is newer is deployed, and not what ran before"
    shop.ends(pushed)
    shop.route()
    assert [each.sha for each in deployments.running_by_lane(shop.store)] == [pushed]
    assert shop.ready() == [shop.queue.groups[0].sha]
    assert len(shop.waiting()) == 1


def test_a_first_deployment_has_nothing_to_go_back_to(tmp_path: Path, store: Store, github: FakeGitHub) -> None:
    """Nothing ran there before: that is said, with what to do."""
    with queued(tmp_path, store, github, runs=False) as shop:
        shop.require("tests")
        shop.open(1)
        (sha,) = shop.enter(1)
        shop.through(sha)
        shop.take(shop.queue.leave(1))
        assert (shop.waiting(), shop.held()) == ([], [])
        assert any("nothing ran in staging before it" in each for each in shop.said())
        (first,) = releases.listed(store, deployments.listed(store)[-1].lane)
        assert first.pull_request == -1


def test_a_group_that_cannot_be_rendered_touches_nothing(shop: Shop) -> None:
    """Its file is broken: its check is red and says where, nothing is taken back, and the one behind it is next."""
    before = [each.sha for each in deployments.running_by_lane(shop.store)]
    shop.open(4, {"deploy/broken.yaml": "kind: [\n"})
    sha, _ = shop.enter(4, 1)
    (made,) = (each for each in shop.waiting() if each.sha == sha)
    deploy(shop.tools, made.id)
    shop.route()
    ended = deployments.find(shop.store, made.id)
    assert ended
    assert ended.state is State.FAILED
    assert ended.reason.startswith("deploy/broken.yaml:")
    shop.take(shop.queue.checked(sha, "pushboat/staging", "failure"))
    assert [each.sha for each in deployments.running_by_lane(shop.store)] == before
    assert shop.ready() == [shop.queue.groups[0].sha]
    assert [each.again for each in shop.waiting()] == [0]


def test_a_comment_waits_behind_a_group(shop: Shop) -> None:
    """Somebody says /deploy on another pull request: it waits with a sentence, and goes when the group is merged."""
    (sha,) = shop.enter(1)
    shop.say("/deploy staging", 2)
    head = shop.queue.project.pull_requests[2].head_sha
    assert shop.ready() == [sha]
    (waiting,) = (each for each in shop.waiting() if each.sha == head)
    assert f"deployed for #1 in the merge queue ({sha[:7]})" in waiting.waits
    assert [each.who for each in waiting.holds if "merge queue" in each.sentence]
    shop.through(sha)
    assert shop.ready() == [head]
    (third,) = shop.enter(3)
    shop.ends(head)
    shop.route()
    assert shop.ready() == [], "staging is pinned to #2 by now, and the group says so"
    assert shop.queue.merged == [sha]
    shop.say("/deploy unlock staging", 2)
    assert shop.ready() == [third]


def test_a_later_one_waits_as_its_own_file_says(tmp_path: Path, store: Store, github: FakeGitHub) -> None:
    """The second one's file asks for an approval: when its turn comes, it waits for that, whatever told of the turn."""
    with queued(tmp_path, store, github) as shop:
        shop.open(1)
        shop.open(2, {".pushboat.yaml": repository_file(approvals=1)})
        one, two = shop.enter(1, 2)
        shop.through(one)
        (waiting,) = shop.waiting()
        assert (waiting.sha, waiting.waits.partition(":")[0]) == (two, "waits for 1 approval")
        assert shop.ready() == []
