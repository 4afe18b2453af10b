"""Run kustomize on a checked-out folder: a separate process with limits, no network, no git and nobody's HOME."""

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pushboat.errors import NotConfigured, RenderFailed
from workers.render import renderers
from workers.render.kustomize.references import demand_local
from workers.render.kustomize.secrets import without_secrets
from workers.render.renderers import INSTALL, KUSTOMIZE
from workers.running.spawning import NETWORK_NOT_CUT, Limits, Stopped, run

TIMEOUT = 60.0
LARGEST_OUTPUT = 50 << 20
_LIMITS = Limits(cpu_seconds=60, file_size=64 << 20, open_files=256, data=1536 << 20)
"""1,000 objects take 2 s and 130 MB (Go's own reservations counted in: under 500 MB of data)."""

_PREFIX = re.compile(r'(?:[Ee]rror: |[EF]\d{4} [\d:.]+ +\d+ [\w.]+:\d+\] (?:"command failed" err=)?"?)')
"""What stands before the sentence; some builds of kubectl log it instead of saying it."""


@dataclass(frozen=True, slots=True)
class Built:
    """What kustomize made of a folder, as YAML, and which kustomize it was."""

    text: str
    engine: str


def build(root: Path, folder: str) -> Built:
    """Build a folder's kustomization.

    Raises:
        RenderFailed: the kustomization asks for what we refuse, or kustomize refused it.
        NotConfigured: kustomize is not installed, or the network cannot be kept from it.
    """
    shown = folder or "."
    demand_local(root, folder)
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
    if finished.code != 0 or not finished.stdout:
        raise RenderFailed(*_failure(shown, finished.errors, root, finished.code))
    return Built(finished.stdout.decode("utf-8", "replace"), str(found))


def _failure(shown: str, errors: str, root: Path, code: int) -> tuple[str, str]:
    """Make summary and details of what kustomize said, with paths as they are in the repository."""
    for base in {str(root.resolve()), str(root)}:
        errors = errors.replace(f"{base}/", "").replace(base, ".")
    errors = without_secrets(errors, root)
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    if not lines:
        return f"{shown}: kustomize ended with code {code} and said nothing", errors
    return f"{shown}: kustomize: {_PREFIX.sub('', lines[-1])}", errors
