"""A kustomization is built by the real kustomize, and its mistakes come back in words of the repository."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from pushboat.errors import InvalidManifest, NotConfigured, RenderFailed
from tests.rendering.conftest import Render

pytestmark = pytest.mark.programs

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  mode: '0644'\n"


def test_an_overlay_builds_upon_its_base(rendered: Render) -> None:
    """The objects are those that kustomize makes, and each stands where somebody wrote it."""
    made = rendered(
        {
            "base/a.yaml": CONFIG,
            "base/kustomization.yaml": "resources: [a.yaml]\n",
            "over/kustomization.yaml": "resources: [../base]\nnamePrefix: x-\ncommonAnnotations: {docs: 'https://x'}\n",
        },
        folder="over",
    )
    assert made.engine.startswith("kustomize v")
    (manifest,) = made.manifests
    assert (str(manifest.ref), manifest.place) == ("ConfigMap/x-a", "base/a.yaml:1")
    assert manifest.body["data"] == {"mode": "0644"}


@pytest.mark.parametrize("name", ["kustomization.yml", "Kustomization"])
def test_every_name_of_a_kustomization_counts(name: str, rendered: Render) -> None:
    """The three file names that kustomize knows are known here too."""
    assert rendered({"deploy/a.yaml": CONFIG, f"deploy/{name}": "resources: [a.yaml]"}).engine.startswith("kustomize v")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("resources: [missing.yaml]", r"deploy/kustomization\.yaml:1:13: missing\.yaml is not in this commit: add it"),
        (
            "resources: [a.yaml]\nnamePrefix: [1]",
            r"deploy/kustomization\.yaml:2:13: namePrefix must not hold a list here",
        ),
        ("resources: [a.yaml]\nunknownField: 1", r"deploy/kustomization\.yaml:2:1: .* no field 'unknownField' here"),
        (
            "resources: [../other/a.yaml]",
            r"deploy/kustomization\.yaml:1:13: \.\./other/a\.yaml lies outside of the folder",
        ),
        ("resources: []", "deploy builds no objects"),
    ],
)
def test_a_mistake_is_told_without_our_own_paths(text: str, words: str, rendered: Render, tmp_path: Path) -> None:
    """kustomize's own words reach me, with paths as they are in my repository."""
    files = {"deploy/a.yaml": CONFIG, "other/a.yaml": CONFIG, "deploy/kustomization.yaml": text}
    with pytest.raises(RenderFailed, match=words) as caught:
        rendered(files)
    for said in (caught.value.summary, caught.value.details):
        assert str(tmp_path) not in said
        assert tempfile.gettempdir() not in said


def test_a_kustomization_that_is_no_yaml_names_its_line(rendered: Render) -> None:
    """A typo in a kustomization is told like any other."""
    with pytest.raises(InvalidManifest, match=r"deploy/kustomization\.yaml:2:1: "):
        rendered({"deploy/kustomization.yaml": "resources:\n\t- a.yaml\n"})


def test_kustomize_may_be_asked_for(rendered: Render) -> None:
    """`render: kustomize` without a kustomization says what is missing."""
    with pytest.raises(RenderFailed, match=r"deploy has no kustomization\.yaml"):
        rendered({"deploy/a.yaml": CONFIG}, mode="kustomize")


def test_a_missing_kustomize_says_how_to_get_it(rendered: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where kustomize is missing, the operator must act, and by which command: nothing is built meanwhile."""
    monkeypatch.setenv("PUSHBOAT_KUSTOMIZE", "/nowhere/kustomize")
    with pytest.raises(NotConfigured, match=r"needs kustomize, .* operator to run `pushboat renderers install`$"):
        rendered({"deploy/a.yaml": CONFIG, "deploy/kustomization.yaml": "resources: [a.yaml]"})


def test_kustomize_sees_nothing_of_us(rendered: Render, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The renderer gets no token, no HOME, no PATH with git on it and no network."""
    spy = tmp_path / "spy"
    spy.write_text(
        "#!/usr/bin/python3\nimport json, os, socket\n"
        "try: socket.socket(); net = 'open'\n"
        "except OSError: net = 'cut'\n"
        "data = {**os.environ, 'net': net, 'homeless': str(os.listdir(os.environ['HOME']))}\n"
        "print(json.dumps({'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'x'}, 'data': data}))\n"
    )
    spy.chmod(spy.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PUSHBOAT_KUSTOMIZE", str(spy))
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    (manifest,) = rendered({"deploy/a.yaml": CONFIG, "deploy/kustomization.yaml": "resources: [a.yaml]"}).manifests
    data = manifest.body["data"]
    assert data["net"] == "cut"
    assert data["homeless"] == "[]"
    assert data["PATH"] == data["HOME"] != os.environ.get("HOME")
    assert "GITHUB_TOKEN" not in data
