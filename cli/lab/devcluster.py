"""Run a real Kubernetes control plane for the tests and the demo: build devcluster/ once, start it, take it down.

`control_plane` is the door; `pushboat devcluster up` is the same for a terminal. What a cluster is made of is the Go
module's business.
"""

import hashlib
import os
import selectors
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from cli.carried import carried
from cli.lab.golang import Say, build_once, cache, go, run_with_progress, say_on_stderr

SOURCE = carried("devcluster", "go.mod")
LINKER_FLAGS = " ".join(
    ["-s -w"]
    + [f"-X k8s.io/component-base/version.git{name}" for name in ("Version=v1.36.3", "Major=1", "Minor=36")]
    + [f"-X k8s.io/client-go/pkg/version.git{name}" for name in ("Version=v1.36.3", "Major=1", "Minor=36")]
)
CPU_SECONDS_TO_BUILD = 600  # measured on a cold build cache, and as much again as downloads take; divided by the cores
SECONDS_TO_START = 150.0  # 3 on an idle machine; the rest is for one that builds and tests at the same time
SECONDS_TO_STOP = 10.0
SECONDS_TO_KEEP_BUILDS = 7 * 24 * 3600.0


class ClusterNotStarted(RuntimeError):
    """The control plane did not come up; the message holds its own words."""


def binary(say: Say = say_on_stderr) -> Path:
    """Return the devcluster program for the module as it stands, building it if nobody has yet."""

    def build(target: Path) -> None:
        command = [str(go(say)), "build", "-C", str(SOURCE), "-buildvcs=false", f"-ldflags={LINKER_FLAGS}"]
        estimate = CPU_SECONDS_TO_BUILD / (os.cpu_count() or 1)
        run_with_progress([*command, "-o", str(target), "."], "building a Kubernetes control plane", estimate, say)
        _forget_old_builds()

    return build_once(cache("devcluster", _digest(), "devcluster"), build)


@contextmanager
def control_plane(
    state: Path,
    say: Say = say_on_stderr,
    *,
    ephemeral: bool = False,
    environ: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> Iterator[Path]:
    """Run a control plane and yield its administrator's kubeconfig; it ends with the block, or with this process.

    `state` receives kubeconfig, logs/ and run/; afterwards only logs/ is left, and nothing at all with `ephemeral`.
    Its environment is ours, and what `environ` adds; `options` are more of the program's own.
    """
    with started(state, say, ephemeral=ephemeral, environ=environ, options=options) as (kubeconfig, _):
        yield kubeconfig


@contextmanager
def started(
    state: Path,
    say: Say = say_on_stderr,
    *,
    ephemeral: bool = False,
    environ: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """Run one as `control_plane` does, and yield its program as well, for who waits for its end."""
    more = [*options, *(["--ephemeral"] if ephemeral else [])]
    command = [str(binary(say)), "up", "--state", str(state), "--with-parent", *more]
    with tempfile.TemporaryFile("w+", errors="replace") as complaints:
        # Its own session: Ctrl-C in the terminal is for us to handle. --with-parent: when this process is gone, however
        # it went, the cluster ends. (A parent-death signal from a preexec_fn would be about the thread.)
        running = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            start_new_session=True,
            env={**os.environ, **(environ or {})},
        )
        try:
            yield _kubeconfig(running, complaints), running
            if running.poll() is not None:
                say(f"the control plane ended before it was told to: {_words(complaints)}")
        finally:
            _stop(running)


def _kubeconfig(running: subprocess.Popen[str], complaints: IO[str]) -> Path:
    """Wait for the one line that the control plane prints when it is ready."""
    assert running.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(running.stdout, selectors.EVENT_READ)
        if not selector.select(SECONDS_TO_START):
            raise ClusterNotStarted(f"the control plane was not ready after {SECONDS_TO_START:.0f} s")
    line = running.stdout.readline().strip()
    if not line:
        running.wait(SECONDS_TO_STOP)
        raise ClusterNotStarted(f"the control plane did not start: {_words(complaints)}")
    return Path(line)


def _words(complaints: IO[str]) -> str:
    complaints.seek(0)
    return complaints.read().strip().removeprefix("devcluster: ") or "it said nothing"


def _stop(running: subprocess.Popen[str]) -> None:
    running.terminate()
    try:
        running.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        running.kill()  # its children have it in writing from the kernel that they die too
        running.wait()
    for pipe in (running.stdin, running.stdout):
        if pipe:
            pipe.close()


def _forget_old_builds() -> None:
    """Remove what no checkout has built for a while: each build is 120 MB, and every change of the module makes one."""
    for build in cache("devcluster").iterdir():
        if time.time() - build.stat().st_mtime > SECONDS_TO_KEEP_BUILDS:
            shutil.rmtree(build, ignore_errors=True)


def _digest() -> str:
    """Name a build after everything that goes into it."""
    digest = hashlib.sha256(LINKER_FLAGS.encode())
    for path in sorted([*SOURCE.glob("*.go"), SOURCE / "go.mod", SOURCE / "go.sum"]):
        if not path.name.endswith("_test.go"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
