"""What is decided about a merge queue's groups that are deployed before they merge: pure, over how they stand."""

from dataclasses import replace
from typing import Any

import pytest

from pushboat.config.project import Limits
from pushboat.events import Event, EventKind
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.hold import Hold, Scope
from pushboat.model.merge_group import MERGE_GROUP, MergeGroup, Queued
from pushboat.model.release import Release
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Decision, Deploy, LiftHold, Post, PutHold, route
from pushboat.routing.group_acts import Drop, Enter
from pushboat.routing.holds import KINDS, PIN, UNMERGED, sentence, who_ends
from tests.routing.test_pull_requests import merge_group
from tests.routing.words import ALL, MISTAKES, SHA, facts, pull_request

BASE = "ba5e" * 10
OTHER = "07ec" * 10
REF = "refs/heads/gh-readonly-queue/main/pr-7-" + BASE
LIMITS = {name: Limits(environment=name, cluster="dev", namespaces=("shop",)) for name in ("qa", "staging")}
DEPLOYED = {**LIMITS, "staging": replace(LIMITS["staging"], merge_queue="deploy")}
SCOPE = Scope(repository="github/acme/shop", environment="staging")
TURN = Event(kind=EventKind.MERGE_GROUP, action="turn", repository="acme/shop")
PINNED = Hold(kind=PIN, scope=SCOPE, by="ann", subject="release 3 (ba5eba5)")
BACK = Release(number=4, deployment=3, ref="refs/heads/main", sha=BASE, digest="d", at=1.0)


def group(**more: Any) -> MergeGroup:
    """Make the group of #7 before staging."""
    values: dict[str, Any] = {"number": -7, "sha": SHA, "ref": REF, "base": "main", "base_sha": BASE, **more}
    return MergeGroup(repository="github/acme/shop", environment="staging", **values)


def made(state: State, **more: Any) -> Deployment:
    """Make its deployment."""
    lane = Lane(repository="github/acme/shop", environment="staging")
    return Deployment(id=9, kind=Kind.DEPLOY, lane=lane, ref=REF, sha=SHA, state=state, pull_request=-7, **more)


def begun(state: State = State.SUCCEEDED, **more: Any) -> Queued:
    """Say how it stands once it has begun."""
    own = Hold(kind=MERGE_GROUP, scope=SCOPE, by="the merge queue", subject="s", pull_request=-7, sha=SHA)
    values: dict[str, Any] = {"deployment": made(state), "back": BACK, "holds": (own,), **more}
    return Queued(group=group(begun=9), **values)


def decided(event: Event, *groups: Queued, **more: Any) -> Decision:
    """Decide."""
    return route(event, facts(*ALL, limits=DEPLOYED, groups=groups, **more))


def gone(*groups: Queued, merged: bool = False) -> Decision:
    """Decide about a group that was destroyed."""
    event = merge_group("destroyed", ref=REF, title="merged" if merged else "dequeued")
    return decided(event, *(replace(each, merged=merged) for each in groups))


def deployed(decision: Decision) -> list[Deploy]:
    """List what is deployed."""
    return [act for act in decision.acts if isinstance(act, Deploy) and act.kind is Kind.DEPLOY]


def told(decision: Decision, context: str = "pushboat/staging") -> list[tuple[State, str]]:
    """List what is posted for an environment."""
    return [(act.state, act.description) for act in decision.acts if isinstance(act, Post) and act.context == context]


def test_a_group_enters_and_begins_where_it_is_first() -> None:
    """It is noted, planned as before, and deployed; the environment is its own from then on."""
    decision = decided(merge_group(ref=REF), Queued(group=group(), new=True, first=True))
    assert [act.group for act in decision.acts if isinstance(act, Enter)] == [group()]
    (hold,) = (act.hold for act in decision.acts if isinstance(act, PutHold))
    assert (hold.kind, hold.scope, hold.pull_request, hold.sha) == (MERGE_GROUP, SCOPE, -7, SHA)
    (act,) = deployed(decision)
    assert (act.sha, act.trigger, act.pull_request, act.environment) == (SHA, Trigger.MERGE_QUEUE, -7, "staging")
    assert told(decision) == [(State.QUEUED, "waits for its turn in the merge queue")]
    assert [act.environment for act in decision.acts if isinstance(act, Deploy) and act.kind is Kind.PLAN] == [
        "qa",
        "staging",
    ]


@pytest.mark.parametrize(
    "stands",
    [
        Queued(group=group(), first=False),
        Queued(group=group(), first=True, waits="deployment 8 is on its way there"),
        Queued(group=group(), first=True, pins=(PINNED,)),
    ],
)
def test_what_is_not_first_or_not_free_waits(stands: Queued) -> None:
    """Whoever is built on another group, or finds something there, begins nothing."""
    assert deployed(decided(TURN, stands)) == []
    other = Queued(group=group(sha=OTHER, ref="refs/heads/other", begun=5), deployment=made(State.RUNNING))
    assert deployed(decided(TURN, other, replace(stands, first=True, waits="", pins=()))) == [], "one at a time"
    assert len(deployed(decided(TURN, replace(stands, first=True, waits="", pins=())))) == 1


def test_it_takes_over_from_its_own_pull_request() -> None:
    """#7 was tried out there before it entered the queue: its pin ends with the group's turn."""
    pin = Hold(kind=UNMERGED, scope=SCOPE, by="alice", subject="#7", pull_request=7)
    acts = decided(TURN, Queued(group=group(), first=True, holds=(pin,))).acts
    assert LiftHold(kind=UNMERGED, scope=SCOPE, subject="#7") in acts


@pytest.mark.parametrize(
    ("stands", "back"),
    {
        "it got through": (begun(runs=True), True),
        "something else got through since": (begun(runs=False), False),
        "it runs": (begun(State.RUNNING), True),
        "it waits and has written": (begun(State.QUEUED, deployment=made(State.QUEUED, begun=True)), True),
        "it waits and has not begun": (begun(State.QUEUED), False),
        "it failed, and is answered": (begun(State.FAILED, halfway=True, answered=True), False),
        "it failed before it wrote": (begun(State.FAILED), False),
        "it was given up halfway": (begun(State.ERRORED, halfway=True), True),
    }.values(),
)
def test_a_dropped_group_is_undone_where_it_has_touched_something(stands: Queued, *, back: bool) -> None:
    """The release of before comes back, once; the environment is anybody's again."""
    decision = gone(stands)
    assert [(act.release, act.sha, act.pull_request) for act in deployed(decision)] == [(4, BASE, 0)] * back
    assert any(isinstance(act, LiftHold) and act.kind == MERGE_GROUP for act in decision.acts)
    (drop,) = (act for act in decision.acts if isinstance(act, Drop))
    assert stands.deployment
    assert (drop.deployment, drop.state, drop.merged) == (9, stands.deployment.state, False)


def test_what_waits_is_deployed_instead_of_what_ran_before() -> None:
    """A push came meanwhile, and is newer than what ran before the group: it is next."""
    pushed = replace(made(State.QUEUED), id=11, sha=OTHER, pull_request=0)
    decision = gone(begun(runs=True, behind=pushed))
    assert deployed(decision) == []
    assert "07ec07e waits, and is deployed instead of what ran before" in decision.sentence


def test_what_cannot_be_undone_is_said() -> None:
    """The first deployment ever, and a release of which nothing is kept: where, why, and what to do."""
    first = gone(begun(runs=True, back=None))
    assert deployed(first) == []
    assert "nothing ran in staging before it: what it brought there stays" in first.sentence
    assert told(first)[0][0] is State.FAILED
    lost = gone(begun(runs=True, back=replace(BACK, kept=False)))
    assert deployed(lost) == []
    assert "what release 4 (ba5eba5) was made of is not kept any more" in lost.sentence


def test_a_merged_group_hands_its_deployment_on() -> None:
    """By its own news or by the push of main: its deployment is main's, and who is next begins in the same breath."""
    behind = Queued(group=group(sha=OTHER, ref="refs/heads/behind", base_sha=SHA), first=True)
    push = Event(kind=EventKind.PUSH, action="updated", repository="acme/shop", ref="refs/heads/main", sha=SHA)
    for decision in (gone(begun(runs=True), behind, merged=True), decided(push, begun(runs=True), behind)):
        (drop,) = (act for act in decision.acts if isinstance(act, Drop))
        assert drop.merged
        assert [act.sha for act in deployed(decision) if act.trigger is Trigger.MERGE_QUEUE] == [OTHER]
        assert "staging runs 1a2b3c4 already, deployed before it merged" in decision.sentence
        assert [act for act in deployed(decision) if act.release] == []


def test_a_push_that_is_no_groups_begins_first() -> None:
    """Somebody pushes past the queue, and a group is built on that: it waits until the push has ended."""
    behind = Queued(group=group(sha=OTHER, ref="refs/heads/behind", base_sha=SHA), first=True)
    push = Event(kind=EventKind.PUSH, action="updated", repository="acme/shop", ref="refs/heads/main", sha=SHA)
    assert {act.trigger for act in deployed(decided(push, behind))} == {Trigger.PUSH}


def test_merged_without_having_got_through_it_is_deployed_as_any() -> None:
    """The check was not required: nothing is handed on, and the push deploys."""
    decision = gone(begun(State.FAILED), merged=True)
    (drop,) = (act for act in decision.acts if isinstance(act, Drop))
    assert (drop.merged, deployed(decision)) == (False, [])


def test_every_required_check_gets_its_answer() -> None:
    """What does not follow the base is green, what has mistakes is red, and so is nobody's turn missed in silence."""
    elsewhere = decided(merge_group(ref=REF, base_ref="docs"))
    assert told(elsewhere) == [(State.SUCCEEDED, "does not follow docs: the merge deploys nothing here")]
    broken = route(merge_group(ref=REF), facts(mistakes=MISTAKES, named=("staging",), limits=DEPLOYED))
    assert told(broken)[0][0] is State.FAILED


@pytest.mark.parametrize("fork", [False, True])
def test_a_pull_request_may_enter_the_queue(*, fork: bool) -> None:
    """GitHub wants the check on its head, too: it says what will be done, unless that commit was deployed itself."""
    decision = decided(pull_request(fork=fork))
    (post,) = (act for act in decision.acts if isinstance(act, Post) and act.context == "pushboat/staging")
    assert (post.state, post.first) == (State.SUCCEEDED, True)
    assert post.description == "deployed by the merge queue, before the merge"
    assert told(decision, "pushboat/qa") == []


def test_nobody_deploys_a_group_again_that_is_gone() -> None:
    """Re-run below the check of a group that left: refused, with why."""
    again = made(State.FAILED)
    asked = Event(kind=EventKind.RERUN, repository="acme/shop", sha=SHA, title="pushboat/staging", author="alice")
    known = {"standings": (Standing(environment="staging", latest=again),), "permission": "write"}
    assert [act.pull_request for act in deployed(decided(asked, begun(State.FAILED), **known))] == [-7]
    refused = decided(asked, **known)
    assert deployed(refused) == []
    assert "#7 in the merge queue (1a2b3c4) has left the queue, so nothing of it is deployed" in refused.sentence


def test_the_hold_says_for_whom_and_who_ends_it() -> None:
    """Whoever waits reads it."""
    (hold,) = begun().holds
    assert sentence(hold) == ("deployed for #7 in the merge queue (1a2b3c4), until it is merged or has left the queue")
    assert "remove it from the queue" in who_ends(hold)
    assert not KINDS[MERGE_GROUP].rollbacks
