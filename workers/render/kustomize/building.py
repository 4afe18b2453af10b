"""Run kustomize on a checked-out folder: a separate process with limits, no network, no git and nobody's HOME."""

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pushboat.errors import RenderFailed
from workers.render.kustomize.references import demand_local
from workers.render.kustomize.secrets import without_secrets
from workers.running.spawning import NETWORK_NOT_CUT, Limits, Stopped, run

TIMEOUT = 60.0
LARGEST_OUTPUT = 50 << 20
_LIMITS = Limits(cpu_seconds=60, file_size=64 << 20, open_files=256, data=1536 << 20)
"""1,000 objects take 2 s and 130 MB (Go's own reservations counted in: under 500 MB of data)."""

_PREFIX = re.compile(r'(?:[Ee]rror: |[EF]\d{4} [\d:.]+ +\d+ [\w.]+:\d+\] (?:"command failed" err=)?"?)')
"""What stands before the sentence; some builds of kubectl log it instead of saying it."""


def command(environ: Mapping[str, str]) -> list[str]:
    """Find kustomize: the path in PUSHBOAT_KUSTOMIZE, else `kustomize`, else `kubectl kustomize`; [] for none."""
    chosen = environ.get("PUSHBOAT_KUSTOMIZE", "")
    if chosen:
        found = shutil.which(chosen)
        return [found, "build"] if found else []
    search = environ.get("PATH", os.defpath)
    if found := shutil.which("kustomize", path=search):
        return [found, "build"]
    if found := shutil.which("kubectl", path=search):
        return [found, "kustomize"]
    return []


def build(root: Path, folder: str) -> str:
    """Build a folder's kustomization and give its YAML.

    Raises:
        RenderFailed: the kustomization asks for what we refuse, or kustomize refused it, or is not installed.
    """
    shown = folder or "."
    demand_local(root, folder)
    found = command(os.environ)
    if not found:
        raise RenderFailed(
            f"{shown} needs kustomize, which is missing where Pushboat runs: ask its operator to install kustomize "
            "or kubectl, or to set PUSHBOAT_KUSTOMIZE"
        )
    with tempfile.TemporaryDirectory(prefix="pushboat-kustomize-") as home:
        environ = {"HOME": home, "TMPDIR": home, "XDG_CONFIG_HOME": home, "PATH": home, "LC_ALL": "C"}
        try:
            finished = run(
                [*found, str(root / folder)],
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
        raise RenderFailed(
            f"{shown}: the network cannot be cut off for kustomize where Pushboat runs, so it was not run: "
            "`pushboat doctor` tells its operator what to allow"
        )
    if finished.code != 0 or not finished.stdout:
        raise RenderFailed(*_failure(shown, finished.errors, root, finished.code))
    return finished.stdout.decode("utf-8", "replace")


def _failure(shown: str, errors: str, root: Path, code: int) -> tuple[str, str]:
    """Make summary and details of what kustomize said, with paths as they are in the repository."""
    for base in {str(root.resolve()), str(root)}:
        errors = errors.replace(f"{base}/", "").replace(base, ".")
    errors = without_secrets(errors, root)
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    if not lines:
        return f"{shown}: kustomize ended with code {code} and said nothing", errors
    return f"{shown}: kustomize: {_PREFIX.sub('', lines[-1])}", errors
