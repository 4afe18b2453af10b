"""`/deploy rollback staging` goes to the release that is meant, and says no with the list of those there are."""

from dataclasses import replace
from typing import Any

import pytest

from pushboat.errors import CommandRefused
from pushboat.model.ask import AskVerdict
from pushboat.model.deployment import Counts
from pushboat.model.hold import Hold, Scope
from pushboat.model.release import Release
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Deploy, Facts, LiftHold, PutHold, Reply
from pushboat.routing.answering import answer
from pushboat.routing.choosing import choose
from tests.routing.words import STAGING, answered, ask, asked, comment, deployed, facts, limits

HERE = Scope(repository="github/acme/shop", environment="staging")
NOON = 1_790_164_800.0


def release(number: int, digest: str = "", **more: Any) -> Release:
    """One of staging's releases."""
    values = {"ref": "refs/heads/main", "sha": f"{number}" * 40, "digest": digest or f"digest {number}", "at": NOON}
    return Release(number=number, deployment=number * 10, **{**values, **more})


THREE = (release(3), release(2), release(1))


def known(releases: tuple[Release, ...] = THREE, **more: Any) -> Facts:
    """What a worker knows of staging."""
    return facts(limits=limits(STAGING), releases=releases, **more)


def test_the_release_before_the_one_that_runs_is_meant() -> None:
    """No number: it is deployed as it is stored, as of its commit, and the environment is held there."""
    decision = answer(ask("rollback", "staging", arguments={"reason": "it burns"}), known())
    put, act = decision.acts
    assert isinstance(put, PutHold)
    assert isinstance(act, Deploy)
    assert (act.sha, act.ref, act.release, act.trigger) == ("2" * 40, "refs/heads/main", 2, Trigger.ROLLBACK)
    hold = put.hold
    assert (hold.kind, hold.scope, hold.subject, hold.reason) == ("pin", HERE, "release 2 (2222222)", "it burns")
    assert decision.sentence == (
        "rolling staging back to release 2 (2222222), and pinning it there until somebody unlocks it, "
        "as olga on the command line said"
    )


def test_a_comment_may_name_the_release_and_hold_nothing() -> None:
    """`/deploy rollback staging 1 --until-next-push`: the reply says where to look."""
    decision = answered(comment("/deploy rollback staging 1 --until-next-push"), asked(STAGING, releases=THREE))
    act, reply = decision.acts
    assert isinstance(act, Deploy)
    assert isinstance(reply, Reply)
    assert (act.release, act.prune_many) == (1, False)
    assert reply.body.startswith("Rolling staging back to release 1, `1111111`, until the next push.")
    consented = answered(comment("/deploy rollback staging --prune"), asked(STAGING, releases=THREE)).acts[1]
    assert isinstance(consented, Deploy)
    assert consented.prune_many


def test_a_second_rollback_takes_the_place_of_the_first_ones_pin() -> None:
    """Ann goes back one, then another: one pin stands, and it names the release that is there."""
    pin = Hold(kind="pin", scope=HERE, by="ann", subject="release 2 (2222222)")
    elsewhere = Hold(kind="pin", scope=Scope(repository="github/acme/shop", environment="qa"), by="ann", subject="x")
    decision = answer(ask("rollback", "staging", arguments={"release": "1"}), known(holds=(pin, elsewhere)))
    assert decision.acts[0] == LiftHold(kind="pin", scope=HERE, subject="release 2 (2222222)")
    assert len(decision.acts) == 3
    explicit = answered(comment("/deploy staging"), asked(STAGING, holds=(pin, elsewhere)))
    assert explicit.acts[0] == PutHold(hold=replace(pin, pull_request=7)), "it goes once that begins"


@pytest.mark.parametrize(
    ("releases", "latest", "expected"),
    [
        ((release(4, "digest 2", again=2), *THREE), None, 1),
        ((release(5, "digest 1", again=4), release(4, "digest 1", again=1), *THREE), None, 0),
        ((release(4, "digest 3"), *THREE), None, 2),
        (THREE, deployed(40, state=State.FAILED, counts=Counts(configured=1)), 3),
        (THREE, deployed(40, state=State.CANCELLED, counts=Counts(created=1)), 3),
        (THREE, deployed(40, state=State.FAILED), 2),
        (THREE, deployed(40, state=State.CANCELLED, kind=Kind.REMOVAL, started_at=NOON), 3),
        (THREE, deployed(40, state=State.ERRORED, kind=Kind.REMOVAL, started_at=NOON), 3),
        (THREE, deployed(40, state=State.CANCELLED, kind=Kind.REMOVAL), 2),
        (THREE, deployed(30, counts=Counts(created=1)), 2),
    ],
    ids=[
        "twice",
        "to the end",
        "the same again",
        "broke off",
        "was cancelled",
        "wrote nothing",
        "cancelled removal",
        "failed removal",
        "removal that never began",
        "got through",
    ],
)
def test_without_a_number_it_goes_where_things_were_well(
    releases: tuple[Release, ...], latest: Any, expected: int
) -> None:
    """Never to what I rolled back from, nor to what is there already; after a broken one to the last good one."""
    standing = Standing(environment="staging", latest=latest)
    if not expected:
        with pytest.raises(CommandRefused, match="staging had nothing else before release 5, which runs"):
            choose(releases, standing)
    else:
        assert choose(releases, standing).number == expected


def test_what_was_left_halfway_is_rolled_back_whatever_came_after_it() -> None:
    """b wrote half of itself, and c, which came after it, wrote nothing: the last good one is meant, not one more."""
    broken = deployed(40, state=State.SUPERSEDED)
    for latest in (deployed(50, state=State.FAILED), deployed(50, state=State.CANCELLED, kind=Kind.REMOVAL)):
        assert choose(THREE, Standing(environment="staging", latest=latest, halfway=broken)).number == 3


@pytest.mark.parametrize(
    ("wanted", "releases", "said"),
    [
        ("9", THREE, "staging has no release `9`. There are:\n\n- 3: `3333333`, 2026-09-23 12:00 UTC\n- 2: "),
        ("x`y", THREE, "staging has no release `x'y`."),
        ("1", (*THREE[:2], release(1, kept=False)), "What release 1 of staging was made of is not kept any more"),
        ("", THREE[2:], "staging had nothing else before release 1, which runs. There are:\n\n- 1: "),
        ("", (), "Nothing that could be brought back was deployed to staging yet"),
        ("2", (release(3, again=1), *THREE[1:]), ""),
    ],
)
def test_a_no_lists_what_there_is(wanted: str, releases: tuple[Release, ...], said: str) -> None:
    """Whoever mistypes a number sees the last ones."""
    decision = answer(ask("rollback", "staging", arguments={"release": wanted}), known(releases))
    assert decision.answer
    assert (decision.answer.verdict is AskVerdict.REFUSED) == bool(said)
    assert decision.answer.reason.startswith(said)
    assert bool(decision.acts) != bool(said)


def test_who_may_not_deploy_may_not_roll_back() -> None:
    """A reader is told so, and nothing is held."""
    decision = answered(comment("/deploy rollback staging"), asked(STAGING, permission="read", releases=THREE))
    assert [type(act) for act in decision.acts] == [Reply]
    assert "may not rollback staging" in decision.sentence


def test_what_else_holds_it_is_said() -> None:
    """Staging is paused: a rollback waits for that too, and whoever asks is told at once."""
    pause = Hold(kind="pause", scope=HERE, by="bob", since=NOON)
    pin = Hold(kind="pin", scope=HERE, by="ann", subject="release 2 (2222222)", rollbacks=False)
    decision = answer(ask("rollback", "staging"), known(holds=(pause, pin)))
    assert decision.sentence.endswith(". Something else holds it: paused by bob since 2026-09-23 12:00 UTC")
