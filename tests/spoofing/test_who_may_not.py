"""Who may not command, or no longer: bots, strangers, the blocked, the renamed. What the forge says then counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pushboat.forges.table import client_of
from pushboat.model.ask import AskVerdict
from pushboat.model.delivery import DeliveryRow
from pushboat.store import deliveries
from tests.fakes.gitlab import FakeGitLab
from tests.spoofing.scene import READER, SHOP, WRITER, Scene

BOTS = {
    "github": ["renovate[bot]", "pushboat-app[bot]"],
    "gitlab": ["project_7_bot_0a1b2c3d", "group_7_bot", "service_account_7"],
    "gitea": ["gitea-actions", "forgejo-actions"],
}


def refused(scene: Scene, row: DeliveryRow, *words: str) -> None:
    """See that nothing was deployed, and that the audit says why."""
    assert scene.deployed() == []
    (entry,) = row.audit
    assert entry.verdict is AskVerdict.REFUSED
    for word in words:
        assert word in entry.reason


def written(scene: Scene, user: str) -> tuple[str, Any]:
    """Let somebody write a command, and give the delivery that tells of it."""
    comment = scene.forge.write_comment(scene.project, scene.number, user, "/deploy staging")
    return scene.forge.dialect.comment(scene.forge, scene.project, comment, "created")


def test_bots_command_nothing(scene: Scene) -> None:
    """A bot that may write repeats my command: nothing happens, nobody is answered, and it is kept that it tried."""
    for bot in BOTS[scene.kind]:
        scene.project.permissions[bot] = "admin"
        row = scene.comment(bot, "/deploy staging")
        refused(scene, row, bot, "commands are taken from people only")
    assert scene.replies() == []


def test_an_edit_commands_nothing(scene: Scene) -> None:
    """Somebody edits a command into my old comment, or corrects one that was refused."""
    old = scene.forge.comment(SHOP, scene.number, WRITER, "nice")
    row = scene.told(scene.forge.edit_comment(SHOP, old.comment_id, "/deploy staging"))
    refused(scene, row, "not when it is edited")
    assert scene.replies() == []


def test_a_comment_on_an_issue_commands_nothing(scene: Scene) -> None:
    """An issue has no commit to deploy."""
    row = scene.told(scene.forge.comment(SHOP, 99, WRITER, "/deploy staging"))
    refused(scene, row, "this comment stands elsewhere")


def test_readers_and_strangers_are_refused(scene: Scene) -> None:
    """Whoever may only read, and whoever the forge does not know, is told what is missing."""
    refused(scene, scene.comment(READER, "/deploy staging"), READER, "read")
    refused(scene, scene.comment("mallory", "/deploy staging"), "mallory", "none")
    assert len(scene.replies()) == 2


def test_who_was_renamed_since_is_nobody(scene: Scene) -> None:
    """The name in the comment is not anybody's today: no earlier permission of it counts."""
    payload = written(scene, WRITER)
    scene.forge.users["alice-smith"] = scene.forge.users.pop(WRITER)
    scene.project.permissions["alice-smith"] = scene.project.permissions.pop(WRITER)
    refused(scene, scene.delivered(*payload), "alice has none")


def test_a_display_name_is_no_login(scene: Scene) -> None:
    """Mallory calls herself Alice: forges show that, and we ask about her login."""
    event, payload = written(scene, "mallory")
    for user in users_of(payload):
        user |= {"name": WRITER, "full_name": WRITER, "display_name": WRITER, "nickname": WRITER, "email": WRITER}
    refused(scene, scene.delivered(event, payload), "mallory has none")


def test_who_sends_another_ones_comment_commands_nothing(scene: Scene) -> None:
    """The comment stands under the name of one who may, and somebody else sent it."""
    event, payload = written(scene, WRITER)
    if scene.kind == "gitlab":
        payload["object_attributes"]["author_id"] = payload["user"]["id"] + 1
    else:
        payload["sender"] = {**payload["sender"], "login": "mallory", "id": 666}
    refused(scene, scene.delivered(event, payload), "commands are taken from who writes them")


def test_whoever_lost_the_permission_in_between_is_refused(scene: Scene) -> None:
    """I wrote while I might; when it is my turn I may not any more, and a replay of yesterday's command asks again."""
    allowed = scene.comment(WRITER, "/deploy staging")
    assert len(scene.deployed()) == 1
    scene.project.permissions[WRITER] = "read"
    row = scene.comment(WRITER, "/deploy staging")
    assert [entry.verdict for entry in row.audit] == [AskVerdict.REFUSED]
    again = deliveries.replay(scene.tools.store, allowed.id)
    scene.work()
    replayed = deliveries.find(scene.tools.store, again)
    assert replayed
    assert [entry.verdict for entry in replayed.audit] == [AskVerdict.REFUSED]
    assert len(scene.deployed()) == 1


def users_of(payload: Any) -> list[dict[str, Any]]:
    """Find every account in a payload."""
    if isinstance(payload, list):
        return [user for each in payload for user in users_of(each)]
    if not isinstance(payload, dict):
        return []
    found = [user for each in payload.values() for user in users_of(each)]
    return [payload, *found] if "login" in payload or "username" in payload else found


MEMBERS = {
    "a member by a group": ({}, "write"),
    "a member for two days": ({"expires_at": 2}, "write"),
    "a member until yesterday": ({"expires_at": -1}, "none"),
    "a member until today": ({"expires_at": 0}, "none"),
    "a blocked one": ({"state": "blocked"}, "none"),
    "a banned one": ({"state": "banned"}, "none"),
    "one who is awaited": ({"membership_state": "awaiting"}, "none"),
    "one who is locked": ({"locked": True}, "none"),
    "a guest": ({"access_level": 10}, "read"),
    "a minimal one": ({"access_level": 5}, "read"),
    "one without access": ({"access_level": 0}, "none"),
}


@pytest.mark.parametrize("case", MEMBERS)
def test_gitlabs_memberships_count_as_they_stand_today(gitlab: FakeGitLab, case: str) -> None:
    """A list of members also has those who are blocked or whose time is over: they may nothing."""
    said, may = MEMBERS[case]
    if "expires_at" in said:  # counted from now, and not from when the tests were collected: that may be yesterday
        said = {"expires_at": f"{datetime.now(UTC) + timedelta(days=said['expires_at']):%Y-%m-%d}"}
    project = gitlab.projects["acme/web/shop"]
    project.permissions["alice"] = "write"
    project.memberships["alice"] = said
    client = client_of(gitlab.configured())
    assert client.permission(project.name, "alice") == may
    gitlab.blocked.add("alice")
    assert client.permission(project.name, "alice") == "none"
