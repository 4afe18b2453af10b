"""What a commit leaves untouched renders to the very same: random commits, against a render of everything."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from pushboat.config.environment import Environment
from pushboat.config.ways import way_of
from pushboat.errors import PushboatError
from pushboat.model.remote import Remote
from tests.checkout.upstream import Content, Link, Upstream
from tests.rendering.scenes import BASES, CHARTS, CHOSEN, FOLDERS, Scene
from workers.render import choosing
from workers.render.helm.capabilities import Capabilities
from workers.render.referring import referring
from workers.source import checkout
from workers.source.folders import fitting

pytestmark = pytest.mark.programs

COMMITS = 6
"""Of each walk: one after the other, each compared with all before it."""


WALKS = [
    pytest.param(scene, seed, id=f"{name}-{seed}")
    for name, scene in (("bases", BASES), ("chosen", CHOSEN), ("folders", FOLDERS), ("charts", CHARTS))
    for seed in range(scene.seeds)
]


def beside(of: Environment) -> tuple[str, ...]:
    """Name the files of values that an environment takes from elsewhere."""
    return tuple(of.helm.files_beside(of.path))


def changed(scene: Scene, files: Mapping[str, Content], dice: Random) -> dict[str, Content]:
    """Write, remove, rename, copy, or turn a file into a link of the same content; a folder may move as a whole."""
    made, place, there = dict(files), dice.choice(scene.places), dice.choice(sorted(files))
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
        folder = there.rpartition("/")[0]
        other = dice.choice((*sorted({each.partition("/")[0] for each in scene.start if "/" in each}), "moved"))
        made = {f"{other}{each.removeprefix(folder)}" if each.startswith(f"{folder}/") else each: content
                for each, content in made.items()}  # fmt: skip
    else:
        made[place] = dice.choice(scene.texts)
    return _sound(made)


def _sound(files: Mapping[str, Content]) -> dict[str, Content]:
    """Leave out what would stand below a file: git cannot hold both."""
    return {each: content for each, content in files.items() if not any(str(up) in files for up in Path(each).parents)}


def made_of(scene: Scene, caches: Path, remote: Remote, sha: str) -> list[Environment | None]:
    """Give the environments of a commit: those of a pattern are there where their folder fits."""
    if not scene.pattern:
        return list(scene.environments)
    way = way_of(scene.pattern)
    there = {way.path(name) for name in fitting(caches, remote, sha, way) or ()}
    return [each if each.path in there else None for each in scene.environments]


def outcome(caches: Path, remote: Remote, sha: str, of: Environment | None) -> tuple[str, Mapping[str, str]] | None:
    """Render an environment, and give what came of it and its roots; None where it is not, or cannot be rendered."""
    if of is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        try:
            out = checkout.check_out(
                caches, remote, "local/shop", sha, of.path, Path(folder), referring(of), beside(of)
            )
            made = choosing.render(out, of, "local/shop", lambda: Capabilities(version="v1.36.3", known=True))
        except PushboatError:
            return None
    return json.dumps([[str(each.ref), each.body] for each in made.manifests], sort_keys=True), out.roots


@pytest.mark.parametrize(("scene", "seed"), WALKS)
def test_equal_roots_are_an_equal_render(scene: Scene, seed: int, tmp_path: Path, helm: Path) -> None:
    """Whatever a commit does to files, links, bases, components, generators, folders, to what globs choose, and to
    charts and their values: untouched means the same."""
    dice, upstream = Random(seed), Upstream.create(tmp_path / "shop.git")
    remote, caches = Remote(url=str(upstream.path)), tmp_path / "caches"
    files, known, said = scene.start, [], 0
    for _ in range(COMMITS):
        sha = upstream.commit(files)
        now = [outcome(caches, remote, sha, each) for each in made_of(scene, caches, remote, sha)]
        for before in known:
            for place, was in enumerate(before):
                if was is None:
                    continue
                made, roots = was
                if checkout.objects_at(caches, remote, sha, roots) == dict(roots):
                    said += 1
                    of = scene.environments[place]
                    assert (found := now[place]), f"{of} was called untouched, and renders no more"
                    assert found[0] == made, f"{of} was called untouched"
        known.append(now)
        files = changed(scene, files, dice)
    assert said, "nothing was ever untouched: this proves nothing"


@pytest.mark.parametrize("scene", [BASES, CHOSEN, FOLDERS, CHARTS], ids=["bases", "chosen", "folders", "charts"])
def test_roots_without_a_check_out_are_those_of_one(scene: Scene, tmp_path: Path, helm: Path) -> None:
    """What is asked before a render, and what is stored after it, is the same."""
    upstream = Upstream.create(tmp_path / "shop.git")
    remote, caches, sha = Remote(url=str(upstream.path)), tmp_path / "caches", upstream.commit(scene.start)
    for each in scene.environments:
        found = outcome(caches, remote, sha, each)
        assert found
        assert (
            found[1]
            == checkout.gathered(caches, remote, "local/shop", sha, each.path, referring(each), beside(each)).roots
        )
        assert found[1] == checkout.objects_at(caches, remote, sha, found[1])
