"""The diff is one that git applies, and shows no line of a Secret, not even beside a change."""

import random
import subprocess
from pathlib import Path

import pytest

from workers.manifests.secret_lines import secret_lines
from workers.writing_back.diffing import diff_of, is_bare

SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData:\n  password: hunter2\n"


def git(folder: Path, *words: str, given: str = "") -> None:
    """Run git in a folder."""
    subprocess.run(["git", *words], cwd=folder, input=given.encode(), check=True, capture_output=True)


@pytest.mark.programs
def test_git_applies_it(tmp_path: Path) -> None:
    """Of files that come and that change, with and without a last line end, of any line ends, under odd names."""
    chance = random.Random(7)
    git(tmp_path, "init", "-q")
    before: dict[str, bytes | None] = {}
    after: dict[str, bytes] = {}
    for number in range(40):
        file = chance.choice(["a{}.yaml", "deep/ü {}.yaml", 'q"{}.yaml']).format(number)
        end = chance.choice([b"\n", b"\r\n"])
        lines = [b"%d: x\xc2\x85y" % chance.randrange(9) for _ in range(chance.randrange(30))]
        new = [line for line in lines if chance.random() < 0.9] + [b"z"] * chance.randrange(2)
        new = [b"changed" if chance.random() < 0.1 else line for line in new]
        last = chance.choice([b"", end])
        before[file] = None if chance.random() < 0.2 else end.join(lines) + last
        after[file] = end.join(new) + chance.choice([b"", last])
        if (raw := before[file]) is not None:
            (tmp_path / file).parent.mkdir(exist_ok=True)
            (tmp_path / file).write_bytes(raw)
        elif not after[file]:
            del before[file], after[file]
    git(tmp_path, "apply", "-", given=diff_of(before, after, {}))
    assert {file: (tmp_path / file).read_bytes() for file in after} == after


@pytest.mark.parametrize(
    "text",
    [
        f"a: 1\n---\n{SECRET}",
        f"{SECRET}---\na: 1\n",
        "a: 1\nsecretGenerator:\n- name: key\n  literals: [password=hunter2]\n",
        "a: 1\npatches:\n- target: {kind: Secret}\n  patch: |-\n    - op: add\n      value: hunter2\n",
        f"a: 1\npatches:\n- patch: |-\n    {SECRET.replace(chr(10), chr(10) + '    ')}\n",
        f"- {SECRET.replace(chr(10), chr(10) + '  ')}\n- a: 1\n",
        '{"kind": "List", "items": [\n{"a": 1},\n{"kind": "Secret", "data": {"p": "hunter2"}}]}\n',
    ],
    ids=["before", "behind", "generator", "step", "patch", "list", "json"],
)
def test_no_line_of_a_secret_is_shown(text: str) -> None:
    """What stands three lines from a change is printed with it, unless it is a Secret's."""
    raw = text.encode()
    shown = diff_of({"a.yaml": raw}, {"a.yaml": raw.replace(b"a: 1", b"a: 2").replace(b'"a": 1', b'"a": 2')}, {})
    assert "hunter2" not in shown
    assert "\n@@ " in shown


def test_a_hunk_without_lines_around_it_is_told() -> None:
    """Git wants to be told, before it applies one."""
    raw = f"a: 1\nsecretGenerator:\n- name: key\nb: {{kind: Secret}}\n{SECRET}".encode()
    bare = diff_of({"a.yaml": b"a: 1\n---\n"}, {"a.yaml": b"a: 2\n---\n"}, {})
    assert not is_bare(bare)
    assert is_bare(diff_of({"a.yaml": raw}, {"a.yaml": raw.replace(b"a: 1", b"a: 2")}, {}))
    assert not is_bare("")


def test_what_is_no_secret_has_lines_around_it() -> None:
    """A file without one is shown as git shows it."""
    text = "".join(f"k{number}: {number}\n" for number in range(9)).encode()
    assert secret_lines(text, "a.yaml") == frozenset()
    told = diff_of({"a.yaml": text}, {"a.yaml": text.replace(b"k4: 4", b"k4: x")}, {"a.yaml": "100755"}).splitlines()
    assert told[1].endswith(" 100755")
    assert told[4:] == [
        "@@ -2,7 +2,7 @@",
        " k1: 1",
        " k2: 2",
        " k3: 3",
        "-k4: 4",
        "+k4: x",
        " k5: 5",
        " k6: 6",
        " k7: 7",
    ]
