"""A bare repository whose commits may hold anything that git can store, and an HTTP server in front of it."""

import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import parse_qsl

from tests.fakes import git_http
from tests.fakes.bare import ENVIRONMENT


@dataclass(frozen=True)
class Link:
    """A symbolic link in a commit."""

    target: str


@dataclass(frozen=True)
class Submodule:
    """A commit of another repository in a commit."""

    sha: str = "1" * 40


Content = str | bytes | Link | Submodule


@dataclass(frozen=True)
class Upstream:
    """A bare repository on this machine."""

    path: Path

    @classmethod
    def create(cls, path: Path, *, sha256: bool = False) -> "Upstream":
        """Make an empty one, which serves partial clones as the forges do."""
        path.parent.mkdir(parents=True, exist_ok=True)
        algorithm = "--object-format=" + ("sha256" if sha256 else "sha1")
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", algorithm, str(path)], check=True)
        upstream = cls(path)
        upstream.git("config", "uploadpack.allowFilter", "true")
        upstream.git("config", "uploadpack.allowAnySHA1InWant", "true")
        return upstream

    def git(self, *args: str, stdin: bytes = b"") -> str:
        """Run git in it."""
        done = subprocess.run(["git", "-C", str(self.path), *args], input=stdin, check=True, capture_output=True)
        return done.stdout.decode().strip()

    def commit(self, files: Mapping[str, Content], branch: str = "main") -> str:
        """Commit exactly these files on a branch and give the sha."""
        stream = bytearray(f"commit refs/heads/{branch}\n".encode())
        stream += b"committer Ada <ada@example.com> 1700000000 +0000\ndata 1\nx\n"
        if subprocess.run(
            ["git", "-C", str(self.path), "rev-parse", "-q", "--verify", f"refs/heads/{branch}"], capture_output=True
        ).stdout:
            stream += f"from refs/heads/{branch}^0\n".encode()
        stream += b"deleteall\n"
        for name, content in files.items():
            stream += _change(name, content)
        self.git("fast-import", "--quiet", "--force", stdin=bytes(stream))
        return self.git("rev-parse", branch)

    def folder(self, folder: Path, extra: Mapping[str, Content] | None = None) -> str:
        """Commit a folder's files."""
        files: dict[str, Content] = {
            str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
        }
        return self.commit({**files, **(extra or {})})


def _change(name: str, content: Content) -> bytes:
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    path = quoted.encode("utf-8", "surrogateescape")
    if isinstance(content, Submodule):
        return b"M 160000 " + content.sha.encode() + b" " + path + b"\n"
    mode = b"120000" if isinstance(content, Link) else b"100644"
    text = content.target if isinstance(content, Link) else content
    raw = text if isinstance(text, bytes) else text.encode()
    return b"M " + mode + b" inline " + path + f"\ndata {len(raw)}\n".encode() + raw + b"\n"


class SmartHttp:
    """git over HTTP; remembers requests, may ask for a header, may answer an error, or wait before it answers."""

    def __init__(self, repository: Path) -> None:
        self.requests: list[str] = []
        self.demanded = ""
        self.status = 0
        self.location = ""
        self.may_answer = threading.Event()
        self.may_answer.set()
        self._server = _Server(self, repository.parent)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/{repository.name}"

    def __enter__(self) -> "SmartHttp":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    def __init__(self, state: SmartHttp, root: Path) -> None:
        self.state, self.root = state, root
        super().__init__(("127.0.0.1", 0), _Bridge)


class _Bridge(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_args: object) -> None:
        """Stay quiet."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or self._chunks()
        self.server.state.requests.append(f"{self.command} {self.path}")
        self.server.state.may_answer.wait(60)
        if self.server.state.demanded and self.headers.get("Authorization") != self.server.state.demanded:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="forge"')
            self.end_headers()
            return
        if self.server.state.status:
            self.send_response(self.server.state.status)
            if self.server.state.location:
                self.send_header("Location", self.server.state.location + self.path)
            self.end_headers()
            return
        self._backend(body)

    def _chunks(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return b""
        whole = b""
        while size := int(self.rfile.readline(), 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    def _backend(self, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        name, _, rest = path.strip("/").partition("/")
        asked = git_http.Asked(
            method=self.command,
            rest=rest,
            service=dict(parse_qsl(query)).get("service", ""),
            body=body,
            encoding=self.headers.get("Content-Encoding", ""),
            protocol=self.headers.get("Git-Protocol", ""),
        )
        said = git_http.answer(self.server.root / name, asked, ENVIRONMENT)
        self.send_response(said.status)
        for field, value in said.headers.items():
            self.send_header(field, value)
        self.send_header("Content-Length", str(len(said.content)))
        self.end_headers()
        self.wfile.write(said.content)
