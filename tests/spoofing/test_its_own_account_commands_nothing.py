"""Pushboat with a person's token writes under that name: what stands there commands nothing, and that is said."""

from pathlib import Path

import pytest

from pushboat.model.ask import AskVerdict
from tests.spoofing.scene import WRITER, Scene, on_stage


def test_comments_of_our_own_account_command_nothing_and_that_is_said_once(scene: Scene) -> None:
    """The token is mine: my `/deploy staging` does nothing however often I say it; I am told once why."""
    scene.project.permissions[scene.forge.bot] = "admin"
    for text in ("/deploy staging", "/deploy staging", "/deploy"):
        row = scene.comment(scene.forge.bot, text)
        assert "ignored pushboat-bot's command" in row.reason
        (entry,) = row.audit
        assert entry.verdict is AskVerdict.REFUSED
        assert entry.reason == (
            "pushboat-bot is the account that Pushboat itself acts as, and its comments command nothing"
        )
    assert scene.deployed() == []
    (reply,) = scene.replies()
    assert "commands_from_own_account: true" in reply
    assert {"github": "GitHub App", "gitlab": "project access token", "gitea": "an account of its own"}[
        scene.kind
    ] in reply


def test_others_command_as_ever(scene: Scene) -> None:
    """Whoever else may write is not in the way of that."""
    scene.comment(WRITER, "/deploy staging")
    assert [each.sha for each in scene.deployed()] == [scene.head]


def test_no_capital_letters_make_it_another_account(scene: Scene) -> None:
    """A forge takes Pushboat-Bot and pushboat-bot for one and the same; so do we."""
    scene.project.permissions["Pushboat-Bot"] = "admin"
    scene.comment("Pushboat-Bot", "/deploy staging")
    assert scene.deployed() == []


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_the_operator_lets_the_own_account_command(kind: str, tmp_path: Path) -> None:
    """I am alone and it is my token: with commands_from_own_account I may; Pushboat's own words still may not."""
    with on_stage(kind, tmp_path, commands_from_own_account=True) as scene:
        ours = scene.forge.bot
        scene.project.permissions[ours] = "admin"
        row = scene.comment(ours, "/deploy staging\n\n<!-- pushboat-7-0123456789abcdef -->")
        assert row.reason == "Pushboat wrote this comment itself: its own words command nothing"
        assert scene.deployed() == []
        scene.comment(ours, "/deploy staging")
        assert [each.sha for each in scene.deployed()] == [scene.head]


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_who_cannot_say_who_we_are_lets_nobody_command(kind: str, tmp_path: Path) -> None:
    """The token may not read its own user: a command is refused with that reason, not carried out on trust."""
    with on_stage(kind, tmp_path) as scene:
        scene.forge.fail(403, path="/user", method="GET", times=1)
        row = scene.comment(WRITER, "/deploy staging")
        assert scene.deployed() == []
        (entry,) = row.audit
        assert entry.verdict is AskVerdict.REFUSED
        assert "cannot find out which account it acts as" in entry.reason
