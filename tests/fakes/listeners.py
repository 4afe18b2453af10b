"""Who hears notices: chats behind their own names over TLS, a mail server, and a program behind a webhook.

The chats are reached as from a company's network: through a proxy that leads to this machine whatever name is asked
for, and whose certificates only a test trusts.
"""

import contextlib
import datetime
import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SLACK, TEAMS, DISCORD = "hooks.slack.com", "prod-1.westeurope.logic.azure.com", "discord.com"
ANSWERS = {SLACK: (200, b"ok"), TEAMS: (202, b""), DISCORD: (204, b"")}
"""What each says to a message that it takes."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One message as it came."""

    host: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Give all of it as people would find it."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """Give it as a program reads it."""
        return json.loads(self.body)


class Chats(socketserver.ThreadingTCPServer):
    """A proxy to all chats of this world. `says` are other answers than the right one, by host; `down` hang up."""

    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def __init__(self, folder: Path) -> None:
        self.told: list[Told] = []
        self.says: dict[str, tuple[int, bytes]] = {}
        self.headers: dict[str, str] = {}
        self.down: set[str] = set()
        self.tried: list[str] = []
        self.certificate = folder / "chats.pem"
        self.certificate.write_bytes(_certified(*ANSWERS))
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(self.certificate)
        super().__init__(("127.0.0.1", 0), _Proxied)

    def heard_by(self, host: str) -> list[Told]:
        """Give what one of them was told and took."""
        return [each for each in self.told if each.host == host]


class Program(socketserver.ThreadingTCPServer):
    """A program behind a webhook; `says` is its answer."""

    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.tried: list[Told] = []
        self.says = 204
        self.headers: dict[str, str] = {}
        super().__init__(("127.0.0.1", 0), _Plain)

    @property
    def url(self) -> str:
        """Give its address."""
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class Mail(socketserver.ThreadingTCPServer):
    """A mail server. `says` is what it answers to a whole message; `down`: it says that it is closed."""

    allow_reuse_address = daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.says = "250 taken"
        self.down = False
        super().__init__(("127.0.0.1", 0), _Smtp)

    @property
    def url(self) -> str:
        """Give its address as apprise writes it."""
        port = self.server_address[1]
        return f"mailto://127.0.0.1:{port}?from=pushboat@example.org&to=team@example.org&mode=insecure"


@contextmanager
def listening(server: socketserver.ThreadingTCPServer) -> Iterator[None]:
    """Serve for the time of the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(60)


@contextmanager
def reachable_chats(folder: Path) -> Iterator[Chats]:
    """Have the chats in this process's network for the time of the block."""
    chats = Chats(folder)
    with listening(chats), pytest.MonkeyPatch.context() as patch:
        for name in ("HTTPS_PROXY", "https_proxy"):
            patch.setenv(name, f"http://127.0.0.1:{chats.server_address[1]}")
        for name in ("NO_PROXY", "no_proxy"):
            patch.setenv(name, "127.0.0.1,localhost")
        patch.setenv("REQUESTS_CA_BUNDLE", str(chats.certificate))
        yield chats


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host = ""

    def log_message(self, *_: object) -> None:
        """Say nothing: tests look at `told`."""

    def read(self) -> Told:
        """Read one message."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Told(host=self.host, path=self.path, headers=headers, body=body)

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Answer it, and hang up."""
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body)), "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True


class _Proxied(_Quiet):
    server: Chats

    def do_CONNECT(self) -> None:
        """Lead to the host that is asked for."""
        host = self.path.partition(":")[0]
        self.server.tried.append(host)
        if host in self.server.down:
            self.close_connection = True
            return
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError), self.server.tls.wrap_socket(self.connection, server_side=True) as line:
            _Chat(line, self.client_address, self.server, host)
        self.close_connection = True


class _Chat(_Quiet):
    server: Chats

    def __init__(self, line: ssl.SSLSocket, address: Any, server: Chats, host: str) -> None:
        self.host = host
        super().__init__(line, address, server)

    def do_POST(self) -> None:
        """Take a message, or not."""
        told = self.read()
        status, body = self.server.says.get(self.host, ANSWERS[self.host])
        if status < 300:
            self.server.told.append(told)
        self.answer(status, body, self.server.headers)


class _Plain(_Quiet):
    server: Program

    def do_POST(self) -> None:
        """Take a message, or not."""
        told = self.read()
        self.server.tried.append(told)
        if self.server.says < 300:
            self.server.told.append(told)
        self.answer(self.server.says, b"", self.server.headers)


class _Smtp(socketserver.StreamRequestHandler):
    server: Mail

    def handle(self) -> None:
        """Speak SMTP, as far as a message needs it."""
        if self.server.down:
            self._say("421 closed")
            return
        self._say("220 mail.example.org")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self._take()
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                if word == b"RCPT":
                    self.server.recipients.append(line.decode().partition(":")[2].strip(" <>\r\n"))
                self._say("250 mail.example.org")

    def _take(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if self.server.says.startswith("250"):
            message = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.server.messages.append(message)
        self._say(self.server.says)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def _certified(*names: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "chats")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return encoded + certificate.public_bytes(serialization.Encoding.PEM)
