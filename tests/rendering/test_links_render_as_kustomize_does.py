"""An overlay over symbolic links becomes what kustomize makes of it in a work tree, where the links are real ones."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from pushboat.errors import RenderFailed
from pushboat.model.remote import Remote
from tests.checkout.upstream import Content, Link, Submodule, Upstream
from tests.hostile import LFS_POINTER
from tests.rendering.conftest import environment
from workers.render.choosing import render
from workers.render.kustomize import building
from workers.render.referring import referring
from workers.render.renderers import KUSTOMIZE, find
from workers.source import checkout
from workers.source.checkout import CheckedOut

pytestmark = pytest.mark.programs

COMMON: Mapping[str, Content] = {
    "bases/shop/kustomization.yaml": "resources: [../common, a.yaml]\n",
    "bases/shop/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
    "bases/common/kustomization.yaml": "resources: [c.yaml]\nnamePrefix: common-\n",
    "bases/common/c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n",
    "shared/shop.properties": "colour=red\n",
}
LAYOUTS: dict[str, Mapping[str, Content]] = {
    "a base that is a link, with a base of its own": {
        "overlay/kustomization.yaml": "resources: [base]\nnamespace: shop\n",
        "overlay/base": Link("../bases/shop"),
    },
    "a base on the way over a link": {
        "overlay/kustomization.yaml": "resources: [../current/shop]\n",
        "current": Link("bases"),
    },
    "a resource and a patch that are links": {
        "overlay/kustomization.yaml": "resources: [a.yaml]\npatches: [{path: p.yaml}]\n",
        "overlay/a.yaml": Link("../bases/shop/a.yaml"),
        "overlay/p.yaml": Link("../shared/p.yaml"),
        "shared/p.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {b: c}\n",
    },
    "a kustomization that is a link": {
        "overlay/kustomization.yaml": Link("../shared/kustomization.yaml"),
        "overlay/a.yaml": Link("../bases/common/c.yaml"),
        "shared/kustomization.yaml": "resources: [a.yaml]\nnameSuffix: -x\n",
    },
}


UNRESTRICTED = "--load-restrictor=LoadRestrictionsNone"
"""By itself kustomize refuses files that a link leads out of its folder to; in a repository those are followed here."""


@pytest.mark.parametrize("case", LAYOUTS)
def test_what_a_deployment_renders_is_what_kustomize_makes_by_hand(case: str, tmp_path: Path) -> None:
    """No file is taken for another one because it was reached over a link."""
    files = {**COMMON, **LAYOUTS[case]}
    ours = checked_out(files, tmp_path)
    assert building.build(ours.root, "overlay").text == by_hand(files, tmp_path / "tree")
    assert render(ours, environment("overlay")).manifests


LEFT_OUT: dict[str, tuple[Mapping[str, Content], str]] = {
    "a pointer for a generator": (
        {
            "overlay/kustomization.yaml": "secretGenerator: [{name: tls, files: [key.pem]}]\n",
            "overlay/key.pem": LFS_POINTER,
        },
        r"^overlay/kustomization\.yaml:1:\d+: overlay/key\.pem is a Git LFS pointer, which Pushboat does not foll",
    ),
    "a pointer behind a link": (
        {
            "overlay/kustomization.yaml": "configMapGenerator: [{name: x, envs: [x.env]}]\n",
            "overlay/x.env": Link("../shared/x.env"),
            "shared/x.env": LFS_POINTER,
        },
        r"^overlay/kustomization\.yaml:1:\d+: overlay/x\.env is a Git LFS pointer",
    ),
    "a link that leads astray": (
        {
            "overlay/kustomization.yaml": "configMapGenerator: [{name: x, files: [x.txt]}]\n",
            "overlay/x.txt": Link("/etc/passwd"),
        },
        r"^overlay/kustomization\.yaml:1:\d+: overlay/x\.txt is a symbolic link \(to /etc/passwd\) that leads out",
    ),
    "a submodule": (
        {"overlay/kustomization.yaml": "resources: [lib]\n", "overlay/lib": Submodule()},
        r"overlay/lib is a submodule, which Pushboat does not fetch",
    ),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_what_is_not_there_for_kustomize_is_told_why(case: str, tmp_path: Path) -> None:
    """Whoever named a file that was left out reads where, which file, and what to do."""
    files, words = LEFT_OUT[case]
    with pytest.raises(RenderFailed, match=words):
        render(checked_out(files, tmp_path), environment("overlay"))


def checked_out(files: Mapping[str, Content], folder: Path) -> CheckedOut:
    upstream = Upstream.create(folder / "srv" / "shop.git")
    sha, remote = upstream.commit(files), Remote(url=str(upstream.path))
    known = referring(environment("overlay"))
    return checkout.check_out(folder / "caches", remote, "local/shop", sha, "overlay", folder / "target", known)


def by_hand(files: Mapping[str, Content], tree: Path) -> str:
    """Let kustomize itself go over real links."""
    for name, content in files.items():
        at = tree / name
        at.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Link):
            at.symlink_to(content.target)
        else:
            at.write_text(str(content))
    found = find(KUSTOMIZE, os.environ)
    assert found
    done = subprocess.run(
        [*found.argv, UNRESTRICTED, str(tree / "overlay")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
