"""Run a real Gitea for the tests and the demo: built once from its Go module, with its web pages, then up in seconds.

`go install` refuses a module that replaces others, so it is built in a copy of the module's source. That copy stays:
the program reads its templates and translations from there. The module has the pages' sources only; npm makes them.
"""

import base64
import json
import secrets
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.lab.golang import Say, ToolUnavailable, build_once, cache, go, run_with_progress, say_on_stderr
from cli.lab.loopback import free_port
from cli.lab.programs import NotStarted, serving
from cli.prerequisites import installing

MODULE, VERSION = "code.gitea.io/gitea", "v1.24.0"
ADMIN = "admiral"
KEPT = ("templates", "options", "public")
"""What the program reads at its start; the rest of the source goes once it is built."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gitea:
    """A running Gitea, and the token of its administrator."""

    url: str
    token: str

    def call(self, method: str, path: str, token: str = "", **fields: Any) -> Any:
        """Ask its API as the administrator, or as whoever a token belongs to."""
        return self._send(method, path, f"token {token or self.token}", fields)

    def create_user(self, name: str, password: str) -> str:
        """Create somebody and give a token of theirs, which nobody else can make."""
        known = {"username": name, "password": password, "email": f"{name}@example.com"}
        self._send("POST", "/admin/users", f"token {self.token}", known | {"must_change_password": False})
        named = {"name": "of the first day", "scopes": ["all"]}
        basic = base64.b64encode(f"{name}:{password}".encode()).decode()
        made = self._send("POST", f"/users/{name}/tokens", f"Basic {basic}", named)
        return str(made["sha1"])

    def _send(self, method: str, path: str, authorization: str, fields: Mapping[str, Any]) -> Any:
        asking = urllib.request.Request(  # noqa: S310 - our own loopback URL
            f"{self.url}/api/v1{path}",
            json.dumps(fields).encode() if fields else None,
            {"Authorization": authorization, "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(asking, timeout=30) as answer:  # noqa: S310 - our own loopback URL
            body = answer.read()
        return json.loads(body) if body else None


def program(say: Say = say_on_stderr) -> Path:
    """Return the program, building it where nobody did: about six minutes on two cores, with a line now and then."""

    def build(target: Path) -> None:
        shutil.rmtree(target, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            source = _source(Path(folder) / "source", say)
            built = source / "gitea"
            command = [str(go(say)), "build", "-mod=mod", "-buildvcs=false", "-tags", "sqlite sqlite_unlock_notify"]
            doing = f"building Gitea {VERSION}"
            run_with_progress([*command, "-o", str(built), "."], doing, 240, say, {"CGO_ENABLED": "1"}, source)
            _build_pages(source, say)
            target.mkdir()
            for part in ("gitea", *KEPT):
                (source / part).rename(target / part)

    return build_once(cache("gitea", VERSION), build) / "gitea"


@contextmanager
def running(folder: Path, say: Say = say_on_stderr) -> Iterator[Gitea]:
    """Run a Gitea of its own in a folder, with an administrator and nobody else; it ends with the block or with us."""
    executable = program(say)
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    configuration = folder / "app.ini"
    configuration.write_text(_settings(folder, executable.parent, port))
    _run(executable, configuration, "migrate")
    user = ("--username", ADMIN, "--email", f"{ADMIN}@example.com", "--random-password")
    _run(executable, configuration, "admin", "user", "create", *user, "--admin", "--must-change-password=false")
    token = ("--username", ADMIN, "--scopes", "all", "--raw")
    given = _run(executable, configuration, "admin", "user", "generate-access-token", *token).split()[-1]
    url = f"http://127.0.0.1:{port}"
    with serving("Gitea", [*_words(executable, configuration), "web"], f"{url}/api/healthz", folder / "web.log"):
        yield Gitea(url=url, token=given)


def _source(target: Path, say: Say) -> Path:
    fetched = subprocess.run(
        [str(go(say)), "mod", "download", "-json", f"{MODULE}@{VERSION}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=target.parent,
    )
    if fetched.returncode:
        raise ToolUnavailable(f"{MODULE}@{VERSION} cannot be fetched: {fetched.stderr.strip()[-500:]}")
    shutil.copytree(json.loads(fetched.stdout)["Dir"], target)
    for each in (target, *target.rglob("*")):  # the module cache is read-only, and so is a copy of it
        each.chmod(0o755 if each.is_dir() else 0o644)
    return target


def _build_pages(source: Path, say: Say) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise ToolUnavailable(f"npm is needed to build Gitea's pages; install it: {installing('npm')}")
    fetch = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    run_with_progress(fetch, "fetching what Gitea's pages are made of", 60, say, None, source)
    build = [npm, "exec", "--", "webpack", "--disable-interpret"]
    quiet = {"BROWSERSLIST_IGNORE_OLD_DATA": "true"}
    run_with_progress(build, "building Gitea's pages", 90, say, quiet, source)


def _settings(folder: Path, home: Path, port: int) -> str:
    """Write its settings: loopback only, nothing fetched from elsewhere, deliveries to loopback allowed and prompt."""
    sections: dict[str, dict[str, object]] = {
        "": {
            "APP_NAME": "Gitea",
            "RUN_MODE": "prod",
            "WORK_PATH": folder,
            "I_AM_BEING_UNSAFE_RUNNING_AS_ROOT": "true",  # a stage for minutes, reached from this machine only
        },
        "server": {
            "HTTP_ADDR": "127.0.0.1",
            "HTTP_PORT": port,
            "ROOT_URL": f"http://127.0.0.1:{port}/",
            "STATIC_ROOT_PATH": home,
            "DISABLE_SSH": "true",
            "OFFLINE_MODE": "true",
        },
        "database": {"DB_TYPE": "sqlite3", "PATH": folder / "gitea.db"},
        "repository": {"ROOT": folder / "repositories"},
        "security": {
            "INSTALL_LOCK": "true",
            "SECRET_KEY": secrets.token_urlsafe(32),
            "PASSWORD_HASH_ALGO": "pbkdf2_v2",
        },
        "service": {"DISABLE_REGISTRATION": "true"},
        "webhook": {"ALLOWED_HOST_LIST": "loopback", "DELIVER_TIMEOUT": 10},
        "indexer": {"ISSUE_INDEXER_TYPE": "db"},
        "log": {"LEVEL": "warn"},
    }
    lines = []
    for name, values in sections.items():
        lines += [f"[{name}]"] if name else []
        lines += [f"{key} = {value}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


def _words(executable: Path, configuration: Path) -> list[str]:
    return [str(executable), "--config", str(configuration)]


def _run(executable: Path, configuration: Path, *words: str) -> str:
    done = subprocess.run([*_words(executable, configuration), *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotStarted(f"gitea {words[0]} failed: {(done.stdout + done.stderr).strip()[-1000:]}")
    return done.stdout
