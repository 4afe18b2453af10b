"""A release's commit is opened to be written to: its files, who else reads them, and whether a chart makes them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pushboat.config.environment import effective
from pushboat.config.project import Allowed, Limits, Project
from pushboat.config.repository import parse
from pushboat.model.manifest import Manifest
from pushboat.model.outside import Outside
from pushboat.model.remote import Remote
from tests.checkout.upstream import Content, Link, Upstream
from tests.written import config_map
from workers.render.helm.capabilities import Capabilities
from workers.source.closure import References
from workers.source.outside.words import nothing
from workers.source.planted import Plant, Planted, no_base
from workers.writing_back.opening import Commit, Opened, opened
from workers.writing_back.story import written_back
from workers.writing_back.words import LiveField

pytestmark = pytest.mark.programs

NAMES = ("staging", "production", "qa")


def opening(folder: Path, files: dict[str, Content], paths: dict[str, str], plant: Plant = no_base) -> Opened:
    """Open staging's files at a commit of these files, in which environments have these paths."""
    said: dict[str, Any] = {name: {"branch": "main", "path": path} for name, path in paths.items()}
    raw = yaml.safe_dump({"environments": said}).encode()
    upstream = Upstream.create(folder / "srv/shop.git")
    sha = upstream.commit({".pushboat.yaml": raw, **files})
    limits = {name: Limits(environment=name, cluster="dev", namespaces=(name,)) for name in NAMES}
    project = Project(repository="github/acme/shop", environments=Allowed(limits))
    commit = Commit(
        caches=folder / "caches",
        remote=Remote(url=str(upstream.path)),
        project=project,
        sha=sha,
        environment=effective(project, replace(parse(raw), patterns={}))["staging"],
        supply=lambda _root: (nothing, plant),
    )
    return opened(commit, folder / "out", as_they_are, Capabilities)


def as_they_are(made: tuple[Manifest, ...]) -> tuple[Manifest, ...]:
    """Fill in nothing."""
    return made


def test_who_else_reads_a_file_is_known(tmp_path: Path) -> None:
    """A base by its overlays, a file over a link, and what nobody else reads."""
    files: dict[str, Content] = {
        "base/kustomization.yaml": "resources: [a.yaml]\n",
        "base/a.yaml": config_map("a"),
        "one/kustomization.yaml": "resources: [../base]\n",
        "two/kustomization.yaml": "resources: [../base]\n",
        "plain/b.yaml": Link("../base/a.yaml"),
    }
    made = opening(tmp_path, files, {"staging": "one", "production": "two", "qa": "plain"})
    readers = made.source.readers
    assert readers("base/a.yaml") == {"production", "qa"}
    assert readers("base/kustomization.yaml") == {"production"}
    assert readers("one/kustomization.yaml") == frozenset()
    assert (made.source.kustomized, made.chart) == ("one", "")
    assert [ref.name for ref in made.source.render()] == ["a"]


def test_folders_that_a_pattern_makes_environments_read_too(tmp_path: Path) -> None:
    """No entry names them, and what they share with mine is written for all of them or for none."""
    files: dict[str, Content] = {
        "base/kustomization.yaml": "resources: [a.yaml]\n",
        "base/a.yaml": config_map("a"),
        "one/kustomization.yaml": "resources: [../base]\n",
        "envs/production/kustomization.yaml": "resources: [../../base]\n",
        "envs/qa/b.yaml": config_map("b"),
    }
    made = opening(tmp_path, files, {"staging": "one", "each": "envs/{name}"})
    assert made.source.readers("base/a.yaml") == {"production"}
    assert made.source.readers("envs/qa/b.yaml") == {"qa"}


def test_a_chart_is_named_and_not_rendered(tmp_path: Path) -> None:
    """Which of its values a field comes from nobody can tell."""
    chart: dict[str, Content] = {
        "chart/Chart.yaml": "name: a\nversion: 1.0.0\napiVersion: v2\n",
        "chart/templates/a.yaml": "{{ x",
    }
    assert opening(tmp_path, chart, {"staging": "chart"}).chart == "chart"


def test_what_a_link_leads_to_is_known_under_both_names(tmp_path: Path) -> None:
    """It is changed where it is, and by whoever knows who shares it."""
    made = opening(
        tmp_path, {"real/a.yaml": config_map("a"), "deploy/b.yaml": Link("../real/a.yaml")}, {"staging": "deploy"}
    )
    assert made.source.linked == {"deploy/b.yaml", "real/a.yaml"}


def test_a_base_of_another_repository_is_patched_and_never_written(tmp_path: Path) -> None:
    """A render brings it into a copy, so that nothing of that comes into our files."""

    def plant(_outside: Outside, _folder: str, target: Path, _references: References) -> Planted:
        (target / "all").mkdir(parents=True)
        (target / "all/kustomization.yaml").write_text("resources: [a.yaml]\n")
        (target / "all/a.yaml").write_text(config_map("a", v="1"))
        return Planted(shown="git.example/base@1111111")

    file = "resources:\n- https://git.example/base//all?ref=v1  # theirs\nnamePrefix: my-\n"
    made = opening(tmp_path, {"deploy/kustomization.yaml": file}, {"staging": "deploy"}, plant)
    (ref,) = made.source.render()
    field = LiveField(ref=ref, path="data.v", steps=("data", "v"), value="2")
    outcome = written_back(made.source, made.source.render(), [field])
    assert outcome.left == []
    root = made.source.root / "deploy"
    assert sorted(each.name for each in root.iterdir()) == ["configmap-a-patch.yaml", "kustomization.yaml"]
    assert (root / "kustomization.yaml").read_text() == f"{file}patches:\n- path: configmap-a-patch.yaml\n"
    assert outcome.rendered[ref].body["data"] == {"v": "2"}
