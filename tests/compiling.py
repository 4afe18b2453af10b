"""Makes C libraries that tests preload into our processes, to see or change what the disk does."""

import shutil
import subprocess
from pathlib import Path

FLAGS = ("-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror")


def library(source: Path, folder: Path) -> Path:
    """Compile one file; without a compiler the test fails, because skipping it would prove nothing."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    assert compiler, f"{source.name} needs a C compiler (cc, gcc or clang) on PATH: install one"
    made = folder / f"{source.stem}.so"
    subprocess.run([compiler, *FLAGS, "-o", made, source, "-ldl", "-lpthread"], check=True)
    return made
