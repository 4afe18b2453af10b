"""A document is made to say something else, and all else in its file stays: comments, quotes, order, line ends."""

import copy
import difflib
from collections.abc import Callable
from typing import Any

import pytest

from workers.editing.rewriting import rewritten
from workers.editing.texts import CannotWrite, opened

FILE = """\
# who to call: ops
apiVersion: apps/v1
kind: Deployment   # the shop's front
metadata: {name: web, labels: {app: web}}
spec:
  replicas: 3  # agreed with ops
  paused:   # never
  template:
    spec:
      containers:
        # the one that serves
        - name: app
          image: "acme/shop:v1"  # set by CI
          args: [serve, 'all']
          env:
            - {name: A, value: "1"}
            - name: B
              value: on call
        - name: side   # watches
          image: acme/side
      motd: |  # shown at login
        one
          two

      end: 'it''s'
"""
Change = Callable[[Any], object]


def changed(raw: bytes, change: Change, number: int = 0) -> bytes:
    """Change a document of a file."""
    wanted = copy.deepcopy(opened(raw, "a.yaml").documents()[number].data)
    change(wanted)
    return rewritten(raw, "a.yaml", number, wanted)


def lines(before: str, change: Change) -> list[str]:
    """List the lines that a change takes away and adds."""
    after = changed(before.encode(), change).decode()
    told = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in told if not line.startswith(("---", "+++", "@@"))]


def pod(data: Any) -> Any:
    return data["spec"]["template"]["spec"]


def app(data: Any) -> Any:
    return pod(data)["containers"][0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda d: d["spec"].update(replicas=5),
            ["-  replicas: 3  # agreed with ops", "+  replicas: 5  # agreed with ops"],
        ),
        (
            lambda d: d["spec"].update(replicas="5"),
            ["-  replicas: 3  # agreed with ops", '+  replicas: "5"  # agreed with ops'],
        ),
        (lambda d: d["spec"].update(paused=True), ["-  paused:   # never", "+  paused: true   # never"]),
        (lambda d: d["spec"].update(paused={"by": ["a", "1e3"]}), ["+    by:", "+      - a", '+      - "1e3"']),
        (lambda d: d["spec"].pop("replicas"), ["-  replicas: 3  # agreed with ops"]),
        (lambda d: d["spec"].update(minReadySeconds=10), ["+  minReadySeconds: 10"]),
        (
            lambda d: app(d).update(image="acme/shop:v2"),
            ['-          image: "acme/shop:v1"  # set by CI', '+          image: "acme/shop:v2"  # set by CI'],
        ),
        (
            lambda d: app(d)["env"].append({"name": "C", "value": "010"}),
            ["+            - name: C", '+              value: "010"'],
        ),
        (lambda d: app(d)["env"].pop(0), ['-            - {name: A, value: "1"}']),
        (
            lambda d: app(d)["env"][0].update(value="yes"),
            ['-            - {name: A, value: "1"}', '+            - {name: A, value: "yes"}'],
        ),
        (
            lambda d: app(d)["args"].append("x, y"),
            ["-          args: [serve, 'all']", "+          args: [serve, 'all', \"x, y\"]"],
        ),
        (lambda d: app(d)["args"].pop(0), ["-          args: [serve, 'all']", "+          args: ['all']"]),
        (lambda d: pod(d)["containers"].insert(0, {"name": "z"}), ["+        - name: z"]),
        (lambda d: pod(d)["containers"].pop(1), ["-        - name: side   # watches", "-          image: acme/side"]),
        (
            lambda d: pod(d)["containers"][1].pop("name"),
            ["-        - name: side   # watches", "-          image: acme/side", "+        - image: acme/side"],
        ),
        (lambda d: pod(d).update(motd="one\n  two\nthree\n"), ["+        three"]),
        (lambda d: pod(d).update(motd="two\n"), ["-        one", "-          two", "+        two"]),
        (
            lambda d: pod(d).update(motd="one"),
            [
                "-      motd: |  # shown at login",
                "+      motd: |-  # shown at login",
                "-          two",
            ],
        ),
        (lambda d: pod(d).update(end="that's"), ["-      end: 'it''s'", "+      end: 'that''s'"]),
        (lambda d: pod(d).update(end="a\nb"), ["-      end: 'it''s'", '+      end: "a\\nb"']),
        (
            lambda d: d["metadata"]["labels"].update({"x/y": "true"}),
            ["-metadata: {name: web, labels: {app: web}}", '+metadata: {name: web, labels: {app: web, x/y: "true"}}'],
        ),
        (
            lambda d: d["metadata"].pop("labels"),
            ["-metadata: {name: web, labels: {app: web}}", "+metadata: {name: web}"],
        ),
        (lambda d: app(d).pop("args"), ["-          args: [serve, 'all']"]),
    ],
)
def test_only_its_own_lines_change(change: Change, told: list[str]) -> None:
    """What is beside the field, or a comment behind it, is as before."""
    assert lines(FILE, change) == told


VALUES = [
    *("on", "0644", "0o10", "1e3", "1_000", "12:30", "~", "", "null", "2026-01-02", "=", "<<", "y", "No", ".inf"),
    *(
        " x",
        "x ",
        "- a",
        "a: b",
        "a #b",
        "#a",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a",
        "{a",
        "[a",
        "'",
        '"',
        "\\",
        "|",
        ">",
    ),
    *(
        "?",
        "-",
        ":",
        "1234567e8",
        "a\tb",
        "a\x7f",
        "\ufeffa",
        "a\u2028b",
        "\U0001f600",
        "é",
        "a\n",
        "\na",
        "a\n\n",
        "a\n b",
    ),
    *(3, 0.5, 1e21, -1, True, False, None, [], {}, ["on", {"a": 1}], {"on": "off", "1": {"~": []}}),
]


@pytest.mark.parametrize(
    "before",
    ["a: 1\n", "a: 'x'\n", 'a: "x"\n', "a: [b, 1]\n", "- a\n- a: x\n", '{"a": "x"}\n', "a: |\n  x\n", "a:\n- x\n"],
)
def test_any_value_is_read_as_it_was(before: str) -> None:
    """Text stays text, whatever it looks like, and a number a number, in whichever style stood there."""
    for value in VALUES:

        def change(data: Any, value: Any = value) -> None:
            (data[1] if isinstance(data, list) else data)["a"] = value

        (document,) = opened(changed(before.encode(), change), "a.yaml").documents()
        found = (document.data[1] if isinstance(document.data, list) else document.data)["a"]
        assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize("mark", [b"", "\ufeff".encode(), "\ufeff".encode("utf-16-le")[:2]])
def test_line_ends_and_marks_stay(mark: bytes) -> None:
    """A file from Windows comes back as one, in its own encoding."""
    encoding = "utf-16-le" if mark == b"\xff\xfe" else "utf-8"
    before = "a:\r\n  b: ü # c\r\n  d: |\r\n    x\r\n    y\r\n---\r\ne: 1\r\n"
    after = changed(mark + before.encode(encoding), lambda d: d["a"].update(b="ö", d="x\nz\n", f=[1]))
    wanted = "a:\r\n  b: ö # c\r\n  d: |\r\n    x\r\n    z\r\n  f:\r\n  - 1\r\n---\r\ne: 1\r\n"
    assert after == mark + wanted.encode(encoding)


def test_other_documents_are_not_looked_at() -> None:
    """Of three documents the third one changes, and an empty one does not count."""
    before = "a: 1\n---\n# nothing\n---\na: 1\n--- # here\na: 1\n...\n"
    assert (
        changed(before.encode(), lambda d: d.update(a=2), 2)
        == b"a: 1\n---\n# nothing\n---\na: 1\n--- # here\na: 2\n...\n"
    )


def test_json_stays_json() -> None:
    """Indented by tabs or not, keys and texts keep their quotes."""
    before = '{\n  "a": {"b": 1},\n  "c": [\n    "x"\n  ]\n}\n'
    after = changed(before.encode(), lambda d: (d["a"].update(b="on"), d["c"].append("y"), d.update(e=None)))
    assert after.decode() == '{\n  "a": {"b": "on"},\n  "c": [\n    "x",\n    "y"\n  ],\n  "e": null\n}\n'


def test_an_anchor_of_ones_own_stays() -> None:
    """Nobody else refers to it, so it can change where it stands."""
    assert changed(b"a: &x 1 # c\nb: &y\n  c: 2\n", lambda d: (d.update(a=2), d["b"].update(c=3))) == (
        b"a: &x 2 # c\nb: &y\n  c: 3\n"
    )


def test_what_is_written_out_behind_a_merge_counts() -> None:
    """A merged value is left to those who share it, and written out where it is to be another one."""
    before = b"x: &x {a: 1, b: 2}\nz:\n  <<: *x\n  c: 3\n"
    assert changed(before, lambda d: d["z"].update(a=5)) == before + b"  a: 5\n"


@pytest.mark.parametrize(
    ("before", "change", "why"),
    [
        ("a: &x 1\nb: *x\n", lambda d: d.update(a=2), "cannot change so that nothing else does"),
        ("a: &x 1\nb: *x\n", lambda d: d.update(b=2), "an alias stands for b"),
        ("a: &x {c: 1}\nb: *x\n", lambda d: d["b"].update(c=2), "an alias stands for b"),
        ("x: &x {a: 1}\nz:\n  <<: *x\n  c: 1\n", lambda d: d["z"].pop("a"), "`<<` merges a into line 3"),
        ("- a\n- *b\n", lambda d: d, "undefined alias"),
        ("a: !!str 1\nb: [*c\n", lambda d: d, "a.yaml:"),
    ],
)
def test_what_others_share_is_refused(before: str, change: Change, why: str) -> None:
    """An anchor's value is every alias's: it is not changed behind their backs, and the reason names it."""
    with pytest.raises(CannotWrite, match=why.replace("*", r"\*")):
        changed(before.encode(), change)
