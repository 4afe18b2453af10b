"""`/deploy staging` on a pull request pins staging to it; who comes next is told so, and how to get on."""

from dataclasses import replace

import pytest

from pushboat.model.ask import AskVerdict, Source
from pushboat.model.hold import Hold, Scope
from pushboat.model.release import Release
from pushboat.model.standing import Standing
from pushboat.routing import Deploy, LiftHold, PutHold, Reply
from pushboat.routing.answering import answer
from tests.routing.words import LIVE, MERGED, SHA, STAGING, ask, asked, deployed, environment, facts, limits

HERE = Scope(repository="github/acme/shop", environment="staging")
NOON = 1_790_164_800.0
OTHER = "1234567" + "0" * 33
SEVENS = Hold(kind="unmerged", scope=HERE, by="alice", subject="#7", pull_request=7, sha=SHA, since=NOON)
EIGHTS = replace(SEVENS, by="b`ob @all", subject="#8", pull_request=8, sha=OTHER)
BACK = Hold(kind="pin", scope=HERE, by="ann", subject="release 2 (2222222)", since=NOON)
PINNED = (
    "pinned to pull request #7 (1a2b3c4) by alice since 2026-09-23 12:00 UTC, until it is merged, closed or unlocked"
)
THERE = Standing(environment="staging", latest=deployed(1))
PRESSED = ask("deploy", "staging", who="alice", source=Source.BUTTON, sha=SHA)
COMMENT = ask("deploy", "staging", who="alice", source=Source.COMMENT, number=7)


def test_it_pins_the_environment_and_says_so() -> None:
    """I deploy my pull request: staging is mine until it is merged or closed, and I am told how it ends."""
    decision = answer(COMMENT, asked(STAGING))
    put, act, reply = decision.acts
    assert put == PutHold(hold=replace(SEVENS, since=0.0))
    assert isinstance(act, Deploy)
    assert act.pull_request == 7
    assert isinstance(reply, Reply)
    assert (
        "staging is pinned to #7 until that is merged or closed, or somebody says `/deploy unlock staging`"
        in reply.body
    )


def test_again_from_the_same_one_moves_the_pin() -> None:
    """I push a commit and deploy again: the pin stands for the new head, and nobody is let in between."""
    known = asked(STAGING, holds=(replace(SEVENS, sha=MERGED),))
    put, act, _ = answer(COMMENT, known).acts
    assert isinstance(put, PutHold)
    assert put.hold.sha == SHA
    assert isinstance(act, Deploy)


def test_another_one_is_told_whose_it_is() -> None:
    """#8 runs there: I am told who deployed it and how to get on, and nothing of theirs is pushed aside."""
    decision = answer(COMMENT, asked(STAGING, holds=(EIGHTS,)))
    (reply,) = decision.acts
    assert isinstance(reply, Reply)
    assert "staging is `pinned to pull request #8 (1234567) by b'ob @all since " in reply.body
    assert "`/deploy unlock staging`; then comment this again." in reply.body
    assert decision.answer
    assert decision.answer.verdict is AskVerdict.REFUSED


def test_whoever_names_a_commit_at_the_terminal_is_not_held_up() -> None:
    """The operator deploys all the same, and is told whose deployment gives way."""
    known = asked(STAGING, holds=(SEVENS, BACK))
    decision = answer(ask("deploy", "staging"), replace(known, pull_request=None))
    *lifted, act = decision.acts
    assert lifted == [LiftHold(kind=each.kind, scope=HERE, subject=each.subject) for each in (SEVENS, BACK)]
    assert isinstance(act, Deploy)
    assert act.pull_request == 0
    assert f"; it was {PINNED}" in decision.sentence


def test_a_release_that_was_brought_back_gives_way_to_it() -> None:
    """ann rolled back, and I deploy my mend: her pin lets mine pass, and goes once that begins to write."""
    passes, put, _, _ = answer(COMMENT, asked(STAGING, holds=(BACK,))).acts
    assert passes == PutHold(hold=replace(BACK, pull_request=7))
    assert isinstance(put, PutHold)


def test_an_environment_that_follows_the_very_branch_is_not_pinned() -> None:
    """Staging follows `fix`, of which I opened a pull request: its pushes deploy as always."""
    follows = environment("staging", branch="fix")
    acts = answer(COMMENT, asked(follows)).acts
    assert not any(isinstance(act, PutHold) for act in acts)
    assert [act.pull_request for act in acts if isinstance(act, Deploy)] == [0]


def test_what_follows_nothing_is_pinned_too() -> None:
    """An environment that deploys only by /deploy is mine as well until I am done."""
    acts = answer(replace(COMMENT, environment="live"), asked(replace(LIVE, tag="", deployers=("write",)))).acts
    assert any(isinstance(act, PutHold) for act in acts)


@pytest.mark.parametrize("source", [Source.COMMENT, Source.COMMAND])
def test_unlocking_ends_it(source: Source) -> None:
    """Whoever may deploy there may end somebody's pin; where nothing waits, what runs is said to stay."""
    known = asked(STAGING, holds=(EIGHTS,))
    wanted = ask("unlock", "staging", source=source, number=7 if source is Source.COMMENT else 0)
    decision = answer(wanted, known)
    assert decision.acts[0] == LiftHold(kind="unmerged", scope=HERE, subject="#8")
    assert "nothing waits there, so what runs stays until something is pushed or deployed" in decision.sentence


def test_a_rollback_takes_its_place() -> None:
    """It burns, whoever's it is: going back needs no leave, and the environment is pinned to the release then."""
    release = Release(number=3, deployment=5, ref="refs/heads/fix", sha=OTHER, digest="d", at=1.0, pull_request=8)
    known = facts(STAGING, limits=limits(STAGING), holds=(SEVENS,), releases=(release,), standings=())
    lifted, put, act = answer(ask("rollback", "staging", arguments={"release": "3"}), known).acts
    assert lifted == LiftHold(kind="unmerged", scope=HERE, subject="#7")
    assert isinstance(put, PutHold)
    assert put.hold.kind == "pin"
    assert isinstance(act, Deploy)
    assert act.pull_request == 8, "it is unmerged work that comes back"


def test_its_deployments_pass_and_nobody_elses() -> None:
    """The pin binds pushes and other pull requests, and neither its own, rollbacks nor plans."""
    sevens = replace(SEVENS, rollbacks=False)
    assert sevens.binds(deployed(1), NOON)
    assert sevens.binds(deployed(1, pull_request=8), NOON)
    assert not sevens.binds(deployed(1, pull_request=7), NOON)
    assert not sevens.binds(deployed(1, again=3), NOON)


@pytest.mark.parametrize("holds", [(SEVENS,), ()])
def test_a_button_below_its_commit_means_the_pull_request(holds: tuple[Hold, ...]) -> None:
    """I press Deploy again below #7's commit, pinned or unlocked since: it is deployed as #7's, and is pinned."""
    put, act = answer(PRESSED, asked(STAGING, holds=holds, standings=(THERE,))).acts
    assert put == PutHold(hold=replace(SEVENS, since=0.0))
    assert isinstance(act, Deploy)
    assert act.pull_request == 7


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"open": False}, "#7 is closed: reopen it to deploy it."),
        ({"open": False, "merged": True}, "#7 is merged already"),
    ],
)
def test_a_button_below_what_has_ended_brings_nothing_back(how: dict[str, bool], told: str) -> None:
    """#7 was closed and its commit still runs, as nothing is followed: the button is no way around that."""
    known = asked(STAGING, standings=(THERE,))
    assert known.pull_request
    decision = answer(PRESSED, replace(known, pull_request=replace(known.pull_request, **how)))
    assert decision.acts == ()
    assert decision.answer
    assert told in decision.answer.reason


def test_a_button_is_no_way_around_a_base_that_moved() -> None:
    """The operator wants pull requests up to date: what came to main since would go, whatever I press."""
    refuses = {"staging": replace(limits(STAGING)["staging"], require_up_to_date="refuse")}
    known = replace(asked(STAGING, standings=(THERE,), behind="main"), limits=refuses)
    decision = answer(PRESSED, known)
    assert decision.acts == ()
    assert decision.answer
    assert decision.answer.reason.startswith("#7 is behind `main`")


def test_a_button_below_another_commit_pushes_nobody_aside() -> None:
    """Below main's commit the same button is refused while #8 has staging; a release gives way, as to a comment."""
    known = replace(asked(STAGING, holds=(EIGHTS,), standings=(THERE,)), pull_request=None)
    decision = answer(PRESSED, known)
    assert decision.answer
    assert decision.answer.verdict is AskVerdict.REFUSED
    lifted, act = answer(PRESSED, replace(known, holds=(BACK,))).acts
    assert lifted == LiftHold(kind="pin", scope=HERE, subject=BACK.subject)
    assert isinstance(act, Deploy)
    assert act.pull_request == 0
