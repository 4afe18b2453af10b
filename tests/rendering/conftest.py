"""Folders to render, made of text in the test."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from cli.lab.golang import install
from pushboat.config.environment import Environment
from workers.render.choosing import Rendered, render
from workers.render.concealing import KEYLESS, Opening
from workers.render.renderers import KUSTOMIZE
from workers.source.checkout import CheckedOut

Render = Callable[..., Rendered]


@pytest.fixture(scope="session", autouse=True)
def real_kustomize() -> Iterator[None]:
    """The pinned kustomize, built on first use; never a fake, and never another one that this machine has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(KUSTOMIZE.variable, raising=False)
        install(KUSTOMIZE)
        yield


@pytest.fixture
def rendered(tmp_path: Path) -> Render:
    """Write files, render one of their folders as a deployment would."""

    def act(
        files: Mapping[str, str | bytes],
        folder: str = "deploy",
        mode: str = "auto",
        of: Environment | None = None,
        file: str = "",
        opening: Opening = KEYLESS,
    ) -> Rendered:
        root = Path(tempfile.mkdtemp(dir=tmp_path))
        written = {name: content for name, content in files.items() if name == (file or name)}
        for name, content in written.items():
            at = root / name
            at.parent.mkdir(parents=True, exist_ok=True)
            at.write_bytes(content if isinstance(content, bytes) else content.encode())
        (root / folder).mkdir(parents=True, exist_ok=True)
        out = CheckedOut(root=root, folder=folder, sha="a" * 40, files=tuple(sorted(written)), file=file)
        return render(out, of or environment(folder, mode), opening=opening)

    return act


def environment(path: str, mode: str = "auto") -> Environment:
    """An environment of which only path and engine matter here."""
    return Environment(name="staging", cluster="dev", namespaces=("shop",), namespace="shop", path=path, render=mode)
