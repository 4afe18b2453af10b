"""`serve` under systemd: Type=notify and WatchdogSec work as systemd.service(5) says."""

import configparser
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cli.main import PROCESSES
from cli.main import pushboat as command_line
from cli.supervisor import STOPPING_SECONDS
from tests.cli.conftest import OPERATOR
from tests.cli.test_supervisor import Supervised, how, pid, supervise
from tests.ports import free_port
from tests.serving import ROOT, children
from tests.until import until

__all__ = ["how", "supervise"]  # the fixtures


class Manager:
    """systemd's end of the notify socket."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.socket.settimeout(0)
        self.heard: list[str] = []

    def listen(self) -> list[str]:
        """Give the lines that came since the last time."""
        new: list[str] = []
        try:
            while True:
                new += self.socket.recv(4096).decode().split("\n")
        except BlockingIOError:
            self.heard += new
            return new

    def hears(self, line: str, within: float = 120.0) -> None:
        """Wait for a line."""

        def heard() -> bool:
            self.listen()
            return any(line in said for said in self.heard)

        until(heard, within=within, what=line)


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Manager]:
    """A service manager that waits two seconds for each watchdog beat."""
    manager = Manager(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.setenv("WATCHDOG_USEC", "2000000")
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    yield manager
    manager.socket.close()


def is_stopped(pid: int) -> bool:
    """Say whether a process stands still; it may be busy for a moment after it was told to."""
    return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "T"


def wait(seconds: float) -> None:
    """Let time pass in which nothing may happen."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() >= end, what="time to pass")


def test_the_watchdog_is_fed_by_the_loop_of_serve(supervise: Supervised, tmp_path: Path, manager: Manager) -> None:
    """Beats come as long as serve turns, stop while it does not, and its end is announced."""
    supervisor = supervise("web=good")
    pid(tmp_path / "web.pid")
    manager.hears("WATCHDOG=1")

    os.kill(supervisor.pid, signal.SIGSTOP)
    until(lambda: is_stopped(supervisor.pid), what="serve to stand still")
    manager.listen()
    wait(3)
    assert manager.listen() == []
    os.kill(supervisor.pid, signal.SIGCONT)

    until(lambda: "WATCHDOG=1" in manager.listen(), what="the next beat")
    supervisor.terminate()
    supervisor.communicate(timeout=60)
    manager.listen()
    assert manager.heard[-2:] == ["STOPPING=1", "STATUS=stopping"]


def test_a_process_that_is_replaced_is_named(supervise: Supervised, tmp_path: Path, manager: Manager) -> None:
    """`systemctl status` says what is being started again; the watchdog is fed meanwhile."""
    supervise("web=good", "worker=good")
    os.kill(pid(tmp_path / "worker.pid"), signal.SIGKILL)
    manager.hears("STATUS=starting again: worker")


def test_beats_for_another_process_are_left_to_it(
    supervise: Supervised, tmp_path: Path, manager: Manager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A WATCHDOG_PID that is not ours means that somebody else is watched."""
    monkeypatch.setenv("WATCHDOG_PID", "1")
    supervisor = supervise("web=good")
    pid(tmp_path / "web.pid")
    supervisor.terminate()
    supervisor.communicate(timeout=60)
    manager.hears("STOPPING=1")
    assert "WATCHDOG=1" not in manager.heard


def test_ready_means_that_everything_answers(home: Path, environ: dict[str, str], manager: Manager) -> None:
    """READY=1 comes once, from serve and not from the web process, which would say it too early."""
    (home / "pushboat.yaml").write_text(OPERATOR.replace("8799", str(free_port())))
    serving = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "--config", str(home / "pushboat.yaml"), "serve"],
        cwd=ROOT,
        env={**environ, "NOTIFY_SOCKET": os.environ["NOTIFY_SOCKET"], "WATCHDOG_USEC": os.environ["WATCHDOG_USEC"]},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        manager.hears("READY=1", within=120)
        manager.hears("STATUS=Pushboat is ready: ")
        assert manager.heard.count("READY=1") == 1
        for child in children(serving.pid):
            with suppress(ProcessLookupError, FileNotFoundError):  # those that run for a moment may be gone
                assert b"NOTIFY_SOCKET=" not in (Path("/proc") / str(child) / "environ").read_bytes()
    finally:
        serving.terminate()
        serving.wait(timeout=60)
    manager.hears("STOPPING=1")


def test_the_unit_file_starts_what_exists() -> None:
    """`deploy/pushboat.service` speaks of a command that Pushboat has, and lets the whole of it stop by itself."""
    unit = configparser.ConfigParser(interpolation=None, strict=True)
    unit.optionxform = str  # type: ignore[assignment, method-assign]  # directives have capitals
    unit.read(ROOT / "deploy/pushboat.service")
    service = unit["Service"]
    words = shlex.split(service["ExecStart"])
    assert Path(words[0]).name == "pushboat"
    assert words[-1] in command_line.list_commands(None)  # type: ignore[arg-type]
    assert (service["Type"], service["NotifyAccess"], service["KillMode"]) == ("notify", "main", "mixed")
    assert int(service["WatchdogSec"].removesuffix("s")) >= 10
    assert int(service["TimeoutStopSec"].removesuffix("s")) > STOPPING_SECONDS


def test_each_process_can_be_a_unit_of_its_own() -> None:
    """`deploy/pushboat@.service` starts a process by the name of its instance, and is guarded as the whole is."""
    units = {}
    for name in ("pushboat.service", "pushboat@.service"):
        units[name] = configparser.ConfigParser(interpolation=None, strict=True)
        units[name].optionxform = str  # type: ignore[assignment, method-assign]  # directives have capitals
        units[name].read(ROOT / "deploy" / name)
    whole, one = units["pushboat.service"]["Service"], units["pushboat@.service"]["Service"]
    assert shlex.split(one["ExecStart"])[:-1] == shlex.split(whole["ExecStart"])[:-1]
    assert shlex.split(one["ExecStart"])[-1] == "%i"
    guarded = ("User", "NoNewPrivileges", "ProtectSystem", "PrivateTmp", "ProtectHome", "UMask", "EnvironmentFile")
    assert [one[name] for name in guarded] == [whole[name] for name in guarded]
    page = (ROOT / "docs/installation.md").read_text()
    assert set(re.findall(r"pushboat@(\w+)", page)) == set(PROCESSES) - {"broker"}


KNOWN = {
    "Unit": "After Before Description Documentation PartOf Requires StartLimitBurst StartLimitIntervalSec Wants",
    "Service": """
        AmbientCapabilities CapabilityBoundingSet DynamicUser Environment EnvironmentFile ExecReload ExecStart ExecStop
        Group KillMode KillSignal LimitNOFILE LoadCredential LockPersonality MemoryMax NoNewPrivileges NotifyAccess
        OOMPolicy PrivateDevices PrivateTmp ProtectClock ProtectControlGroups ProtectHome ProtectHostname
        ProtectKernelLogs ProtectKernelModules ProtectKernelTunables ProtectSystem ReadWritePaths Restart
        RestartPreventExitStatus RestartSec RestrictAddressFamilies RestrictNamespaces RestrictRealtime
        RestrictSUIDSGID StateDirectory StateDirectoryMode SystemCallArchitectures SystemCallFilter TimeoutStartSec
        TimeoutStopSec Type UMask User WatchdogSec WorkingDirectory""",
    "Install": "Alias RequiredBy WantedBy",
}
"""What systemd.unit(5), systemd.service(5) and systemd.exec(5) name, as far as such a unit may need it."""


def unknown_by_name(unit: Path) -> str:
    """Compare with the manual's names, on every machine."""
    read = configparser.ConfigParser(interpolation=None, strict=False)
    read.optionxform = str  # type: ignore[assignment, method-assign]  # directives have capitals
    read.read(unit)
    found = [(section, name) for section in read.sections() for name in read[section]]
    return "\n".join(f"[{section}] {name}" for section, name in found if name not in KNOWN.get(section, "").split())


def unknown_by_systemd(unit: Path) -> str:
    """Ask systemd itself, where it is."""
    verify = ["systemd-analyze", "verify", str(unit)]
    done = subprocess.run(verify, capture_output=True, text=True, check=False, timeout=60)
    return done.stderr or ("" if done.returncode == 0 else f"exit {done.returncode}")


JUDGES = [unknown_by_name, *([unknown_by_systemd] if shutil.which("systemd-analyze") else [])]


@pytest.mark.parametrize("unknown", JUDGES)
@pytest.mark.parametrize("name", ["pushboat.service", "pushboat@.service"])
def test_systemd_knows_every_word_of_the_unit_file(name: str, unknown: Callable[[Path], str], tmp_path: Path) -> None:
    """A directive that systemd does not know is only logged by it, and then has no effect."""
    text = re.sub("(?m)^ExecStart=.*", "ExecStart=/bin/true", (ROOT / "deploy" / name).read_text())
    unit = tmp_path / name
    unit.write_text(text)
    assert unknown(unit) == ""
    unit.write_text(text.replace("[Service]", "[Service]\nWatchDogSec=30s"))
    assert "WatchDogSec" in unknown(unit)
