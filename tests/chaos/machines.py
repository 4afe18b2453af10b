"""What a run runs: `pushboat serve` on SQLite with the broker in it, or two of them that share a Postgres and a broker.

Two are what the high-availability overlay has: web, dashboard, dispatcher, worker and reporter twice, here in two state
folders like on two machines. Whoever dies is started again by its `serve`; a `serve` that dies, by us.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pushboat.parent_death import die_with
from pushboat.queue.embedded import broker_socket, server_command
from tests import serving
from tests.breaking import PARTS
from tests.chaos.lanes import projects
from tests.fakes.forge import FakeForge
from tests.serving import Served, own_children
from tests.store.postgres import Server, server
from tests.stories.conftest import environ_of

SECRET = "a secret between the hook and us"
ENDS = 240.0
"""Seconds for a machine to end, on a computer that does five other things."""


@dataclass
class Broker:
    """One that several machines share, started again where it died."""

    state: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, state: Path) -> "Broker":
        """Start it with its data below a folder."""
        return cls(state, cls._spawn(state))

    @staticmethod
    def _spawn(state: Path) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        return subprocess.Popen(
            server_command(state),
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            start_new_session=True,
            preexec_fn=die_with(os.getpid()),
        )

    @property
    def url(self) -> str:
        """Give its address as the operator writes it."""
        return f"redis+socket://{broker_socket(self.state)}"

    def look_after(self) -> None:
        """Start it again if it died."""
        if self.process.poll() is not None:
            self.process = self._spawn(self.state)

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


@dataclass
class Machines:
    """Everything of Pushboat that runs, and where its store and broker are."""

    served: list[Served]
    environ: Mapping[str, str]
    postgres: Server | None = None
    broker: Broker | None = None
    frozen: set[int] = field(default_factory=set)

    @property
    def urls(self) -> list[str]:
        """Give where deliveries may go."""
        return [each.url for each in self.served]

    def pids(self, part: str) -> list[int]:
        """Give the processes that are a part now; none while all of them are being started again."""
        if part == "broker" and self.broker:
            return [self.broker.process.pid]
        if part == "machine":
            return [each.process.pid for each in self.served if each.process.poll() is None]
        words = PARTS[part]
        every = [own_children(each.process.pid) for each in self.served if each.process.poll() is None]
        return sorted(pid for found in every for pid, line in found.items() if words in line)

    def logs(self) -> list[Path]:
        """List what they and their Postgres have said."""
        return [*(each.log for each in self.served), *([self.postgres.folder / "log"] if self.postgres else [])]

    def broker_data(self) -> Path:
        """Give the folder of the broker's data."""
        return (self.broker.state if self.broker else self.served[0].state) / "broker"

    def look_after(self) -> None:
        """Start again what nobody else does: a `serve` that died, and the broker that they share."""
        if self.broker:
            self.broker.look_after()
        for each in self.served:
            if each.process.poll() is not None:
                each.process = serving._spawn(each.config, each.log, self.environ, executed=False)

    def wake(self) -> None:
        """Let everything go on that was stopped."""
        for pid in self.frozen:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGCONT)
        self.frozen.clear()


@contextmanager
def machines(
    folder: Path, store: str, forges: Mapping[str, FakeForge], git_root: Path, kubeconfig: Path
) -> Iterator[Machines]:
    """Run them until the block ends; then nothing of them may be left."""
    environ = environ_of(forges)
    with ExitStack() as stack:
        postgres = stack.enter_context(server()) if store == "postgres" else None
        more: dict[str, Any] = {}
        broker = None
        if postgres:
            broker = Broker.start(folder / "shared")
            stack.callback(broker.stop)
            environ["PUSHBOAT_STORE"] = postgres.fresh()
            (folder / "key").write_text("ab" * 32)
            more = {"store": {"env": "PUSHBOAT_STORE"}, "broker": broker.url, "encryption_key": {"file": "../key"}}
        operator = _operators_file(forges, git_root, kubeconfig) | more
        running = Machines([], environ, postgres, broker)
        stack.callback(_stop, running)
        for number in range(2 if postgres else 1):
            running.served.append(Served.start(folder / f"machine-{number}", operator, environ))
        yield running


def _operators_file(forges: Mapping[str, FakeForge], git_root: Path, kubeconfig: Path) -> dict[str, Any]:
    secret = git_root / "webhook-secret"
    secret.write_text(SECRET)
    described = {
        name: {
            "kind": name,
            "url": forge.url,
            "api_url": forge.configured().api_url,
            "clone_url": forge.clone_url,
            "webhook_secrets": [{"env": f"{name.upper()}_WEBHOOK_SECRET"}],
            "token": {"env": f"{name.upper()}_TOKEN"},
        }
        for name, forge in forges.items()
    }
    local = {"kind": "git", "root": str(git_root), "webhook_secrets": [{"file": str(secret)}]}
    return {
        "forges": {**described, "local": local},
        "clusters": {"dev": {"kubeconfig": str(kubeconfig)}},
        "projects": projects(),
    }


def _stop(running: Machines) -> None:
    """Tell all of them to end, and wait; whoever looks afterwards finds what is left."""
    running.wake()
    for each in running.served:
        each.process.send_signal(signal.SIGTERM)
    for each in running.served:
        with suppress(subprocess.TimeoutExpired):
            each.process.wait(ENDS)


def forget(folder: Path) -> None:
    """Remove what is in a folder, whoever writes there meanwhile."""
    for left in list(folder.iterdir()):
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
