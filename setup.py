"""Puts into the wheel what `pushboat demo`, `devcluster up` and `explain` need of this tree beside the packages.

All else stands in pyproject.toml. In an editable install nothing is copied: there the tree itself is at hand.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

CARRIED = {"devcluster": ("*.go", "go.mod", "go.sum"), "docs": ("**/*.md",), "examples": ("**/*",)}
"""Folders, and which of their files; tests of the Go module stay behind."""


class BuildWithCarried(build_py):
    """Build the packages, and in them the folders that cli/carried.py finds."""

    def run(self) -> None:
        """Copy them after the packages."""
        super().run()
        if self.editable_mode:
            return
        target = Path(self.build_lib, "cli", "carried_files")
        shutil.rmtree(target, ignore_errors=True)  # of an earlier build: what has left the tree must not be carried on
        for folder, patterns in CARRIED.items():
            for path in sorted({path for pattern in patterns for path in Path(folder).glob(pattern)}):
                if path.is_file() and not path.name.endswith("_test.go"):
                    copy = target / path
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, copy)


setup(cmdclass={"build_py": BuildWithCarried})
