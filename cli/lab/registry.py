"""Run a real registry of images for the tests: distribution's own, built once from its Go module, up in a moment."""

import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.lab.golang import Say, build_once, cache, go, run_with_progress, say_on_stderr
from cli.lab.loopback import free_port
from pushboat.parent_death import die_with

PACKAGE, VERSION = "github.com/distribution/distribution/v3/cmd/registry", "v3.0.0"
READY_WITHIN = 60.0
ENDS_WITHIN = 10.0


class RegistryNotStarted(RuntimeError):
    """It did not come up; the message holds its own last words."""


def program(say: Say = say_on_stderr) -> Path:
    """Return the program, building it where nobody did: about three minutes on two cores, with a line now and then."""

    def build(target: Path) -> None:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            command = [str(go(say)), "install", "-trimpath", f"{PACKAGE}@{VERSION}"]
            settings = {"GOBIN": folder, "GOFLAGS": "", "CGO_ENABLED": "0"}
            run_with_progress(command, f"building a registry, {VERSION}", 180, say, settings)
            Path(folder, "registry").rename(target)

    return build_once(cache("registry", VERSION), build)


@contextmanager
def running(folder: Path, say: Say = say_on_stderr) -> Iterator[str]:
    """Run a registry that is open to everybody here, with its contents in a folder, and give its address."""
    executable, port = program(say), free_port()
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "config.yml"
    configuration.write_text(
        "version: 0.1\nlog: {level: warn}\n"
        f"storage: {{filesystem: {{rootdirectory: {folder / 'contents'}}}, delete: {{enabled: true}}}}\n"
        f"http: {{addr: '127.0.0.1:{port}'}}\n"
    )
    with (folder / "registry.log").open("wb") as log:
        process = subprocess.Popen(
            [str(executable), "serve", str(configuration)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "OTEL_TRACES_EXPORTER": "none"},
            start_new_session=True,
            preexec_fn=die_with(os.getpid()),
        )
    try:
        _await_ready(process, f"http://127.0.0.1:{port}/v2/", folder / "registry.log")
        yield f"127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_ready(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own loopback URL
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if process.poll() is not None or time.monotonic() > deadline:
                told = log.read_text(errors="replace")[-2000:]
                raise RegistryNotStarted(f"the registry did not start:\n{told}") from None
        time.sleep(0.05)
