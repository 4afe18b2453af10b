"""A host with a repository of bases, and a folder of ours that builds upon them."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from pushboat.config.environment import Environment
from pushboat.config.sources import Source
from pushboat.model.outside import BASE, Locked, Outside
from tests.fakes.bare import Bare
from tests.fakes.base_host import BaseHost
from tests.rendering.conftest import environment
from tests.written import config_map
from workers.render.choosing import Rendered, render
from workers.source.bases import planting
from workers.source.checkout import CheckedOut
from workers.source.outside.fetching import bringing
from workers.source.outside.words import Bring
from workers.source.planted import Plant

BASE_FILES = {
    "kit/kustomization.yaml": "resources: [web.yaml, ../more]\nconfigMapGenerator: [{name: made, literals: [a=b]}]\n",
    "kit/web.yaml": config_map("web"),
    "more/kustomization.yaml": "resources: [more.yaml]\nnamePrefix: more-\n",
    "more/more.yaml": config_map("more"),
    "part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnameSuffix: -part\n",
    "kustomization.yaml": "resources: [kit]\n",
}


class Elsewhere:
    """A host with a repository of bases, what is locked of it, and who may fetch."""

    def __init__(self, tmp_path: Path) -> None:
        (tmp_path / "theirs").mkdir()
        self.host = BaseHost(tmp_path / "theirs")
        self.bare: Bare = self.host.repository("team/base")
        self.sha = self.bare.commit("main", BASE_FILES, "Begin")
        self.sources: list[Source] = [Source(address=self.host.url)]
        self.lock: dict[Outside, Locked] = {}
        self._tmp = tmp_path

    @property
    def address(self) -> str:
        """The repository's, as everybody compares it."""
        return f"{self.host.url}/team/base"

    def locked(self, asked: str = "v1", sha: str = "", at: str = "") -> None:
        """Lock the base at a ref."""
        outside = Outside(kind=BASE, address=self.address, asked=asked)
        self.lock[outside] = Locked(outside=outside, digest=sha or self.sha, at=at or f"{self.address}.git")

    @property
    def bring(self) -> Bring:
        """What brings files."""
        return bringing(self.lock, self.sources, self._tmp / "kept")

    @property
    def plant(self) -> Plant:
        """What brings bases."""
        return planting(self.lock, self.sources, self._tmp / "caches")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    """The other repository, locked at v1."""
    made = Elsewhere(tmp_path)
    made.locked()
    yield made
    made.host.close()


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Write files below a folder."""
    for name, text in files.items():
        at = root / name
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text)
    return root


Rendering = Callable[..., Rendered]


@pytest.fixture
def rendered(elsewhere: Elsewhere, tmp_path: Path) -> Rendering:
    """Render the folder `over` as a deployment does."""

    def act(files: Mapping[str, str], of: Environment | None = None) -> Rendered:
        root = write(tmp_path / "ours", files)
        out = CheckedOut(root=root, folder="over", sha="a" * 40, files=tuple(sorted(files)))
        return render(out, of or environment("over"), bring=elsewhere.bring, plant=elsewhere.plant)

    return act
