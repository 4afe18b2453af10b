"""`pushboat hook install REPOSITORY`: one webhook, set as it must be, its secret made where there is none."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Pushboat
from tests.cli.hooked import KINDS, OTHERS, REPOSITORY, Scene, scene
from tests.fakes.gitea import FakeGitea

SECRET = "0123456789abcdef0123456789abcdef"
WRONG: dict[str, dict[str, Any]] = {
    "github": {
        "active": False,
        "events": ["push", "release"],
        "config": {"content_type": "form", "insecure_ssl": "1", "secret": ""},
    },
    "gitlab": {
        "alert_status": "disabled",
        "note_events": False,
        "issues_events": True,
        "push_events_branch_filter": "main",
    },
    "gitea": {
        "active": False,
        "events": ["push", "release"],
        "branch_filter": "main",
        "authorization_header": "Bearer x",
    },
}
SETTINGS = {
    "github": {"Active", "Events", "Content type", "Secret"},
    "gitlab": {"Switched", "Trigger", "Branches"},
    "gitea": {"Active", "Trigger on", "Branch filter"},
}


@pytest.fixture(params=list(KINDS))
def place(request: pytest.FixtureRequest, tmp_path: Path, home: Path, pushboat: Pushboat) -> Iterator[Scene]:
    """Each forge in turn."""
    with scene(request.param, tmp_path, pushboat) as made:
        yield made


@pytest.fixture
def one(tmp_path: Path, home: Path, pushboat: Pushboat) -> Iterator[Scene]:
    """One forge, where it makes no difference which."""
    with scene("github", tmp_path, pushboat) as made:
        yield made


def test_a_new_repository_gets_its_webhook_and_its_secret(place: Scene) -> None:
    """One command on a new machine: the secret is made, only its owner reads it, and the first push is taken."""
    finished = place.hook("install")

    assert finished.returncode == 0, finished.stderr
    value = place.secret.read_text().strip()
    assert stat.S_IMODE(place.secret.stat().st_mode) == 0o600
    assert len(value) == 64
    assert value not in finished.stdout + finished.stderr
    assert "pushboat serve" in finished.stderr  # nothing runs there yet
    assert len(place.ours) == 1
    with place.pushboat():
        assert place.pushed() == 202


def test_installing_again_changes_nothing(place: Scene) -> None:
    """Idempotent: the same webhook, the same secret, and what belongs to others is as it was."""
    place.hook("install")
    before, value = [dict(hook) for hook in place.hooks], place.secret.read_text()
    with place.pushboat():
        done = place.json("install")

    assert (done["action"], done["answer"], done["exit"], done["changed"]) == ("unchanged", 200, 0, [])
    assert place.hooks == before
    assert place.secret.read_text() == value
    assert [hook["url"] for hook in place.hooks] == [OTHERS, place.address]


def test_what_is_set_wrong_is_set_right(place: Scene) -> None:
    """Switched off, events missing, forms, a filter, no secret: each is named and mended; what others chose stays."""
    place.secret.write_text(SECRET)
    place.forge.connect(REPOSITORY, f"{place.address}/")
    place.hooks[-1] |= WRONG[place.kind]
    with place.pushboat():
        done = place.json("install")
        assert place.pushed() == 202

    assert (done["action"], done["exit"]) == ("changed", 0)
    assert {one["setting"] for one in done["changed"]} == SETTINGS[place.kind]
    assert len(place.ours) == 1
    hook = place.ours[0]
    assert "release" in hook.get("events", ["release"])
    assert hook.get("issues_events", True)
    assert hook.get("authorization_header", "Bearer x") == "Bearer x"
    assert hook.get("alert_status", "executable") == "executable"  # GitLab switches it on by a good test


def test_a_secret_that_is_not_ours_is_set_right(place: Scene) -> None:
    """All that the forge shows is right; the test that it sends is refused, so the secret is set anew."""
    place.secret.write_text(SECRET)
    place.forge.connect(REPOSITORY, place.address)
    place.hooks[-1]["secret"] = "somebody else's idea of a secret"
    with place.pushboat():
        assert place.pushed() == 401
        done = place.json("install")
        assert place.pushed() == 202

    assert (done["action"], [one["setting"] for one in done["changed"]]) == ("changed", ["Secret"])
    assert len(place.ours) == 1


def test_an_answer_that_got_lost_leaves_one_webhook(place: Scene) -> None:
    """The forge made it and said 502: nobody knows, exit code 3; the next try finds it."""
    place.forge.fail(502, method="POST", path="hooks", after=True)
    assert place.hook("install").returncode == 3
    assert place.hook("install").returncode == 0
    assert len(place.ours) == 1


def test_a_webhook_is_found_on_any_page(place: Scene) -> None:
    """Behind a hundred of others: no second one is made."""
    place.hooks.extend({"id": next(place.forge.numbers), "url": f"{OTHERS}/{number}"} for number in range(110))
    place.hook("install")
    place.hook("install")
    assert len(place.ours) == 1


def test_a_token_that_may_not_is_told_what_it_lacks(place: Scene) -> None:
    """Which right is missing, and what to enter by hand at which page of this forge; nothing is changed."""
    place.forge.scopes.clear()
    place.forge.projects[REPOSITORY].permissions[place.forge.bot] = "write"
    finished = place.hook("install")

    assert finished.returncode == 1
    for words in (place.address, f"{place.forge.url}/{REPOSITORY}/", "/hooks", "takes", "ush"):
        assert words in finished.stderr
    assert place.secret.read_text().strip() not in finished.stdout + finished.stderr
    assert place.ours == []


def test_an_address_that_the_forge_cannot_reach_is_refused(one: Scene) -> None:
    """A webhook to this machine is of no use to a forge elsewhere: nothing is made, not even a secret."""
    one.configure(url="https://git.example.com")
    finished = one.hook("install")

    assert finished.returncode == 2
    assert "cannot reach" in finished.stderr
    assert "public_url" in finished.stderr
    assert not one.secret.exists()


def test_a_variable_that_is_not_set_is_shown_once(one: Scene) -> None:
    """Perhaps Pushboat runs with it elsewhere: nothing is changed, and a new one is printed with what to do."""
    one.configure({"env": "NOBODYS_SECRET"})
    finished = one.hook("install")

    assert finished.returncode == 2
    name, _, value = finished.stdout.strip().partition("=")
    assert (name, len(value)) == ("NOBODYS_SECRET", 64)
    assert "restart Pushboat" in finished.stderr
    assert one.ours == []
    assert one.hook("install", NOBODYS_SECRET=value).returncode == 0
    with one.pushboat(NOBODYS_SECRET=value):
        assert one.pushed() == 202


def test_a_running_pushboat_with_another_secret_is_no_success(place: Scene) -> None:
    """The webhook is right and every delivery would be refused: exit code 1, and who must restart what."""
    place.secret.write_text(SECRET)
    place.configure({"env": "HOOK"})
    with place.pushboat(HOOK=SECRET[::-1]):
        finished = place.hook("install", HOOK=SECRET)
    assert finished.returncode == 1
    assert "restart Pushboat" in finished.stderr
    assert SECRET not in finished.stdout + finished.stderr


def test_an_existing_secret_is_never_written_over(one: Scene) -> None:
    """The file is there: it stays byte for byte, and the webhook gets it."""
    one.secret.write_text(f"{SECRET}\n")
    one.secret.chmod(0o640)
    one.hook("install")
    assert one.secret.read_text() == f"{SECRET}\n"
    assert stat.S_IMODE(one.secret.stat().st_mode) == 0o640
    assert one.ours[0]["secret"] == SECRET


def test_an_empty_repository_is_connected_too(tmp_path: Path, home: Path, pushboat: Pushboat) -> None:
    """Gitea tests no webhook of one: the webhook is right, and the first push shows whether it arrives."""
    with scene("gitea", tmp_path, pushboat) as place, place.pushboat_with(SECRET):
        place.forge.projects[REPOSITORY].bare.git("update-ref", "-d", "refs/heads/main")
        finished = place.hook("install")
        assert finished.returncode == 0, finished.stderr
        assert "shows with the first push" in finished.stderr
        assert place.pushed() == 202


def test_a_gitea_that_may_not_call_us_is_no_success(tmp_path: Path, home: Path, pushboat: Pushboat) -> None:
    """As it comes Gitea calls no private address, and only its log says so: exit code 1, and the setting's name."""
    with scene("gitea", tmp_path, pushboat) as place, place.pushboat_with(SECRET):
        assert isinstance(place.forge, FakeGitea)
        place.forge.allowed_hosts = "external"
        finished = place.hook("install")
        assert finished.returncode == 1, finished.stderr
        assert "nothing of it arrived here" in finished.stderr
        assert "ALLOWED_HOST_LIST" in finished.stderr


def test_what_is_no_repository_is_usage(tmp_path: Path, home: Path, pushboat: Pushboat) -> None:
    """Neither a forge's name nor a folder; or not written as this forge writes it. Nothing is asked or made."""
    with scene("github", tmp_path, pushboat) as place:
        for wrong, words in (("acme/shop", "<forge>/<path>"), ("github/acme", "owner/name"), ("nowhere/", "<forge>")):
            finished = pushboat("hook", "install", wrong, FORGE_TOKEN="x")
            assert (finished.returncode, words in finished.stderr) == (2, True), finished.stderr
        assert place.forge.requests == []
        assert not place.secret.exists()


def test_a_groups_webhook_needs_no_second_one(tmp_path: Path, home: Path, pushboat: Pushboat) -> None:
    """GitLab's group tells already: nothing is made, and a pair is said to be one too many and harmless."""
    with scene("gitlab", tmp_path, pushboat) as place:
        place.secret.write_text(SECRET)
        place.forge.group_hooks["acme"] = [{"id": 7, "url": place.address}]  # type: ignore[union-attr]
        assert place.json("install")["action"] == "unchanged"
        assert place.ours == []

        place.forge.connect(REPOSITORY, place.address)
        finished = place.hook("doctor")
        assert "2 webhooks go to" in finished.stdout
        assert "the group acme" in finished.stdout
