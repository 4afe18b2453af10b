"""Who asked on a page some time ago: at the ask's turn, the forge that they signed in with is asked once more."""

from dataclasses import replace

import pytest

from pushboat.config.kinds import KINDS
from pushboat.config.login import Login
from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, AskVerdict, AuditEntry, Source
from pushboat.store import deliveries
from tests.spoofing.scene import READER, SHOP, WRITER, Scene


def told(scene: Scene, who: str, forge: str, **lists: frozenset[str]) -> AuditEntry:
    """Let somebody have asked for a deployment on a page, and give what became of it."""
    way = KINDS[scene.kind].login
    assert way is not None
    login = Login(forge=forge, url=scene.forge.url, way=way, client_id="x", client_secret="y", **lists)
    scene.tools = replace(scene.tools, operator=replace(scene.tools.operator, login=login))
    event = Event(kind=EventKind.ASK, action="deploy", repository=SHOP, author=who, title="deploy staging")
    ask = Ask(word="deploy", who=who, source=Source.PAGE, repository=scene.repository, environment="staging")
    deliveries.accept(scene.tools.store, scene.kind, f"ask-of-{who}", event, asked=(ask,))
    scene.work()
    return scene.audit()[0]


def test_who_may_is_still_heard(scene: Scene) -> None:
    """Nothing has changed: it is deployed under their name."""
    entry = told(scene, WRITER, scene.kind)
    assert (entry.verdict, entry.who) == (AskVerdict.DONE, WRITER)
    assert len(scene.deployed()) == 1


@pytest.mark.parametrize("who", [READER, "mallory"])
def test_who_lost_the_permission_since_is_refused(scene: Scene, who: str) -> None:
    """A reader by now, and one whom the forge no longer knows."""
    entry = told(scene, who, scene.kind)
    assert (entry.verdict, f"{who} may not deploy staging" in entry.reason) == (AskVerdict.REFUSED, True)
    assert scene.deployed() == []


def test_whom_the_operator_lists_is_heard(scene: Scene) -> None:
    """Their list needs no word of the forge, and a viewer on it is none who deploys."""
    assert told(scene, "Opal", scene.kind, deployers=frozenset({"opal"})).verdict is AskVerdict.DONE
    assert told(scene, "vic", scene.kind, viewers=frozenset({"vic"})).verdict is AskVerdict.REFUSED


def test_another_forges_account_is_not_looked_up_here(scene: Scene) -> None:
    """Somebody else may have that name at this one."""
    assert told(scene, WRITER, "elsewhere").verdict is AskVerdict.REFUSED
    assert scene.deployed() == []
