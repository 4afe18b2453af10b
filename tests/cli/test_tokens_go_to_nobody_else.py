"""Over https the Pushboat that is meant proves its name, and nobody else is ever shown the token."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests

from tests.cli.conftest import Pushboat
from tests.cli.test_from_anywhere import door, operator, store, token
from tests.receiving.front_door import FrontDoor
from tests.verifying.test_tls import _certified

__all__ = ["door", "operator", "store", "token"]


@contextmanager
def proxy(to: str, certificate: Path | None = None, answers: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Serve what stands behind, over TLS where there is a certificate, or `answers` with a redirect there.

    Gives the port, and what was shown as a token.
    """
    shown: list[str] = []

    class Passing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            shown.append(self.headers.get("Authorization", ""))
            if answers:
                self.send_response(answers)
                self.send_header("Location", to + self.path)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            said = requests.get(to + self.path, headers=dict(self.headers), timeout=60)
            self.send_response(said.status_code)
            self.send_header("Content-Length", str(len(said.content)))
            self.end_headers()
            self.wfile.write(said.content)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Passing) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port, shown
        server.shutdown()
        thread.join(60)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of this machine, which signs itself."""
    file = tmp_path / "localhost.pem"
    file.write_bytes(_certified("localhost"))
    return file


def test_a_certificate_is_trusted_by_the_file_that_is_named(
    pushboat: Pushboat, door: FrontDoor, token: str, certificate: Path, tmp_path: Path
) -> None:
    """With PUSHBOAT_CA_FILE my company's signer counts; without it nothing is sent, and I read what would help."""
    other = tmp_path / "other.pem"
    other.write_bytes(_certified("localhost"))
    with proxy(door.url, certificate) as (port, shown):
        there = {"PUSHBOAT_URL": f"https://localhost:{port}", "PUSHBOAT_TOKEN": token}
        good = pushboat("status", "--json", PUSHBOAT_CA_FILE=str(certificate), **there)
        assert (good.returncode, good.stdout) == (0, pushboat("status", "--json").stdout), good.stderr
        asked = len(shown)
        for file in ({}, {"PUSHBOAT_CA_FILE": str(other)}):
            refused = pushboat("status", **there, **file)
            assert (refused.returncode, "PUSHBOAT_CA_FILE" in refused.stderr) == (3, True)
        elsewhere = {**there, "PUSHBOAT_URL": f"https://127.0.0.1:{port}", "PUSHBOAT_CA_FILE": str(certificate)}
        assert pushboat("status", **elsewhere).returncode == 3  # it is of another name
        assert len(shown) == asked
    assert set(shown) == {f"Bearer {token}"}


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_file_without_certificates_is_refused(
    pushboat: Pushboat, token: str, tmp_path: Path, content: str | None
) -> None:
    """It is named, and the machine's own certificates do not step in for it."""
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    refused = pushboat("status", PUSHBOAT_URL="https://localhost:9", PUSHBOAT_TOKEN=token, PUSHBOAT_CA_FILE=str(file))
    assert (refused.returncode, str(file) in refused.stderr) == (2, True)


@pytest.mark.parametrize("code", [301, 302, 307, 308])
@pytest.mark.parametrize("words", ["status", "deploy github/acme/shop staging"])
def test_a_redirect_is_followed_by_nobody(
    pushboat: Pushboat, token: str, certificate: Path, code: int, words: str
) -> None:
    """Whoever sends the command on to another host gets no token there."""
    with (
        proxy("http://127.0.0.1:9") as (thief, stolen),
        proxy(f"http://127.0.0.1:{thief}", certificate, answers=code) as (port, shown),
    ):
        url = f"https://localhost:{port}"
        refused = pushboat(*words.split(), PUSHBOAT_URL=url, PUSHBOAT_TOKEN=token, PUSHBOAT_CA_FILE=str(certificate))
    assert (refused.returncode, len(shown), stolen) == (3, 1, [])
    assert f"answers {code}" in refused.stderr or "is not Pushboat" in refused.stderr
