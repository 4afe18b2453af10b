"""The buttons below a check: which there are when, who may press them, and that they mean what was shown."""

from dataclasses import replace
from typing import Any

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.ask import AskVerdict, Source
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.proposal import LEFT
from pushboat.model.release import Release
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.status import Status
from pushboat.routing import Commit, Decision, Deploy, Facts, PutHold, Reply, asking, buttons, ignored, route
from tests.routing.words import ALL, MERGED, SHA, asked, deployed


def pressed(button: str, check: str = "pushboat/plan/staging", **fields: Any) -> Event:
    """Make a press of wendy's on a button below a check of a commit."""
    values = {"action": "requested_action", "repository": "acme/shop", "sha": SHA, "author": "wendy", "title": check}
    return Event(kind=EventKind.RERUN, **{**values, "number": 7, "button": button, **fields})


def known(latest: Deployment | None = None, **fields: Any) -> Facts:
    """Make what is known: pull request 7 of this head, and what staging had last."""
    standing = Standing(environment="staging", latest=latest or deployed(3), runs=latest or deployed(3))
    releases = tuple(
        Release(number=each, deployment=each, sha=MERGED, ref="refs/heads/main", at=0.0, digest=str(each), kept=True)
        for each in (2, 1)
    )
    said = {"standings": (standing,), "repository": "github/acme/shop", "releases": releases}
    return asked(*ALL, **{**said, **fields})


def decided(event: Event, facts: Facts) -> Decision:
    """Read a press as the front door does, and decide."""
    return route(event, facts, asking.read(event, "github/acme/shop"))


def refused(event: Event, facts: Facts) -> str:
    """Give the reason why nothing follows."""
    decision = decided(event, facts)
    assert decision.answer
    assert decision.answer.verdict is AskVerdict.REFUSED
    assert not [act for act in decision.acts if not isinstance(act, Reply)]
    return decision.answer.reason


def words(context: str, state: State = State.SUCCEEDED, about: Deployment | None = None, said: str = "x") -> list[str]:
    """Name the buttons below a status of this commit."""
    shown = Status(context=context, state=state, description=said, path="")
    return [each.word for each in buttons.offered(SHA, shown, about)]


PLANNED = {"kind": Kind.PLAN, "lane": Lane(repository="github/acme/shop", environment="staging", number=7)}
QUEUED = {"kind": Kind.PLAN, "lane": Lane(repository="github/acme/shop", environment="staging", number=-7)}


@pytest.mark.parametrize(
    ("context", "about", "there"),
    [
        ("pushboat/plan", None, ["plan"]),
        ("pushboat/plan", deployed(1, **PLANNED), ["plan"]),
        ("pushboat/plan/staging", deployed(1, **PLANNED), ["plan", "deploy"]),
        ("pushboat/plan/staging", deployed(1, state=State.FAILED, **PLANNED), ["plan"]),
        ("pushboat/plan/staging", deployed(1, **QUEUED), []),
        ("pushboat/staging", deployed(1), ["deploy", "rollback"]),
        ("pushboat/staging", deployed(1, state=State.FAILED), ["deploy", "rollback"]),
        ("pushboat/staging", deployed(1, state=State.CANCELLED), ["deploy"]),
        ("pushboat/staging", deployed(1, again=2), ["rollback"]),
        ("pushboat/staging", deployed(1, MERGED), []),
        ("pushboat/staging", deployed(1, kind=Kind.REMOVAL), []),
        ("pushboat/staging", None, []),
        ("pushboat", None, []),
    ],
)
def test_a_check_has_the_buttons_that_make_sense(context: str, about: Deployment | None, there: list[str]) -> None:
    """Plans are made again and deployed, deployments done again and taken back; never more than three."""
    assert words(context, about=about) == there


def test_what_goes_on_or_is_over_has_none() -> None:
    """There is nothing to decide about yet, or any more."""
    assert words("pushboat/staging", State.RUNNING, deployed(1, state=State.RUNNING)) == []
    assert words("pushboat/plan", said=LEFT) == []


def test_buttons_are_within_githubs_limits() -> None:
    """It would refuse the whole check."""
    for each in (buttons.PLAN, buttons.DEPLOY, buttons.AGAIN, buttons.BACK):
        assert (len(each.word) <= 20, len(each.label) <= 20, len(each.description) <= 40) == (True, True, True)


def test_a_press_is_an_ask_of_the_pressers_about_the_checks_commit() -> None:
    """Below a plan it stands on the pull request, below a deployment on the environment."""
    below_plan = asking.read(pressed("deploy"), "github/acme/shop")
    assert below_plan
    told = (
        below_plan.word,
        below_plan.who,
        below_plan.source,
        below_plan.environment,
        below_plan.number,
        below_plan.sha,
    )
    assert told == ("deploy", "wendy", Source.BUTTON, "staging", 7, SHA)
    below_all = asking.read(pressed("plan", "pushboat/plan"), "github/acme/shop")
    assert below_all
    assert (below_all.environment, below_all.number) == ("", 7)
    below_deployment = asking.read(pressed("rollback", "pushboat/staging"), "github/acme/shop")
    assert below_deployment
    assert (below_deployment.environment, below_deployment.number) == ("staging", 0)


def test_a_plan_is_made_again_and_deployed_by_a_press() -> None:
    """As by a comment, and answered in the conversation."""
    for button, kind in (("plan", Kind.PLAN), ("deploy", Kind.DEPLOY)):
        acts = decided(pressed(button), known()).acts
        (act,) = [each for each in acts if isinstance(each, Deploy) and not each.once]
        told = (act.kind, act.environment, act.sha, act.author, act.trigger)
        assert told == (kind, "staging", SHA, "wendy", Trigger.BUTTON)
        assert [each.number for each in acts if isinstance(each, Reply)] == [7]


def test_a_deployment_is_done_again_or_taken_back_by_a_press() -> None:
    """The release before it comes back, and is pinned as always."""
    again = decided(pressed("deploy", "pushboat/staging"), known(commit=Commit(sha=SHA, ref="refs/heads/main"))).acts
    assert [(each.sha, each.ref) for each in again if isinstance(each, Deploy)] == [(SHA, "refs/heads/main")]
    back = decided(pressed("rollback", "pushboat/staging"), known()).acts
    assert [each.release for each in back if isinstance(each, Deploy)] == [1]
    assert [each.hold.by for each in back if isinstance(each, PutHold)] == ["wendy"]


def test_who_may_not_is_told_what_is_missing() -> None:
    """GitHub shows the button to every writer; the operator's file says who deploys."""
    assert "wendy may not deploy staging" in refused(pressed("deploy"), known(permission="read"))
    assert "wendy may not rollback staging" in refused(
        pressed("rollback", "pushboat/staging"), known(permission="read")
    )
    assert "wendy may not plan" in refused(pressed("plan", "pushboat/plan"), known(permission="read"))


def test_a_press_on_an_older_head_is_refused_with_what_changed() -> None:
    """I looked at one commit and would have deployed another."""
    moved = "#7 has moved on since that check, from `9f8e7d6` to `1a2b3c4`"
    assert moved in refused(pressed("deploy", sha=MERGED), known(commit=Commit(sha=MERGED)))
    assert moved in refused(pressed("plan", sha=MERGED), known(commit=Commit(sha=MERGED)))


def test_a_press_on_an_older_deployment_is_refused_with_what_is_there() -> None:
    """A rollback from an old page would take back what somebody deployed since."""
    later = known(deployed(4, MERGED), commit=Commit(sha=SHA))
    for button in ("deploy", "rollback"):
        told = refused(pressed(button, "pushboat/staging"), later)
        assert "staging has moved on since that check, from `1a2b3c4` to `9f8e7d6`" in told


def test_what_is_on_its_way_is_not_deployed_twice() -> None:
    """Two people press at once."""
    going_on = known(deployed(4, state=State.RUNNING), commit=Commit(sha=SHA))
    assert "on its way to staging already" in refused(pressed("deploy", "pushboat/staging"), going_on)


def test_a_fork_is_planned_by_a_press_and_never_deployed() -> None:
    """The rules of a comment: who may write has looked at the commits and says so."""
    assert [each.kind for each in decided(pressed("plan"), known(fork=True)).acts if isinstance(each, Deploy)] == [
        Kind.PLAN, Kind.PLAN,
    ]  # fmt: skip
    assert "comes from a fork" in refused(pressed("deploy"), known(fork=True))


def test_without_an_open_pull_request_nothing_is_planned_or_deployed() -> None:
    """It was closed meanwhile, and its checks are still there."""
    for button in ("plan", "deploy"):
        told = refused(pressed(button, number=None), replace(known(), pull_request=None))
        assert "No open pull request is known whose head is `1a2b3c4`" in told
    assert "#7 is closed" in refused(pressed("deploy"), known(open=False))
    assert "#7 is merged already" in refused(pressed("plan"), known(open=False, merged=True))


def test_an_unknown_button_a_bot_and_a_strangers_check_do_nothing() -> None:
    """Neither an identifier of another version nor a program, nor a check that is not ours."""
    assert "`destroy` is no button of this version" in refused(pressed("destroy"), known())
    bot = pressed("deploy", author="renovate[bot]", bot=True)
    assert "is a bot" in ignored(bot, asking.read(bot, "github/acme/shop"), operator_knows_repository=True)
    other = pressed("deploy", "somebody/staging")
    assert "somebody else's check" in ignored(other, asking.read(other, "x"), operator_knows_repository=True)
