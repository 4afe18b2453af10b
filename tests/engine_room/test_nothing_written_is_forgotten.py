"""What a deployment wrote is counted as its work, also where it failed in the middle or its worker died."""

from pushboat.errors import ApplyRejected, ClusterUnavailable
from pushboat.model.changeset import Action, Change, ChangeSet
from pushboat.model.manifest import Ref
from pushboat.model.state import State
from pushboat.store import change_sets, ending
from pushboat.store.database.engine import Store
from tests.store.repository import Repository, time_passes
from workers.deploying.claimed import claimed
from workers.deploying.tallying import EARLIER
from workers.tools import Tools

CREATED, CONFIGURED, UNCHANGED, DELETED = Action.CREATED, Action.CONFIGURED, Action.UNCHANGED, Action.DELETED


def change(name: str, action: Action, diff: str = "") -> Change:
    """A change of a ConfigMap."""
    return Change(ref=Ref("", "ConfigMap", "shop", name), action=action, diff=diff)


def plan(**actions: Action) -> ChangeSet:
    """What an attempt finds to do."""
    return ChangeSet(tuple(change(name, action) for name, action in actions.items()))


def test_a_refusal_in_the_middle_says_what_is_written(tools: Tools, store: Store, repository: Repository) -> None:
    """Two of five objects are written when the third is refused: I read that, and see which two."""
    pushed = repository.push("a")
    with claimed(tools, pushed.id) as work:
        assert work
        work.set_out(plan(a=CREATED, b=CREATED, c=CONFIGURED, d=CREATED, e=CREATED, f=UNCHANGED))
        work.tally.made += [change("a", CREATED), change("c", CONFIGURED, "-1\n+2")]
        work.fail(ApplyRejected("deploy/b.yaml:1: ConfigMap/shop/b: no"))
    ended = repository.row(pushed)
    assert ended.state is State.FAILED
    assert ended.reason == "2 of 5 written, then deploy/b.yaml:1: ConfigMap/shop/b: no"
    assert (ended.counts.created, ended.counts.configured, ended.counts.unchanged) == (1, 1, 1)
    assert {each.ref.name for each in change_sets.listed(store, pushed.id)} == {"a", "c", "f"}


def test_nothing_written_is_not_boasted_of(tools: Tools, repository: Repository) -> None:
    """The very first object is refused: the reason is the reason, without a number."""
    pushed = repository.push("a")
    with claimed(tools, pushed.id) as work:
        assert work
        work.set_out(plan(a=CREATED, b=UNCHANGED))
        work.fail(ApplyRejected("no"))
    assert repository.row(pushed).reason == "no"


def test_what_a_dead_worker_wrote_is_counted(tools: Tools, store: Store, repository: Repository) -> None:
    """A worker dies after some writes: the next one finds them unchanged, and my deployment counts them as made."""
    pushed = repository.push("a")
    with claimed(tools, pushed.id) as work:
        assert work
        work.set_out(plan(a=CREATED, b=CONFIGURED, c=CREATED, d=UNCHANGED, e=DELETED))
        time_passes(store, 16)
        ending.sweep(store)
    with claimed(tools, pushed.id) as work:
        assert work
        work.set_out(plan(a=UNCHANGED, b=UNCHANGED, c=CREATED, d=UNCHANGED))
        work.tally.made += [change("c", CREATED)]
        changes = work.tally.changes
        work.end(State.SUCCEEDED, "done", changes)
    ended = repository.row(pushed)
    counts = ended.counts
    assert (counts.created, counts.configured, counts.unchanged, counts.deleted) == (2, 1, 1, 1)
    by_name = {each.ref.name: each for each in change_sets.listed(store, pushed.id)}
    assert [EARLIER in by_name[name].notes for name in "abcde"] == [True, True, False, False, True]


def test_three_attempts_are_one_deployment(tools: Tools, store: Store, repository: Repository) -> None:
    """What the first of three attempts created stays created, whatever the later ones had to do to it."""
    pushed = repository.push("a")
    for planned in (plan(a=CREATED, b=CREATED), plan(a=CONFIGURED, b=CREATED)):
        with claimed(tools, pushed.id) as work:
            assert work
            work.set_out(planned)
            time_passes(store, 16)
            ending.sweep(store)
    with claimed(tools, pushed.id) as work:
        assert work
        work.set_out(plan(a=UNCHANGED, b=UNCHANGED))
        work.end(State.SUCCEEDED, "done", work.tally.changes)
    assert repository.row(pushed).counts.created == 2


def test_a_cluster_that_never_comes_back_hides_no_write(tools: Tools, store: Store, repository: Repository) -> None:
    """The cluster goes away after two writes and stays away: the end still says that there were two."""
    pushed = repository.push("a")
    away = ClusterUnavailable("cluster dev does not answer")
    with claimed(tools, pushed.id) as work:
        assert work
        work.set_out(plan(a=CREATED, b=CREATED, c=CREATED))
        work.tally.made += [change("a", CREATED, "+1"), change("b", CREATED)]
        work.try_again(away)
    time_passes(store, 700)
    with claimed(tools, pushed.id) as work:
        assert work
        work.try_again(away)
    ended = repository.row(pushed)
    assert ended.state is State.ERRORED
    assert ended.counts.created == 2
    assert ended.reason == "gave up after 12 minutes: 2 of 3 written, then cluster dev does not answer"
    assert change_sets.listed(store, pushed.id)[0].diff == "+1"


def test_what_was_deleted_to_be_made_anew_stays_recreated(tools: Tools, store: Store, repository: Repository) -> None:
    """The worker dies between the deletion and the creation: whoever goes on creates it, and I read "recreated"."""
    pushed = repository.push("a")
    with claimed(tools, pushed.id) as work:
        assert work
        work.set_out(plan(a=Action.RECREATED, b=Action.RECREATED, c=CREATED))
        time_passes(store, 16)
        ending.sweep(store)
    with claimed(tools, pushed.id) as work:
        assert work
        work.set_out(plan(a=CREATED, b=UNCHANGED, c=Action.RECREATED))
        work.tally.made += [change("a", CREATED), change("c", Action.RECREATED)]
        assert {ref.name for ref in work.tally.written} == {"a", "b", "c"}
        work.end(State.SUCCEEDED, "done", work.tally.changes)
    counts = repository.row(pushed).counts
    assert (counts.created, counts.recreated, counts.unchanged) == (1, 2, 0)
