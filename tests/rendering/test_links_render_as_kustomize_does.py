"""An overlay over symbolic links becomes what kustomize makes of it in a work tree, where the links are real ones."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from pushboat.forges.protocol import Remote
from tests.checkout.upstream import Content, Link, Upstream
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
