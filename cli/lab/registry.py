"""Run a real registry of images for the tests: distribution's own, built once from its Go module, up in a moment."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.lab.golang import Say, build_once, cache, go, run_with_progress, say_on_stderr
from cli.lab.loopback import free_port
from cli.lab.programs import serving

PACKAGE, VERSION = "github.com/distribution/distribution/v3/cmd/registry", "v3.0.0"


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
    command = [str(executable), "serve", str(configuration)]
    untraced = {**os.environ, "OTEL_TRACES_EXPORTER": "none"}
    with serving("the registry", command, f"http://127.0.0.1:{port}/v2/", folder / "registry.log", untraced):
        yield f"127.0.0.1:{port}"
