"""Each kind of letter is one row in the table of kinds, and one in the table of every forge that can show it."""

from importlib import import_module

import pytest

from pushboat.config.kinds import KINDS as FORGES
from pushboat.model.forge_letters import DeploymentLetter, RenderLetter, ReviewLetter
from pushboat.model.letter import (
    KINDS,
    Letter,
    ReactionLetter,
    ReplyLetter,
    StatusLetter,
    StickyLetter,
    kind_of,
    read,
)
from pushboat.model.notice import AddressedLetter, News, Notice, NoticeLetter
from pushboat.model.state import State
from pushboat.model.status import Status

NOTICE = Notice(id="a1", news=News.FAILED, at=1.5, repository="github/acme/shop", environment="staging", errored=True)
SAMPLES: dict[str, Letter] = {
    "status": StatusLetter(
        sha="abc",
        status=Status(context="pushboat", state=State.FAILED, description="ü\n", path="/deployments/1", ref="main"),
    ),
    "reply": ReplyLetter(number=7, body="hello 🚢", marker="pushboat:1"),
    "sticky": StickyLetter(number=7, body="**Merging changes nothing.**", marker="pushboat-sticky-1", edition=3),
    "deployment": DeploymentLetter(
        deployment=3,
        mark="pushboat-3-abc",
        environment="staging",
        sha="abc",
        ref="refs/heads/main",
        state=State.FAILED,
        description="ü",
        path="/deployments/3",
        ends=True,
    ),
    "review": ReviewLetter(run=7, environment="production", approved=False, comment="paused by ann"),
    "reaction": ReactionLetter(number=7, comment=12),
    "render": RenderLetter(source="github/acme/shop", environment="staging", deployment=3),
    "notice": NoticeLetter(notice=NOTICE),
    "addressed notice": AddressedLetter(receiver="chat", notice=NOTICE),
}


def shown_by(forge: str) -> set[type]:
    """The classes of letters that a forge has a place for."""
    return set(import_module(f"pushboat.forges.{forge}.posting").POSTING)


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_is_read_as_it_was_written(kind: str) -> None:
    """What the outbox keeps is all of the letter; what a newer version adds to its payload disturbs nobody."""
    letter = SAMPLES[kind]
    assert kind_of(letter) is KINDS[kind]
    payload = {**KINDS[kind].write(letter), "added-later": True}
    assert read(kind, payload) == letter


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("odd", [None, [], {}, 1.5, "x", 7, True])
def test_a_letter_of_odd_types_is_not_read(kind: str, odd: object) -> None:
    """What no version writes is left where it is and never posted: each field has its type, or there is no letter."""
    payload = {**KINDS[kind].write(SAMPLES[kind])}
    for key, value in payload.items():
        if type(odd) is not type(value):
            with pytest.raises((TypeError, ValueError)):
                read(kind, {**payload, key: odd})


@pytest.mark.parametrize("forge", FORGES)
def test_a_forge_shows_statuses_and_no_letters_that_nobody_writes(forge: str) -> None:
    """Every forge says how a deployment ended; its table names kinds of letters only."""
    assert StatusLetter in shown_by(forge) <= {kind.data for kind in KINDS.values()}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.endswith("notice") and kind != "render"])
def test_every_kind_is_shown_somewhere(kind: str) -> None:
    """A kind that no forge shows would be work for nobody; notices leave by other ways, and renders by git."""
    assert any(KINDS[kind].data in shown_by(forge) for forge in FORGES)
