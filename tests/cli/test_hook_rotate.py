"""`pushboat hook rotate`: another secret, no delivery lost, and a crash at any step is no trouble."""

import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.webhooks.moving import move
from pushboat.config.operator import Secret
from pushboat.config.rereading import FORMER, NEXT, beside
from tests.cli.conftest import Finished, Pushboat
from tests.cli.hooked import KINDS, REPOSITORY, Scene, scene
from tests.cli.plain_git import PLAIN_GIT, set_up
from tests.fakes.app_key import installed
from tests.fakes.github import FakeGitHub
from tests.receiving.front_door import FrontDoor

OLD, NEW = "the-old-secret-of-the-webhook", "the-new-secret-of-the-webhook"
SIGNING = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture(params=list(KINDS))
def place(request: pytest.FixtureRequest, tmp_path: Path, home: Path, pushboat: Pushboat) -> Iterator[Scene]:
    """Each forge in turn, connected and with a secret."""
    with connected(request.param, tmp_path, pushboat) as made:
        yield made


@pytest.fixture
def one(tmp_path: Path, home: Path, pushboat: Pushboat) -> Iterator[Scene]:
    """One forge, where it makes no difference which."""
    with connected("github", tmp_path, pushboat) as made:
        yield made


@contextmanager
def connected(kind: str, folder: Path, pushboat: Pushboat) -> Iterator[Scene]:
    """Set up a forge whose webhook signs with the old secret."""
    with scene(kind, folder, pushboat) as made:
        made.secret.write_text(f"{OLD}\n")
        assert made.hook("install").returncode == 0
        yield made


def value(file: Path) -> str:
    """Read a secret."""
    return file.read_text().strip()


def nothing_shown(finished: Finished, place: Scene) -> bool:
    """Say whether neither secret stands in what was printed."""
    said = finished.stdout + finished.stderr
    return OLD not in said and value(place.secret) not in said


def test_every_push_of_a_rotation_is_taken(place: Scene) -> None:
    """Somebody pushes all the time: each delivery is answered 202, before, while and after the secret changes."""
    codes: list[int] = []
    over = threading.Event()

    def push() -> None:
        while not over.is_set():
            codes.append(place.pushed())

    with place.pushboat():
        pusher = threading.Thread(target=push)
        pusher.start()
        finished = place.hook("rotate")
        over.set()
        pusher.join()
        assert finished.returncode == 0, finished.stderr
        assert set(codes) == {202}
        assert place.pushed() == 202
        assert place.hook("doctor").returncode == 0

    assert value(place.secret) != OLD
    assert [hook["secret"] for hook in place.ours] == [value(place.secret)]
    assert nothing_shown(finished, place)
    assert value(beside(place.secret, FORMER)) == OLD  # counts for an hour, for what is on its way
    assert not beside(place.secret, NEXT).exists()


@pytest.mark.parametrize("died", ["before the forge knew", "after the forge knew", "before the last step"])
def test_a_second_rotate_finishes_what_the_first_began(place: Scene, died: str) -> None:
    """Killed between any two steps: deliveries are taken in that state, and the same command goes on from there."""
    beside(place.secret, NEXT).write_text(NEW)
    if died != "before the forge knew":
        place.ours[0]["secret"] = NEW
    if died == "before the last step":
        beside(place.secret, FORMER).write_text(OLD)
    with place.pushboat():
        assert place.pushed() == 202
        assert place.hook("rotate").returncode == 0
        assert place.pushed() == 202
    assert [value(place.secret), *(hook["secret"] for hook in place.ours)] == [NEW, NEW]


def test_a_forge_that_does_not_answer_costs_nothing(place: Scene) -> None:
    """Half of a rotation is no state to be afraid of: what the forge has, old or new, is taken."""
    with place.pushboat():
        lost = place.forge.fail(502, times=99, method="PATCH" if place.kind == "github" else "", path="/hooks/")
        lost.after = True
        finished = place.hook("rotate")
        lost.times = 0
        assert finished.returncode == 3, finished.stderr
        assert "nothing is lost" in finished.stderr
        assert value(place.secret) == OLD
        assert place.pushed() == 202
        assert place.hook("rotate").returncode == 0
        assert place.pushed() == 202
    assert len(place.ours) == 1


def test_a_webhook_that_was_not_deleted_is_no_second_one(tmp_path: Path, home: Path, pushboat: Pushboat) -> None:
    """Gitea's is made anew: where that was cut off before the former one went, the next try leaves one."""
    with connected("gitea", tmp_path, pushboat) as place, place.pushboat():
        trouble = place.forge.fail(502, times=99, method="DELETE")
        assert place.hook("rotate").returncode == 3
        assert len(place.ours) == 2
        assert place.pushed() == 202
        trouble.times = 0
        assert place.hook("rotate").returncode == 0
        assert len(place.ours) == 1
        assert place.pushed() == 202


def test_without_a_running_pushboat_nothing_is_changed(one: Scene) -> None:
    """Only the process that verifies can say that it takes the next secret."""
    finished = one.hook("rotate")
    assert finished.returncode == 3
    assert value(one.secret) == OLD
    assert one.ours[0]["secret"] == OLD


def test_a_pushboat_that_cannot_read_the_next_secret_stops_it(one: Scene) -> None:
    """The process runs with a pushboat.yaml of another day: nothing is changed, and what to do is said."""
    with one.pushboat():
        (one.home / "other").mkdir()
        (one.home / "other" / "webhook-secret").write_text(OLD)
        one.configure({"file": "other/webhook-secret"})
        finished = one.hook("rotate")
        assert finished.returncode == 1
        assert "restart Pushboat" in finished.stderr
        assert one.pushed() == 202
    assert one.ours[0]["secret"] == OLD


def test_all_repositories_of_the_forge_are_changed(place: Scene) -> None:
    """They have one secret: while one of their webhooks cannot be changed, the old one stays valid."""
    other = "acme/other"
    place.forge.create_repository(other, {"a": "b"}).permissions[place.forge.bot] = "admin"
    place.forge.projects[other].hooks.append({"id": 7, "url": place.address, "secret": OLD})
    place.configure()
    with place.pushboat():
        trouble = place.forge.fail(
            403, times=99, path=f"{other.replace('/', '%2F')}/hooks/7" if place.kind == "gitlab" else f"{other}/hooks"
        )
        finished = place.hook("rotate")
        trouble.times = 0
        assert finished.returncode == 1
        assert value(place.secret) == OLD
        assert place.hook("rotate").returncode == 0
    secrets = {hook["secret"] for name in (REPOSITORY, other) for hook in place.forge.projects[name].hooks[-1:]}
    assert secrets == {value(place.secret)}


def test_what_the_token_may_not_change_is_entered_by_hand(place: Scene) -> None:
    """The secret waits in its file; whoever entered it says so, and the rotation goes on."""
    place.forge.scopes.clear()
    place.forge.projects[REPOSITORY].permissions[place.forge.bot] = "write"
    with place.pushboat():
        finished = place.hook("rotate")
        assert finished.returncode == 1
        assert f"{beside(place.secret, NEXT)}" in finished.stderr
        assert f"{place.forge.url}/{REPOSITORY}" in finished.stderr
        place.ours[0]["secret"] = value(beside(place.secret, NEXT))
        assert place.pushed() == 202
        assert place.hook("rotate", "--by-hand").returncode == 0
        assert place.pushed() == 202


def test_a_secret_that_leaked_counts_no_more(tmp_path: Path, home: Path, pushboat: Pushboat) -> None:
    """`--now`: the hour of grace is for deliveries, not for whoever read the secret somewhere."""
    with connected("github", tmp_path, pushboat) as place, place.pushboat():
        place.secret.chmod(0o640)
        assert place.hook("rotate", "--now").returncode == 0
        assert place.pushed() == 202
        place.ours[0]["secret"] = OLD
        assert place.pushed() == 401
        assert not beside(place.secret, FORMER).exists()
        assert stat.S_IMODE(place.secret.stat().st_mode) == 0o640  # who may read it stays as it was


def test_a_variable_is_rotated_in_steps(tmp_path: Path, home: Path, pushboat: Pushboat) -> None:
    """A process cannot see its variables change: each step is printed, and the command does its own."""
    with scene("github", tmp_path, pushboat) as place:
        place.configure({"env": "HOOK"})
        assert place.hook("install", HOOK=OLD).returncode == 0
        finished = place.hook("rotate", HOOK=OLD)
        assert finished.returncode == 1
        assert len(finished.stdout.strip()) == 64
        assert "HOOK_2" in finished.stderr
        assert OLD not in finished.stdout + finished.stderr

        place.configure({"env": "HOOK_2"}, {"env": "HOOK"})
        both = {"HOOK": OLD, "HOOK_2": NEW}
        with place.pushboat(**both):
            assert place.pushed() == 202
            done = place.json("rotate", **both)
            assert (done["done"], done["exit"]) == (True, 0)
            assert "leave only that one" in done["next"][0]
            assert place.pushed() == 202
        assert place.ours[0]["secret"] == NEW


def test_from_a_clear_secret_to_a_signing_token(tmp_path: Path, home: Path, pushboat: Pushboat) -> None:
    """GitLab 19.0: the clear one is called leaving and counts until the webhooks sign; no delivery is refused."""
    with connected("gitlab", tmp_path, pushboat) as place:
        places = {"file": "signing-token", "kind": "signing"}, {"file": "webhook-secret", "kind": "leaving"}
        with place.pushboat():
            place.configure(*places)
            early = place.hook("rotate")
            assert early.returncode == 1  # the process of before knows no signing token
            assert "restart Pushboat" in early.stderr
            assert place.pushed() == 202
        token = value(place.home / "signing-token")
        with place.pushboat():
            assert place.pushed() == 202  # still in clear
            assert place.hook("rotate").returncode == 0
            assert place.pushed() == 202  # signed
        assert (place.ours[0]["signing_token"], place.ours[0]["secret"]) == (token, "")
        place.configure(places[0])
        with place.pushboat():
            assert place.pushed() == 202
            place.ours[0] |= {"signing_token": "", "secret": OLD}
            assert place.pushed() == 401  # in clear no more


def test_a_leaving_secret_excuses_no_wrong_signature(tmp_path: Path, home: Path, pushboat: Pushboat) -> None:
    """Who sends a signature is judged by it, whatever clear secret stands beside it."""
    with connected("gitlab", tmp_path, pushboat) as place:
        (place.home / "signing-token").write_text(SIGNING)
        place.configure({"file": "signing-token", "kind": "signing"}, {"file": "webhook-secret", "kind": "leaving"})
        with place.pushboat() as door:
            assert _clear_with_a_signature(place, door) == 401


def _clear_with_a_signature(place: Scene, door: FrontDoor) -> int:
    sent = place.forge.push(REPOSITORY, "main", {"c": "d"}).sent[0]
    headers = {**sent.headers, "X-Gitlab-Token": OLD, "webhook-signature": "v1,AAAA"}
    return door.post(sent.body, headers, "gitlab").status_code


def test_a_git_servers_hook_gets_the_next_secret(home: Path, pushboat: Pushboat, tmp_path: Path) -> None:
    """The hook reads its secret from a file at each push: that one is changed, after Pushboat takes it."""
    with connected("github", tmp_path, pushboat) as place:
        written = PLAIN_GIT.replace("[{{env: HOOK_SECRET}}]", "[{{file: webhook-secret}}]")
        repository = set_up(home, f"http://127.0.0.1:{place.port}")
        address = f"127.0.0.1:{place.port}"
        (home / "pushboat.yaml").write_text(written.format(url=f"http://{address}", address=address))
        with place.pushboat():
            assert pushboat("hook", "install", "local/shop").returncode == 0
            finished = pushboat("hook", "rotate", "local/shop")
            assert finished.returncode == 0, finished.stderr
            assert value(repository / "pushboat-secret") == value(place.secret) != OLD
            assert pushboat("hook", "doctor").returncode == 0


def test_an_apps_webhook_is_changed_once_for_all_repositories(tmp_path: Path) -> None:
    """It is one, and GitHub has no test of it: that Pushboat takes the secret was proved before."""
    base = "http://127.0.0.1:9"
    with FakeGitHub(tmp_path) as github:
        github.app_hook = {"url": f"{base}/webhooks/github", "content_type": "json", "secret": OLD}
        for name in ("acme/shop", "acme/other"):
            github.create_repository(name)
        forge = github.configured(token="", app=installed(github))
        moved = list(move(forge, list(github.projects), base, Secret(value=NEW)))

    assert [one.state for one in moved] == ["changed"]
    assert github.app_hook["secret"] == NEW
