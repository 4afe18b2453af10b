"""Where a link leads is what git itself says, and what leads anywhere else is refused in a sentence."""

import posixpath
import random
from pathlib import Path

import pytest

from pushboat.errors import CheckoutFailed
from tests.checkout.upstream import Content, Link, Submodule, Upstream
from workers.source.git.entry import Entry
from workers.source.links import Astray, Links

FILE, FOLDER, LINK, SUBMODULE = "100644", "040000", "120000", "160000"


def links_of(files: dict[str, Content]) -> Links:
    """Give the links of a commit that is made of text."""
    entries: dict[str, Entry] = {}
    for path, content in files.items():
        mode = {Link: LINK, Submodule: SUBMODULE}.get(type(content), FILE)
        entries[path] = Entry(mode, path, path)
        while path := posixpath.dirname(path):
            entries[path] = Entry(FOLDER, path, path)

    def names(folder: str) -> list[str]:
        return [posixpath.basename(path) for path in entries if posixpath.dirname(path) == folder]

    def target(entry: Entry) -> bytes:
        content = files[entry.path]
        assert isinstance(content, Link)
        return content.target.encode("utf-8", "surrogateescape")

    return Links(entries.get, names, target)


TREE: dict[str, Content] = {
    "shared/app.yaml": "a",
    "shared/deep/x.yaml": "x",
    "file": Link("shared/app.yaml"),
    "folder": Link("shared"),
    "deploy/a.yaml": Link("../shared/app.yaml"),
    "deploy/up": Link(".."),
    "deploy/two": Link("../folder/deep"),
    "deploy/three": Link("./two//x.yaml"),
    "deploy/slash": Link("../shared/"),
    "deploy/back": Link("../shared/deep/../app.yaml"),
    "deploy/linked-back": Link("two/../app.yaml"),
    "deploy/again": Link("up/folder/../folder/app.yaml"),
    "deploy/dot": Link("."),
    "deploy/dots": Link("./dot/./."),
}
LED = {
    "": ("", ()),
    "shared": ("shared", ()),
    "nowhere/at/all": ("nowhere", ()),
    "file": ("shared/app.yaml", ("file",)),
    "folder/deep/x.yaml": ("shared/deep/x.yaml", ("folder",)),
    "deploy/a.yaml": ("shared/app.yaml", ("deploy/a.yaml",)),
    "deploy/up": ("", ("deploy/up",)),
    "deploy/up/deploy/up/folder": ("shared", ("deploy/up", "deploy/up", "folder")),
    "deploy/three": ("shared/deep/x.yaml", ("deploy/three", "deploy/two", "folder")),
    "deploy/slash": ("shared", ("deploy/slash",)),
    "deploy/back": ("shared/app.yaml", ("deploy/back",)),
    "deploy/linked-back": ("shared/app.yaml", ("deploy/linked-back", "deploy/two", "folder")),
    "deploy/dot": ("deploy", ("deploy/dot",)),
    "deploy/dots/a.yaml": ("shared/app.yaml", ("deploy/dots", "deploy/dot", "deploy/a.yaml")),
    "deploy/again": ("shared/app.yaml", ("deploy/again", "deploy/up", "folder", "folder")),
}


@pytest.mark.parametrize("path", LED)
def test_a_path_leads_over_its_links(path: str) -> None:
    """A link counts from its own folder, wherever on the way it stands."""
    led = links_of(TREE).lead(path)
    assert (led.path, led.links) == LED[path]
    assert (led.entry is None) == (path in ("", "nowhere/at/all", "deploy/up"))


ASTRAY: dict[str, tuple[dict[str, Content], str]] = {
    "absolute": ({"a": Link("/etc/passwd")}, "a is a symbolic link (to /etc/passwd) that leads out of the repository"),
    "above the root": ({"a": Link("../x")}, "(to ../x) that leads out of the repository"),
    "above the root and back": ({"a": Link("x/../../shop/x"), "x/y": "y"}, "that leads out of the repository"),
    "git's folder": ({"a": Link(".git/config")}, "that leads into git's own folder"),
    "git's folder in other letters": ({"d/a": Link("../.GIT/hooks/x")}, "that leads into git's own folder"),
    "nothing": ({"a": Link("b")}, "a is a symbolic link (to b) that leads to nothing: b is not in this commit:"),
    "nothing at the end": (
        {"a": Link("b"), "b": Link("c/d"), "c/e": ""},
        "b is a symbolic link (to c/d) that leads to nothing",
    ),
    "other letters": (
        {"a": Link("Base.yaml"), "base.yaml": ""},
        "in this commit (base.yaml is: capital letters count)",
    ),
    "through a file": ({"a": Link("b/c"), "b": ""}, "that leads through b, which is a file"),
    "a file with a slash": ({"a": Link("b/"), "b": ""}, "that leads through b, which is a file"),
    "a submodule": (
        {"a": Link("lib"), "lib": Submodule()},
        "leads into the submodule lib, which Pushboat does not fetch",
    ),
    "in a submodule": ({"a": Link("lib/x"), "lib": Submodule()}, "that leads into the submodule lib"),
    "itself": ({"a": Link("a")}, "a is a symbolic link (to a) that leads in a circle"),
    "each other": ({"a": Link("b"), "b": Link("a")}, "that leads in a circle"),
    "through itself": ({"a": Link("a/b")}, "that leads in a circle"),
    "a long way": (
        {**{f"l{step}": Link(f"l{step + 1}") for step in range(50)}, "a": Link("l0"), "l50": "x"},
        "that leads over more than 40 links",
    ),
    "no words": ({"a": Link("")}, "that leads nowhere"),
    "a newline": ({"a": Link("b\nc"), "b\nc": ""}, r"(to b\nc) that leads to a name that no file can have"),
    "a NUL": ({"a": Link("b\0")}, r"(to b\x00) that leads to a name that no file can have"),
    "no UTF-8": ({"a": Link("\udcff")}, r"(to \xff) that leads to a name that no file can have"),
    "a very long name": ({"a": Link("b" * 4096)}, "…) that leads to nothing: bbbb"),
}


@pytest.mark.parametrize("case", ASTRAY)
def test_what_leads_astray_is_named_with_its_target(case: str) -> None:
    """The sentence has the link, what it says, where that leads and what to do."""
    files, words = ASTRAY[case]
    with pytest.raises(Astray) as refused:
        links_of(files).lead("a" if "a" in files else "d/a")
    assert words in refused.value.summary
    assert refused.value.summary.endswith(": commit the file itself, or correct the link")
    assert refused.value.summary.isprintable()
    assert len(refused.value.summary) < 400


def test_a_path_without_links_cannot_lead_out() -> None:
    """Dots of the path itself are no way out either."""
    with pytest.raises(CheckoutFailed, match=r"'\.\.' is above the repository"):
        links_of(TREE).lead("shared/../..")


@pytest.mark.parametrize("seed", range(12))
def test_git_follows_them_the_same_way(seed: int, upstream: Upstream) -> None:
    """Links made up at random lead where `git cat-file --follow-symlinks` finds what they lead to."""
    made = random.Random(seed)
    folders = ("", "a/", "a/b/", "c/")
    files: dict[str, Content] = {f"{folder}{name}": f"{folder}{name}" for folder in folders for name in "xy"}
    words = ("..", "a", "b", "c", "x", "l0", "l1", "l2", "l3", "nothing")  # of "" and "." it is unsure itself
    for number in range(12):
        target = "/".join(made.choices(words, k=made.randint(1, 4)))
        files[f"{made.choice(folders)}l{number % 4}"] = Link(target)
    sha = upstream.commit(files)
    asked = [f"{folder}{name}" for folder in folders for name in ("x", "l0", "l1", "l2", "l3", "l0/x", "l1/b", "l2/l3")]
    stdin = "".join(f"{sha}:{path}\n" for path in asked).encode()
    said = upstream.git("cat-file", "--batch-check=%(objectname)", "--follow-symlinks", stdin=stdin)
    found = dict(zip(asked, _answers(said), strict=True))
    links = links_of(files)
    for path in asked:
        try:
            led = links.lead(path)
            ours = upstream.git("rev-parse", f"{sha}:{led.path}") if led.entry or not led.path else ""
            ours = "" if led.entry and led.entry.is_file and led.path != path and not led.links else ours
        except Astray:
            ours = ""
        assert ours == found[path], (path, files)


def _answers(said: str) -> list[str]:
    """Give the object of each answer, "" for all words that say that there is none; some take a second line."""
    lines, answers = iter(said.split("\n")), []
    for line in lines:
        words = line.split(" ")
        answers.append(words[0] if len(words) == 1 and len(words[0]) == 40 else "")
        if words[0] in ("symlink", "dangling", "loop", "notdir") and words[-1].isdigit():
            next(lines)
    return answers


def test_nothing_is_read_twice(tmp_path: Path) -> None:
    """A link that many paths lead over is asked of git once."""
    asked: list[str] = []
    entries = {"l": Entry(LINK, "1", "l"), "d": Entry(FOLDER, "2", "d"), "d/x": Entry(FILE, "3", "d/x")}
    links = Links(entries.get, lambda _: (), lambda entry: (asked.append(entry.path), b"d")[1])
    assert [links.lead("l/x").path for _ in range(3)] == ["d/x"] * 3
    assert asked == ["l"]
