"""Charts to render: many files in one text, as `-- path --` and what stands in it, or made in the test."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from pushboat.config.environment import Environment
from pushboat.config.helm import HelmSection
from pushboat.config.verifying import Verification
from workers.render.choosing import Rendered, render
from workers.render.concealing import KEYLESS, Opening
from workers.render.helm.capabilities import Capabilities
from workers.source.checkout import CheckedOut

Files = Mapping[str, str | bytes]
Charted = Callable[..., Rendered]
DATA = Path(__file__).parent / "data"
_FILE = re.compile(r"^-- (\S+) --\n", re.MULTILINE)
CHART = "apiVersion: v2\nname: shop\nversion: 0.1.0\n"
PASSWORD = "hunter2-hunter2"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


@dataclass(frozen=True, slots=True)
class Case:
    """Files of a repository, and what its environment says: `helm` as in its file, and the cluster."""

    files: Mapping[str, str]
    said: Mapping[str, Any]

    @property
    def folder(self) -> str:
        """Say where the chart is."""
        return str(self.said.get("folder", "shop"))

    @property
    def capabilities(self) -> Capabilities:
        """Say what the cluster is like."""
        return Capabilities(
            version=self.said.get("version", "v1.36.3"), apis=tuple(self.said.get("apis", ())), known=True
        )


def case(name: str) -> Case:
    """Read a case of the data."""
    head, *parts = _FILE.split((DATA / f"{name}.txt").read_text())
    return Case(dict(zip(parts[::2], parts[1::2], strict=True)), yaml.safe_load(head) or {})


def environment(
    folder: str, said: Mapping[str, Any] | None = None, mode: str = "auto", verify: tuple[Verification, ...] = ()
) -> Environment:
    """An environment whose `helm` is written as in a repository's file."""
    return Environment(
        name="staging",
        cluster="dev",
        namespaces=("shop-staging",),
        namespace="shop-staging",
        path=folder,
        render=mode,
        helm=HelmSection.model_validate(dict(said or {})).helm(),
        verify=verify,
    )


def write(root: Path, files: Files) -> None:
    """Write files below a folder."""
    for name, content in files.items():
        at = root / name
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def charted(helm: Path, tmp_path: Path) -> Charted:
    """Write files, and render the chart in `shop` as a deployment would."""

    def act(
        files: Files,
        said: Mapping[str, Any] | None = None,
        capabilities: Capabilities | None = None,
        folder: str = "shop",
        mode: str = "auto",
        verify: tuple[Verification, ...] = (),
        opening: Opening = KEYLESS,
    ) -> Rendered:
        root = tmp_path / "checkout"
        write(root, files)
        out = CheckedOut(root=root, folder=folder, sha="a" * 40, files=tuple(sorted(files)))
        known = capabilities or Capabilities(version="v1.36.3", known=True)
        of = environment(folder, said, mode, verify)
        return render(out, of, "github/acme/Shop.API", lambda: known, opening=opening)

    return act
