"""`--break-glass "reason"`: one deployment passes what is there to be passed, and says why."""

from dataclasses import replace

import pytest

from pushboat.model.hold import Hold, Scope
from pushboat.model.state import State
from pushboat.routing import Deploy, Reply, grammar
from tests.routing.words import STAGING, answered, asked, comment
from tests.routing.words import deployed as a_deployment

HERE = Scope(repository="github/acme/shop", environment="staging")
NOON = 1_790_164_800.0
FREEZE = Hold(
    kind="freeze", scope=HERE, by="pushboat.yaml", until=NOON, reason="the weekend", breakable=True, begun=False
)
WAITING = a_deployment(4, state=State.QUEUED)
LOCK = Hold(kind="lock", scope=HERE, by="bob", spares="bob", since=1.0)


def deployed(text: str, *holds: Hold) -> tuple[Deploy, str]:
    """Give the deployment that a comment leads to, and the reply."""
    acts = answered(comment(text), asked(STAGING, holds=holds)).acts
    (act,) = [each for each in acts if isinstance(each, Deploy)]
    (reply,) = [each for each in acts if isinstance(each, Reply)]
    return act, reply.body


@pytest.mark.parametrize(
    "quotes",
    ['"the shop is down"', "'the shop is down'", "\u201cthe shop is down\u201d", "\u201ethe shop is down\u201c"],
)
def test_it_takes_the_reason_in_any_quotes(quotes: str) -> None:
    """Phones write their own quotation marks: at night nobody looks for the right ones."""
    act, reply = deployed(f"/deploy staging --break-glass {quotes}", FREEZE)
    assert act.glass == "the shop is down"
    passed = "frozen from 1970-01-01 00:00 UTC until 2026-09-23 12:00 UTC: the weekend"
    assert f"`Breaking the glass (the shop is down), passing {passed}.`" in reply


def test_it_passes_the_freeze_and_not_the_lock() -> None:
    """Bob's lock is a person's word: it holds on, and the deployment is bound by it."""
    act, _ = deployed('/deploy staging --break-glass "the shop is down"', FREEZE, LOCK)
    waits = replace(WAITING, glass=act.glass)
    assert not FREEZE.binds(waits, 2.0)
    assert FREEZE.binds(WAITING, 2.0)
    assert LOCK.binds(waits, 2.0)


def test_without_it_nothing_is_passed() -> None:
    """An ordinary deployment says that it waits."""
    act, _ = deployed("/deploy staging", FREEZE)
    assert act.glass == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/deploy staging --break-glass", "`--break-glass` needs a value: `--break-glass REASON`."),
        ("/deploy staging --break-glass now", "`--break-glass` needs a reason that others understand later."),
        ('/deploy staging --break-glass "  "', "`--break-glass` needs a value"),
    ],
)
def test_why_must_be_said(text: str, why: str) -> None:
    """No glass is broken without a word that explains it on the next day."""
    said = grammar.parse(text)
    assert said
    assert said.refusal.startswith(why)


def test_the_reason_is_nobodys_markup() -> None:
    """What it says lands in our reply as code: no mention, no link."""
    _, reply = deployed('/deploy staging --break-glass "@all see [x](http://evil)"')
    assert "`Breaking the glass (@all see [x](http://evil)), passing nothing that stands yet" in reply
