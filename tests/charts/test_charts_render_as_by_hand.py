"""A chart becomes what `helm template` makes of it on anybody's machine, byte by byte."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.charts.conftest import DATA, Case, case, environment, write
from workers.manifests.reading import read_manifests
from workers.render.helm.building import build
from workers.render.helm.running import Question

pytestmark = pytest.mark.programs

CASES = sorted(file.stem for file in DATA.glob("*.txt"))


def by_hand(helm: Path, given: Case, folder: Path) -> str:
    """Run Helm as its user would: dependencies are built first, and values named in their order."""
    write(folder, given.files)
    chart = folder / given.folder

    def run(*words: str, at: Path = chart) -> str:
        home = {"HOME": str(folder / "home"), "PATH": "/nowhere"}
        done = subprocess.run([helm, *words], cwd=at, env=home, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    for inner in given.said.get("builds", ()):
        run("dependency", "update", "--skip-refresh", at=folder / inner)
    said = given.said.get("helm", {})
    words = [word for name in said.get("values", ()) for word in ("--values", name)]
    for key, value in said.get("set", {}).items():
        words += ["--set-json", f"{key}={json.dumps(value)}"]
    for api in given.said.get("apis", ()):
        words += ["--api-versions", api]
    words += ["--kube-version", given.capabilities.version]
    words += ["--include-crds"] if said.get("include_crds", True) else []
    return run("template", said.get("release", "shop"), ".", "--namespace", "shop-staging", "--skip-tests", *words)


@pytest.mark.parametrize("name", CASES)
def test_a_chart_is_rendered_as_by_hand(name: str, helm: Path, tmp_path: Path) -> None:
    """Nothing of what Helm prints is lost, changed or added; and its objects are read from it in their order."""
    given = case(name)
    expected = by_hand(helm, given, tmp_path / "by-hand")
    write(tmp_path / "ours", given.files)
    wanted = environment(given.folder, given.said.get("helm"))
    question = Question(
        release=wanted.helm.release or "shop",
        namespace=wanted.namespace,
        helm=wanted.helm,
        capabilities=given.capabilities,
    )
    built = build(tmp_path / "ours", given.folder, question)
    assert built.text == expected
    assert [each.body for each in built.manifests] == [each.body for each in read_manifests(expected, "by-hand.yaml")]
    assert sorted(str(each.ref) for each in built.manifests) == sorted(given.said["objects"])
    assert {each.file for each in built.manifests} <= set(given.files)


def test_the_cases_are_many() -> None:
    """Each of what charts are made of has a chart here."""
    assert len(CASES) >= 20
    assert all(yaml.safe_load((DATA / f"{name}.txt").read_text().split("\n-- ")[0]) for name in CASES)
