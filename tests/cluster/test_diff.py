"""A diff shows what changes, where, and never a secret."""

import pytest

from pushboat.model.comparing import LONGEST_DIFF_CHARACTERS
from pushboat.model.manifest import Ref
from workers.cluster.planning.diff import diff

REF = Ref("", "ConfigMap", "shop", "settings")


def config(data: object, **metadata: object) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings", **metadata}, "data": data}


def secret(**data: str) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key"}, "data": data}


def test_each_change_is_named_by_its_path() -> None:
    """A hunk's header says which field changes, items by their name."""
    before = {**config({}), "spec": {"containers": [{"name": "a", "image": "a:1"}, {"name": "b", "image": "b:1"}]}}
    after = {**config({}), "spec": {"containers": [{"name": "b", "image": "b:2"}, {"name": "a", "image": "a:1"}]}}
    assert diff(REF, before, after) == (
        "--- live ConfigMap/shop/settings\n+++ wanted ConfigMap/shop/settings\n"
        "@@ spec.containers[b].image @@\n-b:1\n+b:2\n"
    )


@pytest.mark.proves("diff-noise")
def test_the_servers_own_fields_and_our_marks_are_no_change() -> None:
    """Versions, managers, statuses and Pushboat's marks are left out."""
    before = config({"a": "1"}, resourceVersion="1", annotations={"pushboat.dev/applied": "x"}, generation=1)
    after = {**config({"a": "1"}, resourceVersion="2", managedFields=[{}], labels={}), "status": {"x": 1}}
    assert diff(REF, before, after) == ""


def test_a_changed_file_shows_only_its_changed_lines() -> None:
    """A long text shows the lines that differ, with two lines around them."""
    lines = [f"line {number}" for number in range(20)]
    before, after = "\n".join(lines), "\n".join([*lines[:9], "new", *lines[10:]])
    shown = diff(REF, config({"app.conf": before}), config({"app.conf": after}))
    assert "@@ data[app.conf] @@\n line 7\n line 8\n-line 9\n+new\n line 10\n line 11\n" in shown


@pytest.mark.proves("secrets-in-diffs", "pain-12")
def test_secret_values_are_masked_on_both_sides() -> None:
    """A secret's diff says which key changed, came or went, and shows no value."""
    shown = diff(
        REF,
        secret(same="c2FtZQ==", token="b2xk", gone="Z29uZQ=="),
        secret(same="c2FtZQ==", token="bmV3", come="Y29tZQ=="),
    )
    assert "@@ data.token @@\n-***\n+*** (changed)\n" in shown
    assert "data.gone" in shown
    assert "data.come" in shown
    assert "data.same" not in shown
    assert not any(value in shown for value in ("b2xk", "bmV3", "Z29uZQ", "Y29tZQ"))


def test_a_removed_field_is_shown_as_removed() -> None:
    """A value that goes is shown with a minus, an object that comes with pluses only."""
    assert "@@ data.a @@\n-1\n" in diff(REF, config({"a": "1", "b": "2"}), config({"b": "2"}))
    created = diff(REF, None, config({"a": "1"}))
    assert all(line.startswith(("---", "+", "@@")) for line in created.splitlines())


def test_a_huge_diff_is_cut() -> None:
    """A diff stays readable, however large the object is."""
    shown = diff(REF, None, config({"a": "x" * 3 * LONGEST_DIFF_CHARACTERS}))
    assert len(shown) < LONGEST_DIFF_CHARACTERS + 100
    assert "more characters" in shown
