"""`include` and `exclude` mean what git itself makes of such a line in .gitignore, and cost no more than a look."""

import random
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from pushboat.config.globs import LONGEST_GLOB, MOST_FOLDERS, MOST_GLOBS, Globs, glob

TREE = (
    "values.yaml", "a.yaml", "a.yml", "b.json", "app/a.yaml", "app/values.yaml", "app/x/a.yaml", "app/x/y/a.yaml",
    "x/app/a.yaml",
    "dashboards/cpu.json", "dashboards/deep/mem.json", "grün/ä.yaml", "a b/c d.yaml", ".hidden/a.yaml",
    ".dot.yaml", "y/x/y/x/a.yaml", "Values.yaml", "a/b/c/d/e/f.yaml", "a1.yaml", "a-b.yaml", "[x].yaml",
    "aa/aa/aaa.yaml",
)  # fmt: skip
KNOWN = (
    "values.yaml", "*.json", "/values.yaml", "app/values.yaml", "app", "app/", "app/*", "app/**", "app/**/a.yaml",
    "**/x", "**/x/", "**/*.yaml", "**", "**/", "/**", "*", "*/", "/*", "/*/", "a?.yaml", "a[0-9].yaml", "[!a]*.yaml",
    "app/**/**/**/a.yaml", "**/**", "a**", "**.yaml", "a**b*", "x/**/a.yaml", "*.y*ml", "values.yaml/", "a/b/c",
    "a/*/c", "a/**/f.yaml", "a b/*", "grün", "a?????", "nothing", "*/*/*", "**/y/**/x/**", "**/app/*", ".*", "aa",
    "[[]x].yaml", "a[ -]b*", "[a-b][{1]*", "a[-1].yaml", "a[1-].yaml", "[V-]alues.yaml",
)  # fmt: skip


def ignored_by_git(folder: Path, glob: str, paths: Sequence[str]) -> set[str]:
    """Ask git which paths a line of .gitignore takes."""
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / ".git/info/exclude").write_text(f"{glob}\n")
    asked = "".join(f"{path}\0" for path in paths).encode()
    done = subprocess.run(
        ["git", "-C", str(folder), "check-ignore", "--no-index", "-z", "--stdin"], input=asked, capture_output=True
    )
    assert done.returncode in (0, 1), done.stderr
    return {path for path in done.stdout.decode().split("\0") if path}


def ours(written: str, paths: Sequence[str]) -> set[str]:
    """Say which paths our own reading takes."""
    taken = Globs([glob(written)])
    return {path for path in paths if taken.match(path)}


@pytest.mark.parametrize("written", KNOWN)
def test_a_glob_means_what_git_makes_of_it(written: str, tmp_path: Path) -> None:
    """Whoever knows .gitignore knows `include` and `exclude`."""
    assert ours(written, TREE) == ignored_by_git(tmp_path, written, TREE)


@pytest.mark.parametrize("seed", range(10))
def test_whatever_is_made_up_means_the_same(seed: int, tmp_path: Path) -> None:
    """Also globs that nobody would write."""
    made = random.Random(seed)
    names = ("a", "b", "ab", "a.yaml", "b.yaml", "aab")
    paths = sorted({"/".join(made.choices(names, k=made.randint(1, 5))) for _ in range(300)})
    words = ("*", "**", "a", "b", "a*", "*b", "?", "a?b", "[ab]", "[!a]*", "*.yaml", "**b", "a*a*b")
    for _ in range(8):
        written = "/".join(made.choices(words, k=made.randint(1, 5)))
        written = made.choice(("", "", "/")) + written + made.choice(("", "", "/"))
        assert ours(written, paths) == ignored_by_git(tmp_path, written, paths), written


def test_a_letter_is_a_letter() -> None:
    """The one difference: git counts bytes, so that its `?` is half of an umlaut."""
    assert ours("gr?n", TREE) == {"grün/ä.yaml"}
    assert ours("[!a-z].yaml", TREE) == {"grün/ä.yaml"}


def test_more_folders_than_are_remembered_are_told_as_few_are() -> None:
    """Globs may live as long as a worker: what they forget of a stranger's folders, they find out again."""
    globs = Globs(["kept/**/a.yaml"])
    folders = [f"f{number}/g/h" for number in range(MOST_FOLDERS)]
    assert all(globs.match(f"kept/{each}/a.yaml") for each in folders)
    assert not any(globs.match(f"{each}/a.yaml") for each in folders)
    assert globs.match(f"kept/{folders[0]}/a.yaml")


def test_any_of_them_is_enough() -> None:
    """A list takes what one of its globs takes, and an empty one takes nothing."""
    taken = Globs(["values.yaml", "dashboards/"])
    assert [path for path in TREE if taken.match(path)] == [
        "values.yaml", "app/values.yaml", "dashboards/cpu.json", "dashboards/deep/mem.json",
    ]  # fmt: skip
    assert not Globs([])
    assert not Globs([]).match("values.yaml")


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/".join(["**", "a"] * 10), "/".join(["a"] * 500 + ["b"])),
        ("/".join(["**"] * 20), "/".join(["a"] * 512)),
        ("*a" * 99 + "b", "a" * 255),
        ("?" * 100 + "*" * 99, "a" * 255),
        ("*[ab]" * 40, "c" + "a" * 254),
        ("*" * 200, "a" * 255),
    ],
)
def test_no_glob_takes_long(written: str, path: str) -> None:
    """What takes other readers of globs years is answered at once, as many globs as there may be about many files."""
    taken = Globs([glob(written)] * MOST_GLOBS)
    for number in range(2_000):
        taken.match(f"{path}{number}")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "must be globs"),
        (" ", "must be globs"),
        ("values.yaml ", "must be globs"),
        ("a\nb", "must be globs"),
        ("a\\*", "must be globs"),
        ("a\u202eb", "must be globs"),
        ("!values.yaml", "takes no '!'"),
        ("#values.yaml", "takes no '#'"),
        ("*.{yaml,json}", "takes no braces: write a glob for each"),
        ("a[", "one of some characters only"),
        ("[]a]", "one of some characters only"),
        ("[!^a]", "one of some characters only"),
        ("[^a]", "one of some characters only"),
        ("[[:alpha:]]", "one of some characters only"),
        ("[a/b]", "one of some characters only"),
        ("../*", "must stay inside the folder"),
        ("a/../b", "must stay inside the folder"),
        ("./a", "must stay inside the folder"),
        ("a//b", "must stay inside the folder"),
        ("/", "must stay inside the folder"),
        ("a" * (LONGEST_GLOB + 1), "at most 200 characters"),
        ("a/" * 20 + "a", "20 names"),
    ],
)
def test_what_others_read_differently_is_refused(written: str, words: str) -> None:
    """A sign that means one thing here and another there gets a sentence, not a guess."""
    with pytest.raises(ValueError, match=words):
        glob(written)
