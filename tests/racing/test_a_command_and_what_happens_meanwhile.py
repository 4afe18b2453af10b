"""Things happen between a comment and its deployment: what was seen and is allowed counts, on every forge."""

from typing import Any

import pytest

from pushboat.model.ask import AskVerdict
from pushboat.model.delivery import DeliveryRow
from pushboat.store import deliveries
from tests.racing.running import begin, end
from tests.spoofing.scene import SHOP, WRITER, Scene
from tests.written import config_map

COMMAND = "/deploy staging"


def heard(scene: Scene, text: str = COMMAND) -> tuple[int, int]:
    """Let alice comment; it is accepted, and nobody has read it yet. Gives the delivery and the comment."""
    told = scene.forge.comment(SHOP, scene.number, WRITER, text)
    return told.response.json()["delivery"], told.comment_id


def became_of(scene: Scene, delivery: int) -> DeliveryRow:
    """Route and tell everything, and give what became of a delivery."""
    scene.work()
    row = deliveries.find(scene.tools.store, delivery)
    assert row
    assert row.routed_at, row.reason
    return row


def refused(scene: Scene, delivery: int, words: str) -> None:
    """See that it was refused, in the thread and in the audit, and deployed nothing."""
    (entry,) = became_of(scene, delivery).audit
    assert entry.verdict is AskVerdict.REFUSED
    assert words in entry.reason
    assert scene.deployed() == []
    assert words in scene.replies()[-1].replace("!1", "#1")


def test_the_head_moves_before_the_command_is_read(scene: Scene) -> None:
    """Mallory pushes right after my comment: what I have not seen is not deployed, and I am shown what changed."""
    delivery, _ = heard(scene)
    moved = scene.forge.update_pull_request(SHOP, scene.number, {"deploy/a.yaml": config_map("a", of="mallory")})
    refused(scene, delivery, f"has moved on since you saw it, from `{scene.head[:7]}` to `{moved.sha[:7]}`")
    assert f"compare/{scene.head}...{moved.sha})" in scene.replies()[-1]


def test_the_head_moves_before_anybody_is_told(scene: Scene) -> None:
    """The news of that push are late: the forge is asked what the head is, so it is noticed all the same."""
    delivery, _ = heard(scene)
    address, scene.forge.hook_url = scene.forge.hook_url, ""
    scene.forge.update_pull_request(SHOP, scene.number, {"deploy/a.yaml": config_map("a", of="mallory")})
    scene.forge.hook_url = address
    refused(scene, delivery, "has moved on since you saw it")


def test_the_head_moves_while_it_is_deployed(scene: Scene) -> None:
    """What runs already stays what I saw, and the answer names that commit."""
    scene.comment(WRITER, COMMAND)
    claim = begin(scene)
    moved = scene.forge.update_pull_request(SHOP, scene.number, {"deploy/a.yaml": config_map("a", of="later")})
    scene.work()
    assert [each.sha for each in scene.deployed()] == [scene.head]
    end(scene, claim)
    (reply,) = [each for each in scene.replies() if " runs " in each]
    assert f"`staging` runs `{scene.head[:7]}`" in reply
    assert moved.sha[:7] not in reply


def test_it_is_merged_before_the_command_is_read(scene: Scene) -> None:
    """Somebody merges first: the merge deploys, and my command says so."""
    delivery, _ = heard(scene)
    scene.forge.merge(SHOP, scene.number)
    (entry,) = became_of(scene, delivery).audit
    assert entry.verdict is AskVerdict.REFUSED
    assert "is merged already" in entry.reason
    assert [each for each in scene.deployed() if each.sha == scene.head] == []


def test_it_is_merged_while_it_is_deployed(scene: Scene) -> None:
    """The merge comes while my command runs: I am told how it ended, and a later command is refused."""
    scene.comment(WRITER, COMMAND)
    claim = begin(scene)
    scene.forge.merge(SHOP, scene.number)
    scene.work()
    end(scene, claim)
    assert [each for each in scene.replies() if scene.head[:7] in each]
    row = scene.comment(WRITER, COMMAND)
    assert [entry.verdict for entry in row.audit] == [AskVerdict.REFUSED]
    assert len([each for each in scene.deployed() if each.sha == scene.head]) == 1


def test_it_is_closed_before_the_command_is_read(scene: Scene) -> None:
    """Who closed it does not want it any more."""
    delivery, _ = heard(scene)
    scene.forge.change_pull_request(SHOP, scene.number, "closed")
    refused(scene, delivery, f"#{scene.number} is closed: reopen it to deploy it.")


def test_it_is_closed_while_it_is_deployed(scene: Scene) -> None:
    """What is being deployed ends, and its end is told; a later command is refused."""
    scene.comment(WRITER, COMMAND)
    claim = begin(scene)
    scene.forge.change_pull_request(SHOP, scene.number, "closed")
    scene.work()
    end(scene, claim)
    assert [each for each in scene.replies() if scene.head[:7] in each]
    row = scene.comment(WRITER, COMMAND)
    assert [entry.verdict for entry in row.audit] == [AskVerdict.REFUSED]


@pytest.mark.parametrize("after", ["/deploy production", "never mind", "/deploy staging --prune"])
def test_the_comment_is_edited_after(scene: Scene, after: str) -> None:
    """What I wrote is what is done, once, whatever my comment says by the time that it is read."""
    delivery, comment = heard(scene)
    edited = scene.forge.edit_comment(SHOP, comment, after).response.json()
    assert became_of(scene, delivery).audit[0].verdict is AskVerdict.DONE
    assert "not when it is edited" in edited["ignored"]
    (made,) = scene.deployed()
    assert (made.sha, made.lane.environment, made.prune_many) == (scene.head, "staging", False)
    tried: list[Any] = [entry.verdict for entry in scene.audit() if entry.delivery == edited["delivery"]]
    assert tried == ([AskVerdict.REFUSED] if after.startswith("/") else [])


@pytest.mark.parametrize("now", ["read", "none"])
def test_the_permission_is_revoked_before_the_command_is_read(scene: Scene, now: str) -> None:
    """I might when I wrote it; when it is read I may not any more."""
    delivery, _ = heard(scene)
    scene.project.permissions[WRITER] = now
    refused(scene, delivery, "alice may not deploy staging")
