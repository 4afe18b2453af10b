"""A push that leaves a closure's roots as they are changed nothing that is read: nothing is untouched wrongly."""

import random

import pytest

from pushboat.errors import CheckoutFailed
from pushboat.model.remote import Remote
from tests.checkout.upstream import Content, Link, Submodule, Upstream
from tests.rendering.conftest import environment
from workers.render.referring import referring
from workers.source.closure import Closure, gather
from workers.source.git import trees
from workers.source.git.command import Repository
from workers.source.git.entry import Entry
from workers.source.git.remotes import access

FOLDERS = ("deploy/", "deploy/a/", "shared/", "shared/b/", "base/", "base/c/", "", "docs/", "other/")
NAMES = ("x.yaml", "y.yaml", "kustomization.yaml", "l", "m", "n.yaml", "z.txt")
TARGETS = (
    "..",
    "../shared",
    "../base",
    "b",
    "c",
    "x.yaml",
    "../x.yaml",
    "../../shared/b",
    "l",
    "../base/l",
    "deploy",
    "base",
)
NAMED = ("../base", "a", "l", "x.yaml", "../shared/b", "../shared/m", "l/c", "../l")


def made_up(made: random.Random, name: str) -> Content:
    """Give a file, a link or a kustomization, as its name has it."""
    if name == "kustomization.yaml":
        return f"resources: [{', '.join(made.sample(NAMED, made.randint(0, 3)))}]\n"
    if name in ("l", "m", "n.yaml") or made.random() < 0.1:
        return Link(made.choice(TARGETS))
    return f"a: {made.randint(0, 3)}\n"


def change(files: dict[str, Content], made: random.Random) -> dict[str, Content]:
    """Add, change, move or remove one file."""
    path = made.choice(FOLDERS) + made.choice(NAMES)
    changed = {name: content for name, content in files.items() if not name.startswith(f"{path}/")}
    if made.random() < 0.3:
        changed.pop(path, None)
    else:
        changed[path] = made_up(made, path.rpartition("/")[2])
    return changed or files


def closure_of(cached: Repository, sha: str, place: str) -> Closure | str:
    try:
        return gather(cached, sha, (place,), referring(environment(place)))
    except CheckoutFailed as refused:
        return str(refused)


@pytest.mark.parametrize("seed", range(8))
def test_what_has_equal_roots_is_equal(seed: int, upstream: Upstream) -> None:
    """Whatever changed: links, what they lead to, folders that become links, bases, files beside."""
    made = random.Random(seed)
    cached = Repository(upstream.path, access(Remote(url=str(upstream.path))))
    files: dict[str, Content] = {"deploy/x.yaml": "a: 1\n", "base/kustomization.yaml": "resources: [x.yaml]\n"}
    known: dict[str, Closure | str] = {}
    untouched = 0
    for _ in range(16):
        changed = change(files, made)
        sha = upstream.commit(changed)
        now = {place: closure_of(cached, sha, place) for place in ("deploy", "base")}
        for place, before in known.items():
            if isinstance(before, Closure) and roots_at(cached, sha, before) == dict(before.roots):
                after = now[place]
                assert isinstance(after, Closure), (changed, after)
                assert (after.content, after.roots) == (before.content, before.roots), changed
                untouched += 1
        if not known or any(isinstance(each, Closure) for each in now.values()):
            files, known = changed, now
    assert untouched > 1, "some changes are somewhere else"


IN_VAIN: dict[str, tuple[dict[str, Content], dict[str, Content]]] = {
    "to nothing": ({"z.txt": Link("../data/late.txt")}, {"data/late.txt": "late"}),
    "to nothing, in a folder that is not there either": ({"z.txt": Link("../no/where.txt")}, {"no/where.txt": "late"}),
    "to nothing, over a link": (
        {"z.txt": Link("../data/on"), "data/on": Link("late.txt")},
        {"data/late.txt": "late"},
    ),
    "through a file": ({"z.txt": Link("../data/a/late.txt"), "data/a": "a"}, {"data/a/late.txt": "late"}),
    "into a submodule": (
        {"z.txt": Link("../data/a/late.txt"), "data/a": Submodule("1" * 40)},
        {"data/a/late.txt": "late"},
    ),
    "in a circle": (
        {"z.txt": Link("../data/a"), "data/a": Link("b"), "data/b": Link("a")},
        {"data/b": "late"},
    ),
    "out of the repository": ({"z.txt": Link("../data/a"), "data/a": Link("../..")}, {"data/a": "late"}),
    "to an address of this machine": ({"z.txt": Link("../data/a"), "data/a": Link("/etc")}, {"data/a": "late"}),
    "into git's own folder": ({"z.txt": Link("../data/a"), "data/a": Link(".git/x")}, {"data/a": "late"}),
    "to where it lies itself": ({"z.txt": Link("../data/a"), "data/a": Link("../deploy")}, {"data/a": "late"}),
}


@pytest.mark.parametrize("case", IN_VAIN)
def test_where_a_link_led_in_vain_is_a_root(case: str, upstream: Upstream) -> None:
    """A link that nobody could follow may lead somewhere tomorrow, by a commit that touches nothing else of mine."""
    cached = Repository(upstream.path, access(Remote(url=str(upstream.path))))
    before, later = ({mine(path): content for path, content in files.items()} for files in IN_VAIN[case])
    closure = closure_of(cached, upstream.commit({"deploy/kustomization.yaml": "", **before}), "deploy")
    assert isinstance(closure, Closure)
    assert list(closure.left_out) == ["deploy/z.txt"]
    rest = {path: content for path, content in before.items() if not any(each.startswith(f"{path}/") for each in later)}
    sha = upstream.commit({"deploy/kustomization.yaml": "", **rest, **later})
    assert "deploy/z.txt" in {entry.path for entry in closure_files(cached, sha)}
    assert roots_at(cached, sha, closure) != dict(closure.roots)


def mine(path: str) -> str:
    return f"deploy/{path}" if path == "z.txt" else path


def closure_files(cached: Repository, sha: str) -> tuple[Entry, ...]:
    found = closure_of(cached, sha, "deploy")
    assert isinstance(found, Closure), found
    return found.files


def roots_at(cached: Repository, sha: str, closure: Closure) -> dict[str, str]:
    """Look up what stands at each root in another commit, without following anything."""
    paths = [root for root in closure.roots if root]
    listed = cached.git("ls-tree", "-z", "-t", "--full-tree", sha, "--", *paths).stdout.decode() if paths else ""
    found = {}
    for line in listed.split("\0")[:-1]:
        described, _, path = line.partition("\t")
        mode, _, oid = described.split(" ")
        found[path] = Entry(mode, oid, path).named
    if "" in closure.roots:
        found[""] = trees.name_of(cached, sha)
    return {root: found.get(root, "") for root in closure.roots}
