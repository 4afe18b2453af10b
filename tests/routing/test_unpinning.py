"""The pull request that pinned an environment ends: the pin goes, and what runs from now on is decided and said."""

from dataclasses import replace

import pytest

from pushboat.events import Event
from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Cancel, Decision, Deploy, Facts, LiftHold, Newest, Reply, Withdraw, route
from tests.routing.words import LIVE, MERGED, MISTAKES, SHA, STAGING, deployed, facts, pull_request

HERE = Scope(repository="github/acme/shop", environment="staging")
MINE = Hold(kind="unmerged", scope=HERE, by="ann", subject="#7", pull_request=7, sha=SHA)
OTHERS = replace(MINE, subject="#8", pull_request=8)
TIP = "abcdef1" + "0" * 33
MAIN = Newest(environment="staging", ref="refs/heads/main", sha=TIP)
LIFTED = LiftHold(kind="unmerged", scope=HERE, subject="#7")
CLOSED = pull_request("closed")
INTO_MAIN = pull_request("merged", merged_sha=MERGED)
ELSEWHERE = pull_request("merged", merged_sha=MERGED, base_ref="next")


def told(decision: Decision) -> str:
    """Give the one reply."""
    (reply,) = (act for act in decision.acts if isinstance(act, Reply))
    assert reply.number == 7
    return reply.body


def deploys(decision: Decision) -> list[tuple[str, str, Trigger]]:
    """Say what is deployed: ref, commit and why."""
    assert all(act.kind is Kind.DEPLOY and not act.pull_request for act in decision.acts if isinstance(act, Deploy))
    return [(act.ref, act.sha, act.trigger) for act in decision.acts if isinstance(act, Deploy)]


ENDS: dict[str, tuple[Event, Facts, list[tuple[str, str, Trigger]], str]] = {
    "merged into the branch that is followed": (
        INTO_MAIN,
        facts(STAGING),
        [("refs/heads/main", MERGED, Trigger.MERGE)],
        "staging: `9f8e7d6` is next, the merge.",
    ),
    "merged into another branch": (
        ELSEWHERE,
        facts(STAGING, newest=(MAIN,)),
        [("refs/heads/main", TIP, Trigger.MERGE)],
        "staging: `abcdef1` of `main` is next.",
    ),
    "merged, and the forge does not say as what": (
        pull_request("merged", merged_sha=""),
        facts(newest=(MAIN,)),
        [("refs/heads/main", TIP, Trigger.MERGE)],
        "staging: `abcdef1` of `main` is next.",
    ),
    "merged with mistakes in its file": (
        INTO_MAIN,
        facts(mistakes=MISTAKES, newest=(Newest(environment="staging", why="the file of 9f8e7d6 has mistakes"),)),
        [],
        "staging: `the file of 9f8e7d6 has mistakes`, so what runs stays, 1a2b3c4, until somebody deploys.",
    ),
    "closed": (
        CLOSED,
        facts(newest=(MAIN,)),
        [("refs/heads/main", TIP, Trigger.CLOSED)],
        "staging: `abcdef1` of `main` is next.",
    ),
    "closed, where tags are followed": (
        CLOSED,
        facts(newest=(replace(MAIN, ref="refs/tags/v1.10"),)),
        [("refs/tags/v1.10", TIP, Trigger.CLOSED)],
        "staging: `abcdef1` of `v1.10` is next.",
    ),
    "closed, where nothing is followed": (
        CLOSED,
        facts(newest=(Newest(environment="staging", why="it follows no branch and no tags"),)),
        [],
        "staging: `it follows no branch and no tags`, so what runs stays, 1a2b3c4, until somebody deploys.",
    ),
    "closed, and the branch's name is hostile": (
        CLOSED,
        facts(newest=(replace(MAIN, ref="refs/heads/`@all"),)),
        [("refs/heads/`@all", TIP, Trigger.CLOSED)],
        "staging: `abcdef1` of `'@all` is next.",
    ),
}


@pytest.mark.parametrize("case", ENDS)
def test_the_pin_ends_and_the_environment_goes_on(case: str) -> None:
    """However it ends, staging is let go, in the same step as what it runs next, and I am told in the conversation."""
    event, known, next_ones, line = ENDS[case]
    decision = route(event, replace(known, holds=(MINE, OTHERS)))
    assert decision.acts[0] == LIFTED
    assert [act for act in decision.acts if isinstance(act, LiftHold)] == [LIFTED], "#8's pin is not ours to lift"
    assert deploys(decision) == next_ones
    assert line in told(decision)
    assert decision.acts[-1] == Withdraw(number=7, merged=event.action == "merged")
    assert "staging is pinned to #7 no more: " in decision.sentence


def test_a_push_that_waited_is_what_goes_on() -> None:
    """main moved meanwhile, and its commit waits for me: closing lets that one go, and queues no second one."""
    waits = Standing(environment="staging", unfinished=(deployed(2, TIP, State.QUEUED),))
    decision = route(CLOSED, facts(newest=(MAIN,), holds=(MINE,), standings=(waits,)))
    assert decision.acts[0] == LIFTED
    assert deploys(decision) == []
    assert "`abcdef1` of `main` is next" in told(decision)


def test_a_newer_tip_than_what_waits_is_deployed() -> None:
    """The push that waits is not the branch's newest: no delivery has told of that one yet."""
    waits = Standing(environment="staging", unfinished=(deployed(2, SHA, State.QUEUED),))
    decision = route(CLOSED, facts(newest=(MAIN,), holds=(MINE,), standings=(waits,)))
    assert deploys(decision) == [("refs/heads/main", TIP, Trigger.CLOSED)]


@pytest.mark.parametrize("event", [CLOSED, INTO_MAIN])
def test_what_pinned_nothing_says_nothing(event: Event) -> None:
    """A pull request that was never deployed ends as before."""
    decision = route(event, facts(LIVE, holds=(OTHERS,), newest=(MAIN,)))
    assert [type(act) for act in decision.acts] == [Withdraw]
    assert "pinned" not in decision.sentence


NOWHERE = Newest(environment="staging", why="it follows no branch and no tags")


@pytest.mark.parametrize("action", ["closed", "merged"])
@pytest.mark.parametrize(("state", "begun"), [(State.QUEUED, False), (State.QUEUED, True), (State.RUNNING, True)])
def test_what_waits_of_a_closed_one_does_not_begin_where_nothing_overtakes_it(
    action: str, state: State, *, begun: bool
) -> None:
    """I close what waits for its turn in an environment that follows nothing: it is cancelled, and what runs is named.

    What has begun goes on to its end, and whoever merges does not take it back.
    """
    event = pull_request(action, merged_sha="" if action == "closed" else MERGED)
    mine = replace(deployed(3, SHA, state), pull_request=7, begun=begun)
    there = Standing(environment="staging", runs=deployed(1, TIP), unfinished=(mine,))
    decision = route(event, facts(newest=(NOWHERE,), holds=(MINE,), standings=(there,)))
    stops = action == "closed" and not begun
    cancels = [act for act in decision.acts if isinstance(act, Cancel)]
    assert cancels == ([Cancel(environment="staging", by="closing #7", pull_request=7)] if stops else [])
    assert "what runs stays, abcdef1, until somebody deploys" in told(decision)
    assert ("what waited of it is cancelled" in told(decision)) == stops


def test_where_nothing_runs_nothing_is_said_to_stay() -> None:
    """It waited to be the first there."""
    there = Standing(environment="staging", unfinished=(replace(deployed(3, SHA, State.QUEUED), pull_request=7),))
    decision = route(CLOSED, facts(newest=(NOWHERE,), holds=(MINE,), standings=(there,)))
    assert "so nothing runs there until somebody deploys; what waited of it is cancelled." in told(decision)


TRIED = deployed(3, SHA, State.SUCCEEDED, pull_request=7)


@pytest.mark.parametrize(
    ("state", "runs"),
    [
        (State.RUNNING, deployed(1, TIP)),
        (State.SUCCEEDED, TRIED),
        (State.FAILED, deployed(1, TIP)),
        (State.QUEUED, TRIED),
        (State.CANCELLED, TRIED),
    ],
)
def test_what_was_unlocked_before_gives_way_too(state: State, runs: Deployment) -> None:
    """Somebody unlocked staging, and a commit of mine came there and stayed: closed, it makes room for main's."""
    stands = Standing(environment="staging", latest=replace(TRIED, state=state), runs=runs)
    decision = route(CLOSED, facts(newest=(MAIN,), standings=(stands,)))
    assert [type(act) for act in decision.acts] == [Deploy, Reply, Withdraw]
    assert deploys(decision) == [("refs/heads/main", TIP, Trigger.CLOSED)]
    assert told(decision) == (
        "#7 was closed without a merge, so what it brought gives way:\n\n- staging: `abcdef1` of `main` is next."
    )
    assert decision.sentence.endswith("staging had #7 still: abcdef1 of main is next")


@pytest.mark.parametrize(
    "stands",
    [
        Standing(environment="staging", latest=replace(TRIED, pull_request=8)),
        Standing(environment="staging", latest=replace(TRIED, state=State.CANCELLED)),
        Standing(environment="staging", latest=TRIED, holds=(replace(MINE, kind="pin", pull_request=0),)),
        Standing(environment="staging", latest=TRIED, holds=(OTHERS,)),
    ],
)
def test_what_somebody_else_decided_since_stays(stands: Standing) -> None:
    """Another one's commit, a cancelled one and what somebody has pinned are not taken back by my closing."""
    decision = route(CLOSED, facts(newest=(MAIN,), standings=(stands,)))
    assert [type(act) for act in decision.acts] == [Withdraw]


@pytest.mark.parametrize("newest", [(), (Newest(environment="staging", why="there is no branch main"),)])
def test_where_nothing_takes_its_place_nothing_is_said_again(newest: tuple[Newest, ...]) -> None:
    """It was said when it was unlocked that what runs stays."""
    decision = route(CLOSED, facts(newest=newest, standings=(Standing(environment="staging", latest=TRIED),)))
    assert [type(act) for act in decision.acts] == [Withdraw]
