"""Run kustomize on a checked-out folder: a separate process with limits, no network, no git and nobody's HOME."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pushboat.errors import NotConfigured, RenderFailed
from workers.render import renderers
from workers.render.kustomize import saying
from workers.render.kustomize.judging import Reached, judge
from workers.render.kustomize.mistakes import explain
from workers.render.renderers import INSTALL, KUSTOMIZE
from workers.running.spawning import NETWORK_NOT_CUT, Limits, Stopped, run

TIMEOUT = 60.0
LARGEST_OUTPUT = 50 << 20
_LIMITS = Limits(cpu_seconds=60, file_size=64 << 20, open_files=256, data=1536 << 20)
"""1,000 objects take 2 s and 130 MB (Go's own reservations counted in: under 500 MB of data)."""


@dataclass(frozen=True, slots=True)
class Built:
    """What kustomize made of a folder, as YAML, which kustomize it was, and what it read."""

    text: str
    engine: str
    reached: Reached


def build(root: Path, folder: str) -> Built:
    """Build a folder's kustomization.

    Raises:
        RenderFailed: the kustomization asks for what we refuse, or kustomize refused it.
        NotConfigured: kustomize is not installed, or the network cannot be kept from it.
    """
    shown = folder or "."
    reached = judge(root, folder)
    found = renderers.find(KUSTOMIZE, os.environ)
    if found is None:
        raise NotConfigured(
            f"{shown} needs kustomize, which is missing where Pushboat runs: ask its operator to run `{INSTALL}`",
            renderers.missing(KUSTOMIZE, os.environ),
        )
    with tempfile.TemporaryDirectory(prefix="pushboat-kustomize-") as home:
        environ = {"HOME": home, "TMPDIR": home, "XDG_CONFIG_HOME": home, "PATH": home, "LC_ALL": "C"}
        try:
            finished = run(
                [*found.argv, str(root / folder)],
                environ=environ,
                cwd=root,
                timeout=TIMEOUT,
                network=False,
                max_output=LARGEST_OUTPUT,
                limits=_LIMITS,
            )
        except Stopped as error:
            raise RenderFailed(f"{shown}: {error}: make the kustomization smaller") from error
    if finished.code == NETWORK_NOT_CUT:
        raise NotConfigured(
            f"{shown}: the network cannot be cut off for kustomize where Pushboat runs, so it was not run: "
            "`pushboat doctor` tells its operator what to allow"
        )
    if finished.code != 0 and not saying.NOTHING.search(finished.errors):
        said = saying.failure(shown, finished.errors, root, finished.code)
        raise explain(root, reached, finished.errors, said.details) or said
    return Built(finished.stdout.decode("utf-8", "replace"), str(found), reached)
