"""Run kubectl as the cluster's administrator does, in a case's folder."""

import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SECONDS_FOR_A_COMMAND = 120


@dataclass(frozen=True)
class Administrator:
    """Somebody with the cluster's kubeconfig, in a folder."""

    kubeconfig: Path
    folder: Path
    namespace: str

    def kubectl(self, command: str) -> None:
        """Run one command; `$NS` is the namespace."""
        program = shutil.which("kubectl")
        assert program, f"`kubectl {command}` has to run, and there is no kubectl on PATH: install one (1.32 or newer)"
        words = [word.replace("$NS", self.namespace) for word in shlex.split(command)]
        cache = self.kubeconfig.parent / "kubectl-cache"
        done = subprocess.run(
            [program, "--kubeconfig", str(self.kubeconfig), "--cache-dir", str(cache), *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_FOR_A_COMMAND,
        )
        assert done.returncode == 0, f"`kubectl {command}` failed: {done.stderr.strip()}"
