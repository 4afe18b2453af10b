"""What may be written of drift: changed fields, with what a person set and nothing that the server fills in."""

from pathlib import Path
from typing import Any

import pytest

from pushboat.model.drift import Drift, FieldDrift, Sort
from pushboat.model.manifest import Manifest, Ref
from workers.writing_back.gathering import live_fields
from workers.writing_back.placing import OtherFiles, place
from workers.writing_back.trimming import trimmed
from workers.writing_back.words import GONE, LiveField, NotWritten

WEB = Ref("apps", "Deployment", "shop", "web")
KEY = Ref("", "Secret", "shop", "key")
SHA = "a" * 40


def gathered(sort: Sort, ref: Ref, *fields: FieldDrift, live: Any = None) -> list[LiveField | NotWritten]:
    """Say what one drifted object leads to."""
    body = live or {"metadata": {"name": ref.name, "labels": {"applyset.kubernetes.io/part-of": "x", "team": "a"}}}
    stored = {ref: Manifest(ref=ref, version="v1", body={}, file="deploy/web.yaml", line=7)}
    found = Drift(ref=ref, sort=sort, fields=fields)
    return [*live_fields([found], {} if sort is Sort.DELETED else {ref: body}, stored)]


@pytest.mark.parametrize(
    ("sort", "ref", "why"),
    [
        (Sort.DELETED, WEB, "it was deleted: take it out of deploy/web.yaml:7 if"),
        (Sort.ADDED, WEB, "the release does not have it: add a manifest"),
        (Sort.CHANGED, KEY, "a Secret's values are written to no file"),
    ],
)
def test_whole_objects_and_secrets_are_left_with_a_way_on(sort: Sort, ref: Ref, why: str) -> None:
    """Nothing is deleted from git or added to it as a whole, and no secret value comes near it."""
    (left,) = gathered(sort, ref, FieldDrift(path="data.x", release=None, cluster='"s"', steps=("data", "x")))
    assert isinstance(left, NotWritten)
    assert left.why.startswith(why)


def test_our_own_marks_are_no_change_of_anybodys() -> None:
    """Labels that Pushboat puts on objects stand in no file."""
    field = FieldDrift(path="metadata.labels", release=None, cluster='{"team":"a"}', steps=("metadata", "labels"))
    (found,) = gathered(Sort.CHANGED, WEB, field)
    assert isinstance(found, LiveField)
    assert found.value == {"team": "a"}


def test_what_changed_meanwhile_is_not_guessed() -> None:
    """Drift says that something is there, and it is not: somebody is still at it."""
    field = FieldDrift(path="spec.x", release=None, cluster="1", steps=("spec", "x"))
    (left,) = gathered(Sort.CHANGED, WEB, field)
    assert isinstance(left, NotWritten)
    gone = FieldDrift(path="spec.x", release="1", cluster=None, steps=("spec", "x"))
    (found,) = gathered(Sort.CHANGED, WEB, gone)
    assert isinstance(found, LiveField)
    assert found.value is GONE


def test_only_what_is_needed_is_kept() -> None:
    """The API server would fill in the same again; each question costs a request, so many fields are asked at once."""
    defaults = {"timeoutSeconds": 1, "failureThreshold": 3, "scheme": "HTTP", "protocol": "TCP", "resources": {}}
    asked = []

    def server(value: Any) -> Any:
        if isinstance(value, dict):
            made = {name: server(each) for name, each in value.items()}
            extra = {"http": ["scheme"], "probe": ["timeoutSeconds", "failureThreshold"], "name": ["resources"]}
            return {**{name: defaults[name] for key in made for name in extra.get(key, [])}, **made}
        return [server(each) for each in value] if isinstance(value, list) else value

    wanted = [{"name": "app", "probe": {"period": 5}, "http": {"path": "/"}}, {"name": "b", "x": {"http": {}}}]
    live = server(wanted)

    def suffices(value: Any) -> bool:
        asked.append(value)
        return bool(server(value) == live)

    assert trimmed(live, suffices) == wanted
    assert len(asked) < 30


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "shop/.git").mkdir(parents=True)
    (tmp_path / "shop/deploy").mkdir()
    (tmp_path / "shop/deploy/a.yaml").write_text("a: 1\n")
    (tmp_path / "shop/deploy/a.yaml").chmod(0o640)
    return tmp_path / "shop"


def test_a_work_tree_is_written_with_the_rights_that_files_have(tree: Path) -> None:
    """From anywhere inside of it."""
    before = {"deploy/a.yaml": b"a: 1\n", "deploy/b.yaml": None}
    assert place(before, {"deploy/a.yaml": b"a: 2\n", "deploy/b.yaml": b"b: 1\n"}, tree / "deploy", SHA) == [*before]
    assert (tree / "deploy/a.yaml").read_text() == "a: 2\n"
    assert (tree / "deploy/a.yaml").stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in (tree / "deploy").iterdir()) == ["a.yaml", "b.yaml"]


@pytest.mark.parametrize("wrong", ["changed", "missing", "there already", "linked", "no work tree"])
def test_another_work_tree_is_left_as_it_is(tree: Path, wrong: str) -> None:
    """All files are looked at before the first one is written."""
    a, b = tree / "deploy/a.yaml", tree / "deploy/b.yaml"
    if wrong == "changed":
        b.write_text("b: 2\n")
    elif wrong == "there already":
        b.write_text("")
    elif wrong == "linked":
        b.symlink_to(a)
    elif wrong == "no work tree":
        (tree / ".git").rmdir()
    before = {
        "deploy/a.yaml": b"a: 1\n",
        "deploy/b.yaml": None if wrong in ("there already", "no work tree") else b"b: 1\n",
    }
    with pytest.raises(OtherFiles):
        place(before, {"deploy/a.yaml": b"a: 2\n", "deploy/b.yaml": b"b: 3\n"}, tree, SHA)
    assert a.read_text() == "a: 1\n"
