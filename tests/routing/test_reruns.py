"""GitHub's re-run button does once more what speaks under the check's name, for those who may."""

from dataclasses import replace
from typing import Any

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.ask import AskVerdict, Source
from pushboat.model.deployment import Deployment
from pushboat.model.hold import Hold, Scope
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Deploy, Facts, Post, PutHold, asking, route
from tests.routing.words import ALL, MERGED, SHA, asked, deployed


def pressed(check: str = "", **fields: Any) -> Event:
    """Make the wish to run a check of a commit again; without a name, all of them."""
    values = {"action": "rerequested", "repository": "acme/shop", "sha": SHA, "author": "wendy", "title": check}
    return Event(kind=EventKind.RERUN, **{**values, **fields})


def known(latest: Deployment | None = None, permission: str = "write", **fields: Any) -> Facts:
    """Make what is known: pull request 7 of this head, and what staging had last."""
    last = latest or deployed(3, state=State.FAILED)
    return asked(*ALL, permission=permission, standings=(Standing(environment="staging", latest=last),), **fields)


def led_to(event: Event, facts: Facts) -> list[tuple[Kind, str]]:
    """Say what is planned and deployed."""
    return [(act.kind, act.environment) for act in route(event, facts).acts if isinstance(act, Deploy) and not act.once]


BOTH = [(Kind.PLAN, "qa"), (Kind.PLAN, "staging")]
AGAIN = (Kind.DEPLOY, "staging")


@pytest.mark.parametrize(
    ("check", "follows"),
    [
        ("pushboat/plan", BOTH),
        ("pushboat/plan/staging", BOTH[1:]),
        ("pushboat/plan/live", []),
        ("pushboat/staging", [AGAIN]),
        ("pushboat/qa", []),
        ("pushboat", BOTH),
        ("", [*BOTH, AGAIN]),
    ],
)
def test_a_check_runs_again_under_its_name(check: str, follows: list[tuple[Kind, str]]) -> None:
    """I press the button beside one check, or beside all of them."""
    assert led_to(pressed(check), known()) == follows


def test_a_plan_that_runs_again_is_not_the_only_one() -> None:
    """Of the other environments a plan of my commit must be there, or pushboat/plan would be too good."""
    acts = route(pressed("pushboat/plan/staging"), known()).acts
    assert [(act.environment, act.once) for act in acts if isinstance(act, Deploy)] == [
        ("qa", True),
        ("staging", False),
    ]


def test_a_plan_that_there_is_not_leaves_nothing_waiting() -> None:
    """An old check of an environment that merging does not touch any more: my required check does not turn pending."""
    assert route(pressed("pushboat/plan/live"), known()).acts == ()


def test_what_is_deployed_again_is_the_same_thing_in_the_pressers_name() -> None:
    """A rollback is brought back from what is stored, as it was before."""
    (act,) = route(pressed("pushboat/staging"), known(deployed(3, state=State.ERRORED, again=2))).acts
    assert isinstance(act, Deploy)
    assert (act.author, act.trigger, act.release, act.once) == ("wendy", Trigger.REPLAY, 2, False)


def test_what_is_good_or_goes_on_or_is_older_is_left_alone() -> None:
    """All checks again means what was not good; an older commit never comes back by a button."""
    good = known(deployed(3))
    assert led_to(pressed(), good) == BOTH
    assert led_to(pressed("pushboat/staging"), good) == [AGAIN]
    assert led_to(pressed("pushboat/staging"), known(deployed(3, state=State.RUNNING))) == []
    older = route(pressed("pushboat/staging"), known(deployed(3, MERGED)))
    assert older.acts == ()
    assert older.sentence == "pushboat/staging is not the newest word on 1a2b3c4: nothing to run again"


def test_who_may_not_deploy_may_not_by_a_button() -> None:
    """GitHub lets every writer press it; the operator's file says who deploys."""
    decision = route(pressed("pushboat/staging"), known(permission="read"))
    assert decision.acts == ()
    assert "wendy may not deploy staging" in decision.sentence


def test_a_fork_is_not_planned_by_a_button() -> None:
    """Somebody has to say that its commits were looked at."""
    (posted,) = route(pressed("pushboat/plan"), known(fork=True)).acts
    assert isinstance(posted, Post)
    assert "/deploy plan" in posted.description


def test_every_press_is_asked_by_somebody_and_has_a_verdict() -> None:
    """Who pressed, and what became of it, is kept as of any command."""
    ask = asking.read(pressed("pushboat/staging"), "github/acme/shop")
    assert ask
    told = (ask.word, ask.who, ask.source, ask.environment, ask.sha, ask.number)
    assert told == ("rerun", "wendy", Source.BUTTON, "staging", SHA, 0)
    for known_by, verdict in ((known(), AskVerdict.DONE), (known(permission="read"), AskVerdict.REFUSED)):
        answer = route(pressed("pushboat/staging"), known_by, ask).answer
        assert answer
        assert answer.verdict is verdict


def test_a_pull_requests_commit_pins_the_environment_again() -> None:
    """It was deployed by comment and unlocked since: by the button it is there before its merge again, and pinned."""
    last = replace(deployed(3, state=State.FAILED), pull_request=7)
    pin, again = route(pressed("pushboat/staging"), known(last)).acts
    assert isinstance(pin, PutHold)
    assert (pin.hold.kind, pin.hold.subject, pin.hold.pull_request, pin.hold.sha) == ("unmerged", "#7", 7, SHA)
    assert pin.hold.scope.environment == "staging"
    assert isinstance(again, Deploy)
    assert again.pull_request == 7


@pytest.mark.parametrize("kind", ["unmerged", "pin"])
def test_what_pins_it_already_stays(kind: str) -> None:
    """A rollback's pin, or its own, stands: the button moves neither."""
    last = replace(deployed(3, state=State.FAILED), pull_request=7)
    hold = Hold(kind=kind, scope=Scope(repository="github/acme/shop", environment="staging"), by="bob")
    standing = Standing(environment="staging", latest=last, holds=(hold,))
    facts = replace(known(last), repository="github/acme/shop", standings=(standing,))
    (again,) = route(pressed("pushboat/staging"), facts).acts
    assert isinstance(again, Deploy)


def test_the_commit_of_a_closed_pull_request_does_not_come_back() -> None:
    """What was closed is not wanted there, whoever finds its check."""
    last = replace(deployed(3, state=State.FAILED), pull_request=7)
    facts = known(last)
    assert facts.pull_request
    decision = route(pressed("pushboat/staging"), replace(facts, pull_request=replace(facts.pull_request, open=False)))
    assert decision.acts == ()
    assert "#7 is closed" in decision.sentence
