"""Nothing is asked for before what it needs is back, and what needs something that is not back is never asked for."""

from hypothesis import given
from hypothesis import strategies as some

from cli.recovering.ends import End, Ended, due
from cli.recovering.targets import Target
from pushboat.model.deployment import Lane
from pushboat.model.release import Release
from tests.seeded import SEEDED

NAMES = ("a", "b", "c", "d", "e")


def target(name: str, *needs: str) -> Target:
    """An environment that comes back."""
    release = Release(number=1, deployment=1, ref="", sha="1" * 40, digest="", at=0.0)
    return Target(lane=Lane(repository="github/acme/shop", environment=name), release=release, needs=frozenset(needs))


GRAPHS = some.fixed_dictionaries(
    {name: some.frozensets(some.sampled_from((*NAMES[:index], "elsewhere"))) for index, name in enumerate(NAMES)}
)


@SEEDED
@given(graph=GRAPHS, lost=some.frozensets(some.sampled_from(NAMES)))
def test_every_environment_ends_and_none_before_what_it_needs(
    graph: dict[str, frozenset[str]], lost: frozenset[str]
) -> None:
    """Whatever needs whatever, and whatever fails: each is asked for after its needs, or named with what it lacks."""
    waiting = [target(name, *needs) for name, needs in graph.items()]
    ended: dict[Lane, Ended] = {}
    while waiting:
        ready, without = due(waiting, ended, {target(name).lane for name in graph})
        assert ready or without, "nothing would ever go on"
        for each in ready:
            needed = {lane for lane in (target(name).lane for name in each.needs) if lane.environment in graph}
            assert all(ended[lane].end is End.RECOVERED for lane in needed)
            end = End.FAILED if each.lane.environment in lost else End.RECOVERED
            ended[each.lane] = Ended(target=each, end=end, sentence="")
        for one in without:
            needed = [target(name).lane for name in one.target.needs & graph.keys()]
            assert any(lane in ended and ended[lane].end is not End.RECOVERED for lane in needed)
            ended[one.target.lane] = one
        waiting = [each for each in waiting if each.lane not in ended]


def test_one_repositorys_environments_do_not_wait_for_another_ones() -> None:
    """`needs` are names in one repository."""
    other = Target(lane=Lane(repository="github/acme/other", environment="qa"), release=target("qa").release)
    both = [target("staging", "qa"), other]
    ready, _ = due(both, {}, {each.lane for each in both})
    assert [each.lane.environment for each in ready] == ["staging", "qa"]


def test_what_needs_something_that_cannot_come_back_is_not_asked_for() -> None:
    """Of staging nothing is stored any more: production does not pretend that it was there, and I hear how it may."""
    production = target("production", "staging")
    ready, (without,) = due([production], {}, {production.lane}, {target("staging").lane})
    assert ready == []
    assert without.end is End.NOT_ASKED
    assert without.sentence == (
        "it needs staging, which is not back; name it alone with --environment if it is to come without"
    )
