"""`pushboat serve` on a stage: started, waited for, and ended with the block; and other commands beside it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from pushboat.parent_death import die_with

ROOT = Path(__file__).resolve().parents[3]
READY_WITHIN = 60.0
NOTHING: Mapping[str, str] = {}


def command(folder: Path, *words: str) -> list[str]:
    """Write a command with the operator's file of a stage's folder."""
    return [sys.executable, "-m", "cli.main", "--config", str(folder / "pushboat.yaml"), *words]


def connect(folder: Path, repository: str, environ: Mapping[str, str] = NOTHING) -> None:
    """Install the hook that tells Pushboat of a repository, as its operator does.

    Raises:
        ClickException: it could not be installed.
    """
    install, said = command(folder, "hook", "install", repository), {**os.environ, **environ}
    done = subprocess.run(install, cwd=ROOT, env=said, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"the hook could not be installed: {done.stderr.strip()}")


@contextmanager
def serving(folder: Path, environ: Mapping[str, str] = NOTHING) -> Iterator[None]:
    """Serve with the operator's file of a stage's folder, and with secrets in the environment."""
    ready, log = folder / "ready", folder / "serve.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            command(folder, "serve", "--ready-file", str(ready)),
            cwd=ROOT,
            env={**os.environ, **environ},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,  # Ctrl-C is for the demo: it ends what it started, in order
            preexec_fn=die_with(os.getpid()),
        )
    try:
        _await_ready(process, ready, log)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_ready(process: "subprocess.Popen[bytes]", ready: Path, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise click.ClickException(f"Pushboat did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)
