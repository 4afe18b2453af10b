"""`pushboat renderers install` leaves what is there, says where it stands, and what is used instead of it."""

from pathlib import Path

from tests.cli.conftest import Pushboat
from workers.render.renderers import FOLDER, RENDERERS, place


def test_what_is_installed_is_named_with_its_place(pushboat: Pushboat, tmp_path: Path) -> None:
    """Run twice it builds nothing the second time; a script reads name, version and path."""
    folder = {FOLDER: str(tmp_path / "renderers")}
    lines = []
    for renderer in RENDERERS:
        at = place(renderer, folder)
        at.parent.mkdir(parents=True)
        at.write_text("#!/bin/sh\n")
        lines.append(f"{renderer.name} {renderer.version} {at}")
    done = pushboat("renderers", "install", **folder)
    assert (done.returncode, done.stdout.splitlines(), done.stderr) == (0, lines, "")
    one = pushboat("renderers", "install", "kustomize", PUSHBOAT_KUSTOMIZE="kubectl kustomize", **folder)
    assert one.stdout.splitlines() == lines[:1]
    assert "PUSHBOAT_KUSTOMIZE is set: kubectl kustomize is used instead" in one.stderr
    assert pushboat("renderers", "install", "jsonnet").returncode == 2
