"""Objects of kinds that an operator brings are checked on my laptop, where I say which files define them."""

from pathlib import Path

import pytest

from tests.cli.conftest import Pushboat
from tests.written import definition

BOAT = "apiVersion: sea.example.com/v1\nkind: Boat\nmetadata: {name: tug}\nspec: {sise: 3}\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with a boat, whose kind stands beside it."""
    for folder in ("deploy", "crds/sea"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / ".pushboat.yaml").write_text("environments: {staging: {branch: main, path: deploy}}\n")
    (tmp_path / "deploy" / "boat.yaml").write_text(BOAT)
    (tmp_path / "crds" / "sea" / "boats.yaml").write_text(definition("boats", "Boat", "sea.example.com"))
    return tmp_path


def test_definitions_of_others_are_given_in_files(tree: Path, pushboat: Pushboat) -> None:
    """Without them I am told that nobody looked; with them the misspelt field is named."""
    alone = pushboat("check", tree)
    assert alone.returncode == 0
    assert "schema of Boat not checked" in alone.stdout + alone.stderr
    for given in (tree / "crds", tree / "crds" / "sea" / "boats.yaml"):
        held = pushboat("check", tree, "--crds", given)
        assert held.returncode == 1
        assert "deploy/boat.yaml:4:8: Boat/tug: unknown field spec.sise: did you mean size?" in held.stdout
        assert "not checked" not in held.stdout


def test_a_version_that_the_definition_does_not_serve_is_refused(tree: Path, pushboat: Pushboat) -> None:
    """The definition is the whole truth about its kind."""
    (tree / "deploy" / "boat.yaml").write_text(BOAT.replace("/v1", "/v2").replace("sise", "size"))
    held = pushboat("check", tree, "--crds", tree / "crds")
    assert held.returncode == 1
    assert "sea.example.com/v1" in held.stdout
