"""Programs of the laboratory that serve this machine: started, waited for until they answer, and ended with us."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pushboat.parent_death import die_with

READY_WITHIN = 60.0
ENDS_WITHIN = 10.0


class NotStarted(RuntimeError):
    """It did not come up; the message holds its own last words."""


@contextmanager
def serving(
    name: str, command: Sequence[str], url: str, log: Path, environ: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Run a program for as long as somebody needs it; `url` answers once it is up, and `log` gets its words.

    Raises:
        NotStarted: it ended, or did not answer within a minute.
    """
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env=environ,
            start_new_session=True,
            preexec_fn=die_with(os.getpid()),
        )
    try:
        _await_ready(name, process, url, log)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_ready(name: str, process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own loopback URL
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if process.poll() is not None or time.monotonic() > deadline:
                told = log.read_text(errors="replace")[-2000:]
                raise NotStarted(f"{name} did not start:\n{told}") from None
        time.sleep(0.05)
