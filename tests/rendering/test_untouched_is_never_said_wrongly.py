"""What a commit leaves untouched renders to the very same: random commits, against a render of everything."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from pushboat.errors import PushboatError
from pushboat.forges.protocol import Remote
from tests.checkout.upstream import Content, Link, Upstream
from tests.rendering.conftest import environment
from tests.written import config_map
from workers.render import choosing
from workers.render.referring import REFERENCES
from workers.source import checkout

pytestmark = pytest.mark.programs

COMMITS = 6
"""Of each walk: one after the other, each compared with all before it."""
ENVIRONMENTS = ("plain", "plain/deep", "overlays/a", "overlays/b", "overlays/c")
START: dict[str, Content] = {
    "README.md": "read me",
    "plain/one.yaml": config_map("one"),
    "plain/deep/two.yaml": config_map("two"),
    "base/kustomization.yaml": "resources: [a.yaml]\n",
    "base/a.yaml": config_map("a"),
    "component/kustomization.yaml": "kind: Component\nnamePrefix: x-\n",
    "overlays/a/kustomization.yaml": "resources: [../../base]\n",
    "overlays/b/kustomization.yaml": "resources: [../../base]\ncomponents: [../../component]\n",
    "overlays/c/kustomization.yaml": (
        "resources: [../../base]\nconfigMapGenerator: [{name: made, files: [data.txt]}]\n"
        "patches: [{path: patch.yaml}]\n"
    ),
    "overlays/c/data.txt": "plain/one.yaml",
    "overlays/c/patch.yaml": config_map("a", patched="yes"),
}
TEXTS: tuple[Content, ...] = (
    config_map("a", v="2"),
    config_map("b"),
    "resources: [a.yaml]\n",
    "resources: [../../base]\n",
    "resources: [../../base, ../../component]\nnameSuffix: -y\n",
    "resources: [../a, ../../base/a.yaml]\n",
    "resources: [../../other]\n",
    "kind: Component\nnameSuffix: -z\n",
    "plain/one.yaml",
    "not: [yaml",
    "",
    Link("a.yaml"),
    Link("../base"),
    Link("data.txt"),
)
PLACES = (
    *START,
    "base/b.yaml",
    "base/kustomization.yml",
    "other/kustomization.yaml",
    "other/a.yaml",
    "overlays/a/extra.yaml",
    "plain/three.yaml",
    "plain/deep/.hidden.yaml",
    "overlays/kustomization.yaml",
    "component/patch.yaml",
)


def changed(files: Mapping[str, Content], dice: Random) -> dict[str, Content]:
    """Write, remove, rename, copy, or turn a file into a link of the same content; a folder may move as a whole."""
    made, place, there = dict(files), dice.choice(PLACES), dice.choice(sorted(files))
    act = dice.randrange(6)
    if act == 0:
        made.pop(there)
    elif act == 1:
        made[place] = made.pop(there)
    elif act == 2:
        made[place] = made[there]
    elif act == 3 and isinstance(content := made[there], str) and content and "\n" not in content:
        made[there] = Link(content)
    elif act == 4:
        folder, other = there.rpartition("/")[0], dice.choice(("base", "other", "component", "moved"))
        made = {f"{other}{each.removeprefix(folder)}" if each.startswith(f"{folder}/") else each: content
                for each, content in made.items()}  # fmt: skip
    else:
        made[place] = dice.choice(TEXTS)
    return _sound(made)


def _sound(files: Mapping[str, Content]) -> dict[str, Content]:
    """Leave out what would stand below a file: git cannot hold both."""
    return {each: content for each, content in files.items() if not any(str(up) in files for up in Path(each).parents)}


def outcome(caches: Path, remote: Remote, sha: str, path: str) -> tuple[str, Mapping[str, str]] | None:
    """Render an environment, and give what came of it and its roots; None where it cannot be rendered."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            out = checkout.check_out(caches, remote, "local/shop", sha, path, Path(folder), REFERENCES)
            made = choosing.render(out, environment(path))
        except PushboatError:
            return None
    return json.dumps([[str(each.ref), each.body] for each in made.manifests], sort_keys=True), out.roots


@pytest.mark.parametrize("seed", range(60))
def test_equal_roots_are_an_equal_render(seed: int, tmp_path: Path) -> None:
    """Whatever a commit does to files, links, bases, components, generators and folders: untouched means the same."""
    dice, upstream = Random(seed), Upstream.create(tmp_path / "shop.git")
    remote, caches = Remote(url=str(upstream.path)), tmp_path / "caches"
    files, known, said = START, [], 0
    for _ in range(COMMITS):
        sha = upstream.commit(files)
        now = {path: outcome(caches, remote, sha, path) for path in ENVIRONMENTS}
        for before in known:
            for path, was in before.items():
                if was is None:
                    continue
                made, roots = was
                if checkout.objects_at(caches, remote, sha, roots) == dict(roots):
                    said += 1
                    assert (found := now[path]), f"{path} was called untouched, and renders no more"
                    assert found[0] == made, f"{path} was called untouched"
        known.append(now)
        files = changed(files, dice)
    assert said, "nothing was ever untouched: this proves nothing"


def test_roots_without_a_check_out_are_those_of_one(tmp_path: Path) -> None:
    """What is asked before a render, and what is stored after it, is the same."""
    upstream = Upstream.create(tmp_path / "shop.git")
    remote, caches, sha = Remote(url=str(upstream.path)), tmp_path / "caches", upstream.commit(START)
    for path in ENVIRONMENTS:
        found = outcome(caches, remote, sha, path)
        assert found
        assert found[1] == checkout.roots_of(caches, remote, "local/shop", sha, path, REFERENCES)
        assert found[1] == checkout.objects_at(caches, remote, sha, found[1])
