"""`pushboat destroy` is asked for at the command line alone, and says what it ends beside the environment."""

import pytest

from pushboat.model.ask import AskVerdict
from pushboat.model.hold import Hold, Scope
from pushboat.model.standing import Standing
from pushboat.model.state import Kind
from pushboat.routing import Deploy, Facts, LiftHold, Reply
from pushboat.routing.answering import answer
from pushboat.routing.choosing import choose
from tests.commands.test_rollback import THREE
from tests.routing.words import SHA, STAGING, answered, ask, asked, comment, deployed, facts, limits

HERE = Scope(repository="github/acme/shop", environment="staging")


def known(*standings: Standing, holds: tuple[Hold, ...] = ()) -> Facts:
    """What a worker knows of staging."""
    return facts(limits=limits(STAGING), standings=standings, holds=holds)


def test_the_removal_stands_under_the_commit_that_runs_and_ends_a_rollbacks_hold() -> None:
    """Who asked and why is said; what runs is named, not what was tried since; the pin goes, a pause is named."""
    pin = Hold(kind="pin", scope=HERE, by="ann", subject="release 1")
    pause = Hold(kind="pause", scope=HERE, by="bob", reason="we count")
    there = Standing(environment="staging", runs=deployed(1), latest=deployed(2, "f" * 40))
    said = {"reason": "the fair is over", "skip_hooks": "yes"}
    decision = answer(ask("destroy", "staging", arguments=said), known(there, holds=(pin, pause)))
    lift, act = decision.acts
    assert lift == LiftHold(kind="pin", scope=HERE, subject="release 1")
    assert isinstance(act, Deploy)
    assert (act.kind, act.sha, act.ref, act.skip_hooks) == (Kind.REMOVAL, SHA, "refs/heads/main", True)
    assert decision.sentence == (
        "destroying staging, as olga on the command line said: the fair is over. "
        "Something else holds it: paused by bob: we count"
    )


def test_what_nobody_knows_is_not_destroyed() -> None:
    """Where neither the store nor the cluster has anything of it, I read what finds it under another name."""
    decision = answer(ask("destroy", "staging"), known(Standing(environment="staging")))
    assert decision.answer
    assert decision.answer.verdict is AskVerdict.REFUSED
    assert "If another one deployed it under another name, say that under formerly." in decision.answer.reason


@pytest.mark.parametrize("text", ["/deploy destroy staging", "/deploy destroy"])
def test_no_comment_destroys(text: str) -> None:
    """It is said who may, and no environment is taken for it."""
    (reply,) = answered(comment(text), asked(STAGING)).acts
    assert isinstance(reply, Reply)
    assert reply.body == "Environments are not destroyed by a comment: whoever runs Pushboat says `pushboat destroy`."


def test_a_rollback_after_it_brings_the_newest_release_back() -> None:
    """Where nothing runs, the newest release is meant, and not the one before it."""
    gone = Standing(environment="staging", latest=deployed(4, kind=Kind.REMOVAL), destroyed=True)
    assert choose(THREE, gone).number == 3
