"""Folders to render, made of text in the test."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pushboat.config.environment import Environment
from workers.checkout import CheckedOut
from workers.rendering import Rendered, render

Render = Callable[..., Rendered]


@pytest.fixture
def rendered(tmp_path: Path) -> Render:
    """Write files, render one of their folders as a deployment would."""

    def act(files: Mapping[str, str | bytes], folder: str = "deploy", mode: str = "auto") -> Rendered:
        root = tmp_path / "checkout"
        for name, content in files.items():
            at = root / name
            at.parent.mkdir(parents=True, exist_ok=True)
            at.write_bytes(content if isinstance(content, bytes) else content.encode())
        (root / folder).mkdir(parents=True, exist_ok=True)
        out = CheckedOut(root=root, folder=folder, sha="a" * 40, files=tuple(sorted(files)))
        return render(out, environment(folder, mode))

    return act


def environment(path: str, mode: str = "auto") -> Environment:
    """An environment of which only path and engine matter here."""
    return Environment(name="staging", cluster="dev", namespaces=("shop",), namespace="shop", path=path, render=mode)
