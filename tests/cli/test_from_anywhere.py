"""With PUSHBOAT_URL the commands that look ask that Pushboat, and say what they would say where it runs."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pushboat.config import operator as operator_file
from pushboat.config.operator import Operator
from pushboat.config.pages import Access, Pages
from pushboat.model.api_token import Role
from pushboat.model.reach import EVERYTHING
from pushboat.store import api_tokens
from pushboat.store.database.engine import Store
from tests.cli.conftest import Finished, Pushboat
from tests.dashboard.filled import fill
from tests.fresh_store import fresh_store
from tests.pages.ledger import Ledger
from tests.ports import free_port
from tests.receiving.front_door import FrontDoor, open_front_door
from tests.store.repository import time_passes

SHOP = "github/acme/shop"
LONG_AGO = 5400.0
"""Seconds that are said in whole hours, so that two commands say the same whatever takes place between them."""
Remote = Callable[..., Finished]


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """A store with something of everything."""
    (home / "var").mkdir()
    opened = fresh_store(home / "var")
    fill(Ledger(opened))
    yield opened
    opened.close()


@pytest.fixture
def operator(home: Path, environ: dict[str, str]) -> Operator:
    """The operator's file, as the server reads it; nobody is let in without a token."""
    read = operator_file.load(home / "pushboat.yaml", environ)
    return replace(read, state=home / "var", pages=Pages(access=Access.HIDDEN))


@pytest.fixture
def door(operator: Operator, store: Store) -> Iterator[FrontDoor]:
    """The server."""
    with open_front_door(operator, store) as opened:
        yield opened


@pytest.fixture
def token(store: Store) -> str:
    """A token that sees everything."""
    return api_tokens.create(store, "ci", EVERYTHING, Role.VIEWER, 24 * 3600.0, "root")[1]


@pytest.fixture
def remote(pushboat: Pushboat, door: FrontDoor, token: str, tmp_path: Path) -> Remote:
    """Run a command on another machine, which has no operator's file."""

    def run(*words: str, **more: str) -> Finished:
        return pushboat(
            *words, PUSHBOAT_CONFIG="/nowhere", **{"PUSHBOAT_URL": door.url, "PUSHBOAT_TOKEN": token, **more}
        )

    return run


@pytest.mark.parametrize(
    "words",
    [
        "status",
        f"status {SHOP}",
        "status github/Acme/Shop",
        "status --json",
        "history",
        "history --json",
        "history --limit 1",
        "history --limit 1 --json",
        "history --before 4 --json",
        f"history {SHOP} staging --state failed",
        "history --sha 0000002",
        "history --state cancelled",
        "show 1",
        "show 1 --json",
        "show 3",
        "show latest",
        "show latest --json",
        "deliveries list",
        "deliveries list --json",
        "deliveries list --limit 1",
        "deliveries list --limit 2 --json",
        "deliveries list --repository github/Acme/Shop --json",
        "deliveries list --sha 0000002",
        "deliveries show 1",
        "deliveries show 1 --json",
        "deliveries show 5",
        "deliveries show 6",
        "deliveries show latest",
        "deliveries show latest --json",
        f"audit list {SHOP}",
        f"audit list {SHOP} --json",
        "audit list github/Acme/Shop --limit 2 --who ADA --since 1d --json",
        f"audit list {SHOP} --limit 2",
        f"audit list {SHOP} --verdict refused --environment staging",
        f"audit list {SHOP} --word nothing",
    ],
)
def test_it_says_the_same_as_where_it_runs(pushboat: Pushboat, remote: Remote, store: Store, words: str) -> None:
    """Table and JSON, what is said beside it and the exit code are those of the server's machine."""
    time_passes(store, LONG_AGO)
    here, there = pushboat(*words.split()), remote(*words.split())
    assert (there.returncode, there.stderr, there.stdout) == (here.returncode, here.stderr, here.stdout)
    assert here.returncode == 0


def test_what_a_token_does_not_read_of_the_audit_is_said(pushboat: Pushboat, remote: Remote, token: str) -> None:
    """Who made the token is about no repository: it is on the server's list, and mine says that there is more."""
    here, there = pushboat("audit", "list"), remote("audit", "list")
    assert "token create" in here.stdout.splitlines()[0]
    assert there.stdout.splitlines() == here.stdout.splitlines()[1:]
    assert "not here: who signed in, and tokens for every repository" in there.stderr
    assert "not here" not in here.stderr


def test_what_is_not_there_is_a_no(pushboat: Pushboat, remote: Remote, store: Store) -> None:
    """The same sentence and the same code."""
    for words in (("show", "99"), ("deliveries", "show", "99"), ("deliveries", "replay", "99")):
        here, there = pushboat(*words), remote(*words)
        assert (there.returncode, there.stderr) == (here.returncode, here.stderr)
        assert here.returncode == 1


def test_who_brings_a_token_reads_what_containers_said(pushboat: Pushboat, remote: Remote, store: Store) -> None:
    """As on the server's machine: a token is for somebody, as a password is."""
    time_passes(store, LONG_AGO)
    here, there = pushboat("show", "2"), remote("show", "2")
    assert ("crashed" in here.stdout, there.stdout) == (True, here.stdout)


@pytest.mark.parametrize(
    ("words", "path"),
    [
        ("", "/"),
        ("github/Acme/Shop", f"/?repository={SHOP}"),
        (f"{SHOP} staging", f"/environments/{SHOP}/staging"),
        ("2", "/deployments/2"),
        ("3", "/plans/3"),
        ("latest", "/deployments/4"),
    ],
)
def test_a_page_is_where_the_one_that_is_meant_shows_it(
    pushboat: Pushboat, remote: Remote, door: FrontDoor, words: str, path: str
) -> None:
    """`pushboat open` prints the address for me to follow; here it is the public one, elsewhere the one that I use."""
    for found, base in (
        (pushboat("open", *words.split()), "http://127.0.0.1:8799"),
        (remote("open", *words.split()), door.url),
    ):
        assert (found.returncode, found.stdout, found.stderr) == (0, f"{base}{path}\n", "")


@pytest.mark.parametrize(("words", "code"), [(f"{SHOP}x", 2), (f"{SHOP} stagin", 2), ("99", 1), ("x", 2)])
def test_no_page_is_opened_of_what_is_not_there(pushboat: Pushboat, remote: Remote, words: str, code: int) -> None:
    """A page that says that it is not there helps nobody."""
    for found in (pushboat("open", *words.split()), remote("open", *words.split())):
        assert (found.returncode, found.stdout) == (code, "")
        assert (
            "there is no " in found.stderr or "is not the number" in found.stderr or "has no repository" in found.stderr
        )


def test_a_shell_completes_the_names_of_the_one_that_is_meant(remote: Remote) -> None:
    """Repositories and environments that my token sees there."""
    for line, names in (("pushboat plan git", [SHOP]), (f"pushboat plan {SHOP} stag", ["staging"])):
        place = str(len(line.split(" ")) - 1)
        words = {"_PUSHBOAT_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": place}
        assert remote(**words).stdout.splitlines() == [f"plain,{name}" for name in names]


def test_many_come_a_page_at_a_time(pushboat: Pushboat, remote: Remote, store: Store) -> None:
    """More than the API gives at once are there all the same, and where older ones begin."""
    ledger = Ledger(store, numbers=iter(range(1000, 2000)))
    for _ in range(125):
        ledger.queued()
    for limit in ("120", "500"):
        words = ("history", "--limit", limit, "--json")
        assert json.loads(remote(*words).stdout) == json.loads(pushboat(*words).stdout)


@pytest.mark.parametrize(
    "words", [f"status {SHOP}x", f"history {SHOP}x", "history --sha xyz", f"history {SHOP} stagin"]
)
def test_what_nobody_has_is_usage(remote: Remote, words: str) -> None:
    """A mistyped name is refused with what there is, and not answered with an empty list."""
    refused = remote(*words.split())
    assert (refused.returncode, refused.stdout) == (2, "")
    assert any(said in refused.stderr for said in ("known: ", "did you mean ", "hexadecimal"))


def test_a_token_is_brought_by_a_file_too(remote: Remote, token: str, tmp_path: Path) -> None:
    """It stands on no command line; a file that cannot be read is named."""
    (tmp_path / "token").write_text(f"{token}\n")
    assert remote("status", PUSHBOAT_TOKEN="", PUSHBOAT_TOKEN_FILE=str(tmp_path / "token")).returncode == 0
    refused = remote("status", PUSHBOAT_TOKEN="", PUSHBOAT_TOKEN_FILE=str(tmp_path / "nothing"))
    assert (refused.returncode, str(tmp_path / "nothing") in refused.stderr) == (2, True)


def test_who_is_not_let_in_is_told_what_to_do(remote: Remote, store: Store, token: str) -> None:
    """No token, a wrong one and one that was revoked: each says what is wrong and what makes another."""
    api_tokens.revoke(store, "ci", "root")
    for shown, says in (("", "`pushboat token create`"), ("pushboat_wrong", "not known"), (token, "revoked")):
        refused = remote("status", PUSHBOAT_TOKEN=shown)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert says in refused.stderr
        assert not shown or shown not in refused.stderr


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("pushboat.example.org", "https://"),
        ("ftp://pushboat.example.org", "https://"),
        ("https://ada:secret@pushboat.example.org", "without a password"),
        ("http://pushboat.example.org", "in the clear"),
    ],
)
def test_an_address_that_cannot_be_meant_is_refused(remote: Remote, url: str, says: str, token: str) -> None:
    """Nothing is sent, above all no token where anybody may read it."""
    refused = remote("status", PUSHBOAT_URL=url)
    assert (refused.returncode, says in refused.stderr, token in refused.stderr) == (2, True, False)


def test_nobody_there_is_not_known(remote: Remote) -> None:
    """Nothing answers: exit code 3, and which address that was."""
    url = f"http://127.0.0.1:{free_port()}"
    refused = remote("status", PUSHBOAT_URL=url)
    assert (refused.returncode, url in refused.stderr) == (3, True)


@pytest.mark.parametrize(
    ("code", "headers", "body", "says"),
    [
        (200, {}, b"<html>a proxy's page</html>", "is not Pushboat"),
        (200, {}, b"[]", "is not Pushboat"),
        (302, {"Location": "http://127.0.0.1:9/"}, b"{}", "answers 302"),
        (404, {}, b"{}", "another version"),
        (502, {}, b'{"detail": "the dashboard does not answer"}', "the dashboard does not answer"),
    ],
)
def test_something_else_there_is_said(
    remote: Remote, code: int, headers: dict[str, str], body: bytes, says: str
) -> None:
    """A proxy, an older Pushboat, a redirect, which is not followed: exit code 3 and a sentence."""

    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(code)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        refused = remote("status", PUSHBOAT_URL=f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert (refused.returncode, refused.stdout, says in refused.stderr) == (3, "", True), refused.stderr


@pytest.mark.parametrize("words", [f"approve {SHOP} staging", "hook doctor", "holds", "audit verify", "audit stamp"])
def test_what_acts_here_does_not_act_for_another_one(remote: Remote, pushboat: Pushboat, words: str) -> None:
    """Whoever means a Pushboat elsewhere changes nothing here by mistake: it is refused, and the way on is named."""
    refused = remote(*words.split())
    assert (refused.returncode, "env -u PUSHBOAT_URL" in refused.stderr) == (2, True)
    assert os.environ.get("PUSHBOAT_URL") is None
