"""Trees made to reach out: each ends in a sentence, or as plain files in the one folder that we write to."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pushboat.errors import CheckoutFailed
from pushboat.model.remote import Remote
from tests.checkout.upstream import Content, Link, Submodule, Upstream
from tests.rendering.conftest import environment
from workers.render.referring import referring
from workers.source import checkout

SHOP = "local/shop"
SECRET = "what only this machine knows"
PLAIN = environment("deploy")
Tree = Callable[[Upstream], str]


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A commit that is not checked out, and words of the sentence; `SECRET_FILE` stands for a file of this machine."""

    files: Mapping[str, Content]
    words: str


@dataclass(frozen=True, kw_only=True)
class Harmless:
    """A commit that is checked out, and which files come of it."""

    files: Mapping[str, Content]
    written: Sequence[str]
    include: tuple[str, ...] = ()


def below(files: Mapping[str, Content]) -> dict[str, Content]:
    return {f"deploy/{name}": content for name, content in files.items()}


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:../../../etc/passwd\nsize 1\n"
MODULES = '[submodule "x"]\n\tpath = vendor\n\turl = SECRET_FILE\n'
DEEP = "/".join("a" * 200)

REFUSED = {
    "a link to a file of this machine": Refused(
        files={"deploy/a.yaml": Link("SECRET_FILE")}, words="leads out of the repository"
    ),
    "a climb to a file of this machine": Refused(
        files={"deploy/a.yaml": Link("../" * 40 + "SECRET_FILE")}, words="leads out of the repository"
    ),
    "a climb that comes back": Refused(
        files={"deploy/a.yaml": Link("../../target/deploy/b.yaml"), "deploy/b.yaml": "b"},
        words="leads out of the repository",
    ),
    "a climb hidden behind a good link": Refused(
        files={"deploy/a": Link("../up"), "up": Link("x/../.."), "x/y": "y"}, words="up is a symbolic link"
    ),
    "a folder of this machine": Refused(files={"deploy/all": Link("/proc/self")}, words="leads out of the repository"),
    "git's own settings": Refused(files={"deploy/a.yaml": Link("../.git/config")}, words="into git's own folder"),
    "git's own settings, elsewhere": Refused(
        files={"deploy/a.yaml": Link("../.Git/modules/x/config")}, words="into git's own folder"
    ),
    "the name that Windows gives git's folder": Refused(
        files={"deploy/a.yaml": Link("../git~1/config")}, words="leads to nothing: git~1 is not in this commit"
    ),
    "a submodule whose address is a file of this machine": Refused(
        files={".gitmodules": MODULES, "vendor": Submodule(), "deploy/a": Link("../vendor")},
        words="into the submodule vendor, which Pushboat does not fetch",
    ),
    "a submodule whose update is a command": Refused(
        files={".gitmodules": f"{MODULES}\tupdate = !touch pwned\n", "deploy/a.yaml": "a"},
        words="git refuses what commit",
    ),
    "a name in another form of Unicode": Refused(
        files={"deploy/a.yaml": Link("../caf\u00e9.yaml"), "cafe\u0301.yaml": "a"},
        words="café.yaml is not in this commit",
    ),
    "a chart's first file": Refused(
        files={"deploy/Chart.yaml": Link("SECRET_FILE")}, words="deploy/Chart.yaml is a symbolic link"
    ),
    "a link of five megabytes": Refused(
        files={"deploy/a.yaml": Link("a" * (5 << 20))}, words="deploy/a.yaml is larger than 4 KiB"
    ),
    "more links than are followed": Refused(
        files=below({f"{number}.yaml": Link("../a") for number in range(1_500)}) | {"a": "a"},
        words="deploy leads over more than 1,000 symbolic links",
    ),
    "a link with a terminal's commands in its name": Refused(
        files={"deploy/\x1b]0;x\x07.yaml": Link("../a"), "a": "a"}, words=r"\x1b]0;x\x07.yaml' holds a control char"
    ),
    "a link that makes names too long": Refused(
        files={
            f"deploy/{DEEP}/x": Link("/".join([".."] * 201) + f"/far/{DEEP}"),
            f"far/{DEEP}/{DEEP}/{DEEP}/b.yaml": "b",
        },
        words="is longer than a file system can hold",
    ),
    "a pointer that names a file of this machine": Refused(
        files={"deploy/a.yaml": POINTER}, words="deploy/a.yaml:1: this is a Git LFS pointer"
    ),
    "the file that says which modules there are, as a link": Refused(
        files={"deploy/a.yaml": "a", ".gitmodules": Link("SECRET_FILE")}, words="git refuses what commit"
    ),
    "git's folder in letters that a file system ignores": Refused(
        files={"deploy/.g\u200cit/config": "x", "deploy/a.yaml": "a"}, words="git refuses what commit"
    ),
}

HARMLESS = {
    "names in two letters' sizes": Harmless(
        files=below({"A.yaml": "1", "a.yaml": "2"}), written=["deploy/A.yaml", "deploy/a.yaml"]
    ),
    "names in two forms of Unicode": Harmless(
        files=below({"caf\u00e9.yaml": "1", "cafe\u0301.yaml": "2"}),
        written=["deploy/cafe\u0301.yaml", "deploy/caf\u00e9.yaml"],
    ),
    "names of devices": Harmless(
        files=below({"CON.yaml": "1", "nul.yml": "2", "a.yaml:x.yaml": "3"}),
        written=["deploy/CON.yaml", "deploy/a.yaml:x.yaml", "deploy/nul.yml"],
    ),
    "names of options and commands": Harmless(
        files=below(
            {"--help.yaml": "1", "$(touch pwned).yaml": "2", "`id`.yml": "3", "*.yaml": "4", ":(top)a.yaml": "5"}
        ),
        written=[
            f"deploy/{name}" for name in ("$(touch pwned).yaml", "*.yaml", "--help.yaml", ":(top)a.yaml", "`id`.yml")
        ],
    ),
    "the files of a bare repository": Harmless(
        files=below({"objects/info/alternates": "SECRET_FILE", "HEAD": "ref: x", "config": "[core]", "a.yaml": "a"}),
        written=["deploy/a.yaml"],
    ),
    "attributes that filter and leave out": Harmless(
        files={
            ".gitattributes": "*.yaml export-ignore filter=x ident working-tree-encoding=UTF-16",
            "deploy/a.yaml": "$Id$",
        },
        written=["deploy/a.yaml"],
    ),
    "a pointer that nobody reads": Harmless(files=below({"a.yaml": "a", "b.bin": POINTER}), written=["deploy/a.yaml"]),
    "globs that explode over a deep folder": Harmless(
        files=below({f"{'a/' * 300}b.yaml": "b", "c.yaml": "c"}),
        include=("c.yaml", *["/".join(["**", "a"] * 9 + [f"x{number}"]) for number in range(29)]),
        written=["deploy/c.yaml"],
    ),
    "links astray that nobody reads": Harmless(
        files=below({"a.yaml": "a", "x.txt": Link("SECRET_FILE"), ".env": Link("SECRET_FILE")}),
        written=["deploy/a.yaml"],
    ),
}


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of this machine, beside of all that is checked out."""
    file = tmp_path / "secret.yaml"
    file.write_text(SECRET)
    return file


def pointed(files: Mapping[str, Content], secret: Path) -> dict[str, Content]:
    """Let what reaches for a file of this machine reach for this one."""

    def at(content: Content) -> Content:
        if isinstance(content, Link):
            return Link(content.target.replace("SECRET_FILE", str(secret)))
        return content.replace("SECRET_FILE", str(secret)) if isinstance(content, str) else content

    return {name: at(content) for name, content in files.items()}


@pytest.mark.parametrize("case", REFUSED)
def test_what_reaches_out_is_refused(
    case: str, upstream: Upstream, remote: Remote, caches: Path, target: Path, secret: Path
) -> None:
    """The commit fails in one readable sentence, nothing is written, and nothing of this machine is said."""
    sha = upstream.commit(pointed(REFUSED[case].files, secret))
    with pytest.raises(CheckoutFailed) as refused:
        checkout.check_out(caches, remote, SHOP, sha, "deploy", target, referring(PLAIN))
    summary = refused.value.summary
    assert REFUSED[case].words in summary
    assert SECRET not in f"{summary} {refused.value.details}"
    assert summary.isprintable()
    assert len(summary) < 500
    assert not [path for path in target.rglob("*") if path.is_file()]


@pytest.mark.parametrize("case", HARMLESS)
def test_what_only_looks_dangerous_is_plain_files(
    case: str, upstream: Upstream, remote: Remote, caches: Path, target: Path, secret: Path
) -> None:
    """Each file has the bytes of the commit, may not be run, and lies below the one folder."""
    before = {path for path in secret.parent.rglob("*") if caches not in path.parents}
    files = pointed(HARMLESS[case].files, secret)
    sha = upstream.commit(files)
    chosen = referring(replace(PLAIN, include=HARMLESS[case].include))
    out = checkout.check_out(caches, remote, SHOP, sha, "deploy", target, chosen)
    assert list(out.files) == sorted(HARMLESS[case].written)
    for file in out.files:
        assert (target / file).read_text() == files[file]
        assert not (target / file).is_symlink()
        assert not os.access(target / file, os.X_OK)
    written = {path for path in target.rglob("*") if not path.is_dir()}
    assert written == {target / file for file in out.files}
    strays = {path for path in secret.parent.rglob("*") if caches not in path.parents} - before
    assert not [path for path in strays if not path.is_relative_to(target) and not path.is_relative_to(upstream.path)
                and path != caches]  # fmt: skip


def _tree(lines: str) -> Tree:
    """Make a commit of a tree that is written line by line; BLOB stands for some file."""

    def make(upstream: Upstream) -> str:
        blob = upstream.git("hash-object", "-w", "--stdin", stdin=b"a: 1")
        raw = b"".join(
            f"{mode} {name}".encode() + b"\0" + bytes.fromhex(blob)
            for mode, name in (line.split(" ") for line in lines.splitlines())
        )
        tree = upstream.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=raw)
        root = upstream.git("mktree", stdin=f"040000 tree {tree}\tdeploy\n".encode())
        sha = upstream.git("-c", "user.name=a", "-c", "user.email=a@b", "commit-tree", root, "-m", "x")
        upstream.git("update-ref", "refs/heads/main", sha)
        return sha

    return make


@pytest.mark.parametrize(
    "lines",
    [
        "100644 a.yaml\n100644 a.yaml",
        "100644 b.yaml\n100644 a.yaml",
        "100644 a/b.yaml",
        "100644 ../a.yaml",
    ],
    ids=["a name twice", "names out of order", "a slash in a name", "a way up in a name"],
)
def test_a_tree_that_no_git_makes_is_refused(
    lines: str, upstream: Upstream, remote: Remote, caches: Path, target: Path
) -> None:
    """A tree written by hand is the commit's mistake, and nothing of it is written."""
    sha = _tree(lines)(upstream)
    with pytest.raises(CheckoutFailed):
        checkout.check_out(caches, remote, SHOP, sha, "deploy", target, referring(PLAIN))
    assert not [path for path in target.rglob("*") if path.is_file()]


@pytest.mark.parametrize("mode", ["100755", "100664"])
def test_a_files_mode_is_only_git_s(mode: str, upstream: Upstream, remote: Remote, caches: Path, target: Path) -> None:
    """What may be run there may not be run here."""
    sha = _tree(f"{mode} a.yaml")(upstream)
    out = checkout.check_out(caches, remote, SHOP, sha, "deploy", target, referring(PLAIN))
    assert (out.path / "a.yaml").read_text() == "a: 1"
    assert not os.access(out.path / "a.yaml", os.X_OK)
