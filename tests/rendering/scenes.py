"""Repositories in whose commits anything may happen to what environments are rendered from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pushboat.config.environment import Environment
from pushboat.config.helm import Helm
from tests.checkout.upstream import Content, Link
from tests.rendering.conftest import environment
from tests.written import config_map


@dataclass(frozen=True, slots=True)
class Scene:
    """A repository, its environments, and what commits write into it, and where; and the pattern that made them."""

    start: Mapping[str, Content]
    environments: tuple[Environment, ...]
    texts: tuple[Content, ...]
    more: tuple[str, ...]
    seeds: int
    pattern: str = ""

    @property
    def places(self) -> tuple[str, ...]:
        """Say where a commit may write."""
        return (*self.start, *self.more)


BASES = Scene(
    start={
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
    },
    environments=tuple(environment(path) for path in ("plain", "plain/deep", "overlays/a", "overlays/b", "overlays/c")),
    texts=(
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
    ),
    more=(
        "base/b.yaml",
        "base/kustomization.yml",
        "other/kustomization.yaml",
        "other/a.yaml",
        "overlays/a/extra.yaml",
        "plain/three.yaml",
        "plain/deep/.hidden.yaml",
        "overlays/kustomization.yaml",
        "component/patch.yaml",
    ),
    seeds=60,
)
CHOSEN = Scene(
    start={
        "README.md": "read me",
        "all/.pushboat-notes": "x",
        "all/one.yaml": config_map("one"),
        "all/two.json": '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "two"}}',
        "all/values.yaml": "size: 1\n",
        "all/deep/three.yaml": config_map("three"),
        "all/deep/values.yaml": "size: 2\n",
        "all/deep/er/four.yml": config_map("four"),
        "elsewhere/five.yaml": config_map("five"),
    },
    environments=(
        replace(environment("all", "plain"), exclude=("values.yaml",)),
        replace(environment("all", "plain"), include=("*.yaml",), exclude=("**/values.yaml",)),
        replace(environment("all", "plain"), exclude=("/values.yaml",), recurse=False),
        replace(environment("all", "plain"), include=("deep/**",), exclude=("deep/values.yaml",)),
        replace(environment("all/deep", "plain"), include=("t*.yaml", "er/*")),
        environment("all/one.yaml", "plain"),
    ),
    texts=(
        config_map("one", v="2"),
        config_map("six"),
        "size: 3\n",
        "not: [yaml",
        "",
        Link("one.yaml"),
        Link("../elsewhere"),
        Link("../all/deep/three.yaml"),
    ),
    more=(
        "all/deep/two.yaml",
        "all/new.yaml",
        "all/link",
        "all/deep/er/values.yaml",
        "elsewhere/six.yaml",
        "all/t.yml",
    ),
    seeds=40,
)
FOLDERS = Scene(
    start={
        "README.md": "read me",
        "base/kustomization.yaml": "resources: [a.yaml]\n",
        "base/a.yaml": config_map("a"),
        "envs/fr/three.yaml": config_map("three"),
        "envs/eu/kustomization.yaml": "resources: [../../base]\n",
        "envs/us/one.yaml": config_map("one"),
        "envs/deep/er/two.yaml": config_map("two"),
    },
    environments=tuple(environment(f"envs/{name}") for name in ("eu", "us", "fr", "deep")),
    texts=(config_map("a", v="2"), "resources: [../us/one.yaml]\n", "", Link("us"), Link("../base"), Link("one.yaml")),
    more=("envs/us", "envs/deep", "envs/new/a.yaml", "other/a.yaml", "envs/eu/b.yaml"),
    seeds=12,
    pattern="envs/{name}",
)
CHART = "apiVersion: v2\nname: NAME\nversion: 0.1.0\n"
SHOWS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME}\ndata: {text: '{{ .Values.text }}'}\n"
CHARTS = Scene(
    start={
        "README.md": "read me",
        "shop/Chart.yaml": CHART.replace("NAME", "shop")
        + "dependencies: [{name: other, version: 0.1.0, repository: 'file://../other'}]\n",
        "shop/values.yaml": "text: one\n",
        "shop/values-a.yaml": "text: a\n",
        "shop/templates/one.yaml": SHOWS.replace("NAME", "one"),
        "shop/files/data.txt": "data",
        "shop/.helmignore": "ignored.yaml\n",
        "shop/charts/within/Chart.yaml": CHART.replace("NAME", "within"),
        "shop/charts/within/templates/two.yaml": SHOWS.replace("NAME", "two"),
        "other/Chart.yaml": CHART.replace("NAME", "other"),
        "other/values.yaml": "text: other\n",
        "other/templates/three.yaml": SHOWS.replace("NAME", "three"),
        "values/b.yaml": "text: b\nother: {text: bb}\n",
        "alone/Chart.yaml": CHART.replace("NAME", "alone"),
        "alone/templates/four.yaml": SHOWS.replace("NAME", "four"),
    },
    environments=(
        environment("shop"),
        replace(environment("shop"), helm=Helm(values=("values-a.yaml",))),
        replace(environment("shop"), helm=Helm(values=("../values/b.yaml",))),
        environment("other"),
        environment("alone"),
    ),
    texts=(
        "text: new\n",
        SHOWS.replace("NAME", "new"),
        SHOWS.replace("NAME", "file").replace(".Values.text", '.Files.Get "files/data.txt"'),
        "other.txt\n*.yaml\n",
        CHART.replace("NAME", "shop"),
        "not: [yaml",
        "",
        Link("one.yaml"),
        Link("../../other/templates"),
        Link("values-a.yaml"),
    ),
    more=(
        "shop/templates/new.yaml",
        "shop/templates/_helpers.tpl",
        "shop/crds/a.yaml",
        "shop/notes.md",
        "other/.helmignore",
        "alone/values.yaml",
        "alone/charts/within/Chart.yaml",
        "shop/ignored.yaml",
    ),
    seeds=30,
)
