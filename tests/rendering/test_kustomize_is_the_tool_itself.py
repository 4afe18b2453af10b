"""What Pushboat builds of an overlay is what kustomize builds by hand, to the last byte; each object knows its file."""

import posixpath
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.lab.golang import install
from workers.manifests.reading import read_manifests
from workers.render.kustomize.building import build
from workers.render.kustomize.fields import is_kustomization
from workers.render.kustomize.references import references
from workers.render.kustomize.tracing import trace
from workers.render.renderers import KUSTOMIZE

pytestmark = pytest.mark.programs

OVERLAYS: Mapping[str, Mapping[str, str]] = yaml.safe_load((Path(__file__).parent / "data/overlays.yaml").read_text())
TOP = "over/kustomization.yaml"
ORIGIN = "config.kubernetes.io/origin"
OTHERWISE = {
    (
        "json6902-in-json",
        "Deployment",
    ): "base/web.yaml",  # the patch replaces all annotations, kustomize's own note among them
    (
        "generators-merge-and-replace",
        "ConfigMap",
    ): "inner/kustomization.yaml",  # where it begins; the other one is a layer over it
    (
        "generators-as-plugins",
        "ConfigMap",
    ): TOP,  # what a plugin makes stands at the kustomization that names the plugin
}
"""Where an object stands for us, although kustomize notes another file."""


def test_there_are_enough() -> None:
    """Every field of a kustomization that people use stands in one of them."""
    assert len(OVERLAYS) >= 25
    said = {
        field
        for files in OVERLAYS.values()
        for file in files
        if "ustomization" in file
        for field in _fields(files[file])
    }
    assert said >= {
        "bases", "commonLabels", "patchesStrategicMerge", "replicas", "images", "components", "configMapGenerator",
        "secretGenerator", "generatorOptions", "namePrefix", "nameSuffix", "patchesJson6902", "replacements", "vars",
        "namespace", "openapi", "configurations", "crds", "transformers", "generators", "labels", "commonAnnotations",
    }  # fmt: skip


@pytest.mark.parametrize("name", OVERLAYS)
def test_an_overlay_is_built_as_by_hand_and_its_objects_know_their_files(name: str, tmp_path: Path) -> None:
    """The output is kustomize's own, from no more files than are referred to; each object stands where it came from."""
    files = OVERLAYS[name]
    referred = _referred(files)
    _write(tmp_path, {file: text for file, text in files.items() if file in referred})
    built = build(tmp_path, "over").text
    assert built == _by_hand(tmp_path)
    found = {str(each.ref): each for each in trace(tmp_path, "over", read_manifests(built, "built"))}
    noted = yaml.safe_dump({**yaml.safe_load(files[TOP]), "buildMetadata": ["originAnnotations"]})
    (tmp_path / TOP).write_text(noted)
    for each in read_manifests(_by_hand(tmp_path), "by hand"):
        origin = yaml.safe_load(each.body["metadata"]["annotations"][ORIGIN])
        noted_at = posixpath.normpath(posixpath.join("over", origin.get("path") or origin["configuredIn"]))
        at = found[str(each.ref)]
        assert at.file == OTHERWISE.get((name, each.ref.kind), noted_at), each.ref
        line = files[at.file].splitlines()[at.line - 1].strip()
        assert line
        assert not line.startswith("#")


def _referred(files: Mapping[str, str]) -> set[str]:
    """Name what is listed, and what is below it, as the walk through git's trees does."""
    waiting, found = [TOP], {TOP}
    while waiting:
        file = waiting.pop()
        for path in references(file, files[file].encode()):
            fresh = [each for each in files if each not in found and (each == path or each.startswith(f"{path}/"))]
            waiting += [each for each in fresh if is_kustomization(each)]
            found |= {*fresh}
    return found


def _fields(text: str) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = yaml.safe_load(text)
    return fields


def _write(root: Path, files: Mapping[str, str]) -> None:
    for file, text in files.items():
        at = root / file
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_bytes(text.encode("latin-1" if file.endswith(".bin") else "utf-8"))


def _by_hand(root: Path) -> str:
    command = [install(KUSTOMIZE), "build", "over"]
    return subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode()
