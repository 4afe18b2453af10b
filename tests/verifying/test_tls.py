"""Over TLS a host proves its name by a certificate that this machine trusts; the address is a checked one."""

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from workers.verifying.fetching import NoAnswer, fetch


class Server:
    """Answers each request over TLS, and remembers the name that it was asked by."""

    def __init__(self, folder: Path, name: str) -> None:
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(_certified(name))
        self.asked: list[str] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)
        context.sni_callback = lambda _line, asked, _context: self.asked.append(str(asked))
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                raw, _ = self._socket.accept()
            except OSError:
                return
            with raw:
                try:
                    with self._context.wrap_socket(raw, server_side=True) as line:
                        self.asked.append(line.recv(4096).decode().partition("Host: ")[2].splitlines()[0])
                        line.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
                except (OSError, IndexError):
                    continue

    def close(self) -> None:
        """Stop listening."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(60)


def _certified(name: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return secret + certificate.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(params=["localhost", "other.example"])
def server(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server whose certificate is trusted, and is of this machine or of another one."""
    found = Server(tmp_path, request.param)
    monkeypatch.setenv("SSL_CERT_FILE", str(found.file))
    yield found
    found.close()


def test_a_host_must_prove_its_name(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name goes out with the handshake and with the request; a certificate of another name, or of nobody, is no
    answer."""
    url = f"https://localhost:{server.port}/healthz"
    if server.file.stem == "localhost":
        assert fetch(url, 60).status == 204
        assert server.asked == ["localhost", f"localhost:{server.port}"]
        monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NoAnswer, match="its certificate is not good"):
        fetch(url, 60)
