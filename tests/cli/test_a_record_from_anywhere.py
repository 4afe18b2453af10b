"""`pushboat audit record` with PUSHBOAT_URL: the same envelope, and whose word it is that it is right."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat.sealing import Key
from pushboat.store import release_records
from pushboat.store.database.engine import Store
from tests.cli.conftest import Pushboat
from tests.cli.test_from_anywhere import Remote, door, operator, remote, store, token
from tests.our_key import our_key
from tests.pages.ledger import Ledger
from tests.store.drifted import released

__all__ = ["door", "operator", "remote", "store", "token"]


@pytest.fixture
def key(home: Path, store: Store) -> Key:
    """The installation's key; deployment 5 is a release, and signed with it."""
    ours = our_key(home / "var")
    released(store, Ledger(store, numbers=iter(range(100, 200))).queued("qa"))
    release_records.sign_due(store, ours)
    return ours


def test_the_same_envelope_comes_from_anywhere(pushboat: Pushboat, remote: Remote, key: Key, store: Store) -> None:
    """Byte for byte; there it is the server's word that it is right, until I bring a key that I noted."""
    here, there = pushboat("audit", "record", "5"), remote("audit", "record", "5")
    assert (here.returncode, there.returncode) == (0, 0), there.stderr
    assert here.stdout == there.stdout == f"{release_records.find(store, 5)}\n"
    assert "and as it was written\n" in here.stderr
    assert "says so, and --key with a key of yours proves it" in there.stderr
    noted = remote("audit", "record", "5", "--key", key.public().hex())
    assert (noted.returncode, "says so" in noted.stderr) == (0, False)
    assert remote("audit", "record", "latest", "--json").stdout == pushboat("audit", "record", "5", "--json").stdout


def test_a_server_that_lies_is_found_out_by_a_key_that_i_noted(remote: Remote, key: Key, store: Store) -> None:
    """It says that its key made the signature; it is not the one that I know: exit code 1."""
    another = Key("a key that I noted from elsewhere").public().hex()
    refused = remote("audit", "record", "5", "--key", another)
    assert (refused.returncode, "not signed with this installation's key" in refused.stderr) == (1, True)
    told = json.loads(remote("audit", "record", "5", "--key", another, "--json").stdout)
    assert (told["signature"], told["key"]) == ("bad", key.public().hex())


def test_what_is_no_record_is_a_no(pushboat: Pushboat, remote: Remote, key: Key, store: Store) -> None:
    """No release, not signed yet, no such deployment, tampered with: the same sentence and code as on the server."""
    for number in ("1", "99"):
        here, there = pushboat("audit", "record", number), remote("audit", "record", number)
        assert (here.returncode, there.returncode) == (1, 1)
    assert "has no release" in here.stderr or "there is no deployment 99" in here.stderr
    with store.writing() as tx:
        tx.change(sa.text("UPDATE release_record SET envelope = '{}'"))
    here, there = pushboat("audit", "record", "5"), remote("audit", "record", "5")
    assert (here.returncode, there.returncode) == (1, 1)
    assert "what stands there is no record" in here.stderr
    assert "what stands there is no record" in there.stderr


def test_a_worth_that_only_a_newer_server_knows_is_no_good_one(remote: Remote) -> None:
    """Its word is told with its reason, and I am not told that all is well: nobody found out, exit code 3."""
    body = json.dumps({"signature": "revoked", "why": "its key was taken back", "envelope": {}, "key": None}).encode()

    class Newer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Newer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        told = remote("audit", "record", "5", PUSHBOAT_URL=f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert (told.returncode, "its key was taken back" in told.stderr) == (3, True), told.stderr
    assert "Traceback" not in told.stderr
