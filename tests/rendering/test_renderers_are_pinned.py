"""Everybody renders with the same version of a renderer, and whoever does not is told which one it was."""

import re
import subprocess
from pathlib import Path

import pytest

from cli.doctor.machine import check_renderer
from cli.lab.golang import install
from tests.rendering.conftest import Render
from workers.checks.words import Result
from workers.render.renderers import FOLDER, HELM, KUSTOMIZE, Found, Renderer, find, missing, place

pytestmark = pytest.mark.programs

FILES = {
    "deploy/kustomization.yaml": "resources: [a.yaml]",
    "deploy/a.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}",
}


def test_a_renderer_is_found_in_order(tmp_path: Path) -> None:
    """The operator's choice wins over the pinned one, that over one on PATH, and kubectl comes last."""
    environ = {"PATH": str(tmp_path / "bin"), FOLDER: str(tmp_path / "pinned")}
    assert find(KUSTOMIZE, environ) is None
    assert "`pushboat renderers install` brings v" in missing(KUSTOMIZE, environ)
    kubectl = _program(tmp_path / "bin/kubectl", "Client Version: v1.32.4\nKustomize Version: v5.5.0")
    assert find(KUSTOMIZE, environ) == _found("kubectl kustomize", kubectl, "kustomize", "v5.5.0")
    on_path = _program(tmp_path / "bin/kustomize", "v5.6.0")
    assert find(KUSTOMIZE, environ) == _found("kustomize", on_path, "build", "v5.6.0")
    pinned = _program(place(KUSTOMIZE, environ), "what it says does not matter")
    assert find(KUSTOMIZE, environ) == _found("kustomize", pinned, "build", KUSTOMIZE.version)
    own = _program(tmp_path / "own", "(devel)")
    assert find(KUSTOMIZE, {**environ, "PUSHBOAT_KUSTOMIZE": own}) == _found("kustomize", own, "build", "")
    for chosen in ("kubectl", "kubectl kustomize", kubectl, f"{kubectl} kustomize"):
        found = find(KUSTOMIZE, {**environ, "PUSHBOAT_KUSTOMIZE": chosen})
        assert found == _found("kubectl kustomize", kubectl, "kustomize", "v5.5.0"), chosen
    wrong = {**environ, "PUSHBOAT_KUSTOMIZE": "/nowhere/kustomize"}
    assert find(KUSTOMIZE, wrong) is None
    assert missing(KUSTOMIZE, wrong).startswith("PUSHBOAT_KUSTOMIZE names /nowhere/kustomize, which is no program")


def test_a_relative_choice_is_never_looked_for_in_the_pushed_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`./kustomize` is a file where Pushboat runs, and not one that somebody committed under that name."""
    _program(tmp_path / "kustomize", "v5.8.1")
    monkeypatch.chdir(tmp_path)
    for environ in ({"PUSHBOAT_KUSTOMIZE": "./kustomize"}, {"PATH": "."}):
        found = find(KUSTOMIZE, {FOLDER: "/nowhere", **environ})
        assert found is not None
        assert found.argv[0] == str(tmp_path / "kustomize")


def test_a_program_that_hangs_or_lies_about_its_version_is_used_all_the_same(tmp_path: Path) -> None:
    """What cannot tell its version has an unknown one."""
    for number, words in enumerate(("exit 1", "echo v9.9.9; exit 1", "echo kustomize is fine")):
        program = tmp_path / str(number) / "kustomize"
        _program(program, "", words)
        found = find(KUSTOMIZE, {"PUSHBOAT_KUSTOMIZE": str(program)})
        assert str(found) == "kustomize of an unknown version", words


def test_a_replaced_program_is_asked_again(tmp_path: Path) -> None:
    """An upgrade under a running Pushboat does not leave the old version in its words."""
    program = _program(tmp_path / "kustomize", "v5.6.0")
    environ = {"PUSHBOAT_KUSTOMIZE": program}
    assert str(find(KUSTOMIZE, environ)) == "kustomize v5.6.0"
    Path(program).unlink()
    _program(tmp_path / "kustomize", "v5.7.10")
    assert str(find(KUSTOMIZE, environ)) == "kustomize v5.7.10"


@pytest.mark.parametrize("renderer", [KUSTOMIZE, HELM], ids=lambda renderer: renderer.name)
def test_a_place_is_known_by_its_version(renderer: Renderer) -> None:
    """Two versions stand side by side; without a folder of the operator's they stand in the user's cache."""
    name = f"{renderer.name}-{renderer.version}/{renderer.name}"
    assert place(renderer, {FOLDER: "/opt/x"}) == Path("/opt/x", name)
    assert place(renderer, {"XDG_CACHE_HOME": "/c"}) == Path("/c/pushboat/renderers", name)
    assert place(renderer, {"HOME": "/home/a"}) == Path("/home/a/.cache/pushboat/renderers", name)


def test_the_pinned_kustomize_is_what_it_is_called() -> None:
    """The program in the pinned place says the version that the place is named after."""
    said = subprocess.run([install(KUSTOMIZE), "version"], capture_output=True, text=True, check=True).stdout
    assert re.findall(KUSTOMIZE.ways[0].tells, said) == [KUSTOMIZE.version]


def test_a_render_says_by_which_version(rendered: Render, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """I read which kustomize made my objects, whether it is the pinned one or another."""
    assert rendered(FILES).engine == f"kustomize {KUSTOMIZE.version}"
    own = _program(tmp_path / "kubectl", "Kustomize Version: v5.0.1", f"exec {install(KUSTOMIZE)} build $2")
    monkeypatch.setenv("PUSHBOAT_KUSTOMIZE", own)
    assert rendered(FILES).engine == "kubectl kustomize v5.0.1"


def test_the_doctor_finds_a_version_that_is_not_everybodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version warns, with the command that brings the pinned one; a missing one as well."""
    monkeypatch.setenv("PUSHBOAT_KUSTOMIZE", _program(tmp_path / "kustomize", "v5.6.0"))
    other = check_renderer(KUSTOMIZE, "these")
    assert (other.check, other.result) == ("kustomize", Result.WARN)
    assert other.sentence.startswith(f"kustomize v5.6.0 ({tmp_path}/kustomize) is not the {KUSTOMIZE.version} that ")
    assert other.fix == "unset PUSHBOAT_KUSTOMIZE and run `pushboat renderers install`"
    monkeypatch.setenv("PUSHBOAT_KUSTOMIZE", "/nowhere/kustomize")
    assert "until then these cannot be deployed" in check_renderer(KUSTOMIZE, "these").sentence
    monkeypatch.delenv("PUSHBOAT_KUSTOMIZE")
    fine = check_renderer(KUSTOMIZE, "these")
    assert (fine.result, fine.sentence.partition(" (")[0]) == (Result.PASS, f"kustomize {KUSTOMIZE.version}")


def _found(name: str, at: str, word: str, version: str) -> Found:
    return Found(name=name, argv=(at, word), version=version)


def _program(at: Path, says: str, words: str = "") -> str:
    """Write a program that says its version, and does `words` when it is asked for something else."""
    at.parent.mkdir(parents=True, exist_ok=True)
    version = f'case "$1" in version) printf "%s\\n" "{says}"; exit;; esac\n' if says else ""
    at.write_text(f"#!/bin/sh\n{version}{words}\n")
    at.chmod(0o755)
    return str(at)
