"""What a symbolic link leads to inside of the repository is checked out under the link's own path, as a plain file."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from pushboat.config.environment import Environment
from pushboat.errors import CheckoutFailed
from pushboat.model.remote import Remote
from tests.checkout.upstream import Content, Link, SmartHttp, Submodule, Upstream
from tests.rendering.conftest import environment
from workers.render import plain
from workers.render.referring import REFERENCES, referring
from workers.source import checkout
from workers.source.checkout import CheckedOut

SHOP = "local/shop"
CheckOut = Callable[..., CheckedOut]


@pytest.fixture
def checked_out(upstream: Upstream, remote: Remote, caches: Path, target: Path) -> CheckOut:
    """Commit files and check a place of them out: for an environment, or with everything that lies there."""

    def act(files: Mapping[str, Content], place: str = "deploy", of: Environment | None = None) -> CheckedOut:
        sha = upstream.commit(files)
        known = referring(of) if of else REFERENCES
        out = checkout.check_out(caches, remote, SHOP, sha, place, target / sha, known)
        written = list(out.root.rglob("*"))
        assert not [path for path in written if path.is_symlink()]
        assert {str(path.relative_to(out.root)) for path in written if path.is_file()} == set(out.files)
        return out

    return act


PLAIN = environment("deploy")


def test_links_to_files_folders_and_links_are_followed(checked_out: CheckOut) -> None:
    """Shared files appear where the links stand, with what is behind every link on the way."""
    out = checked_out(
        {
            "shared/a.yaml": "a: 1",
            "shared/folder/b.yaml": "b: 1",
            "shared/folder/again": Link("../more"),
            "shared/more/c.yaml": "c: 1",
            "current": Link("shared"),
            "deploy/own.yaml": "own: 1",
            "deploy/a.yaml": Link("../current/a.yaml"),
            "deploy/all": Link("../current/folder"),
            "deploy/v1.2": Link("../shared/more"),
            "deploy/README.md": Link("../README.md"),
            "README.md": "read me",
        },
        of=PLAIN,
    )
    assert out.files == (
        "deploy/a.yaml", "deploy/all/again/c.yaml", "deploy/all/b.yaml", "deploy/own.yaml", "deploy/v1.2/c.yaml",
    )  # fmt: skip
    assert (out.path / "all/again/c.yaml").read_text() == "c: 1"
    assert out.linked["deploy/all/again/c.yaml"] == "shared/more/c.yaml"
    assert {"current", "shared/a.yaml", "shared/folder", "shared/more", "deploy"} <= set(out.roots)


@pytest.mark.parametrize("place", ["envs/staging", "envs/staging/"])
def test_the_way_to_the_path_may_lead_over_links(place: str, checked_out: CheckOut) -> None:
    """`path` may be a link, and lead over one; messages name the path as it is written."""
    out = checked_out({"envs": Link("k8s/envs"), "k8s/envs/staging": Link("../v2"), "k8s/v2/a.yaml": "a"}, place, PLAIN)
    assert (out.folder, out.files) == ("envs/staging", ("envs/staging/a.yaml",))
    assert out.linked == {"envs/staging/a.yaml": "k8s/v2/a.yaml"}
    assert {"envs", "k8s/envs/staging", "k8s/v2"} <= set(out.roots)


def test_a_path_over_a_link_that_leads_astray_is_refused(checked_out: CheckOut) -> None:
    """Whether the path is that link, or goes over it."""
    for place, target in (("deploy", "../etc"), ("deploy/staging", "/etc")):
        with pytest.raises(CheckoutFailed, match=r"deploy is a symbolic link \(to .*etc\) that leads out of the repos"):
            checked_out({"deploy": Link(target), "a": "b"}, place, PLAIN)


def test_links_in_bases_lead_where_kustomize_goes(checked_out: CheckOut) -> None:
    """A base that is a link, and a file of it that is one, come along; so does what the base itself builds on."""
    out = checked_out(
        {
            "overlay/kustomization.yaml": "resources: [base, ../plain]\n",
            "overlay/base": Link("../bases/shop"),
            "overlay/shop.properties": Link("../shared/shop.properties"),
            "shared/shop.properties": "a=1",
            "bases/shop/kustomization.yaml": "resources: [../common, a.yaml]\n",
            "bases/shop/a.yaml": Link("../../shared/a.yaml"),
            "shared/a.yaml": "a: 1",
            "bases/common/kustomization.yaml": "resources: [c.yaml]\n",
            "bases/common/c.yaml": "c: 1",
            "plain": Link("bases/common"),
        },
        "overlay",
    )
    assert out.files == (
        "overlay/base/a.yaml",
        "overlay/base/kustomization.yaml",
        "overlay/common/c.yaml",
        "overlay/common/kustomization.yaml",
        "overlay/kustomization.yaml",
        "overlay/shop.properties",
        "plain/c.yaml",
        "plain/kustomization.yaml",
    )
    assert out.linked["overlay/common/c.yaml"] == "bases/common/c.yaml"


def test_a_linked_base_whose_neighbour_is_another_here_is_refused(checked_out: CheckOut) -> None:
    """kustomize would go to the link's target and on from there: building on what stands here would be a lie."""
    with pytest.raises(
        CheckoutFailed, match=r"overlay/base/kustomization\.yaml is reached over a symbolic link and mea"
    ):
        checked_out(
            {
                "overlay/kustomization.yaml": "resources: [base]\n",
                "overlay/base": Link("../bases/shop"),
                "overlay/common/kustomization.yaml": "resources: [mine.yaml]\n",
                "bases/shop/kustomization.yaml": "resources: [../common]\n",
                "bases/common/kustomization.yaml": "resources: [theirs.yaml]\n",
            },
            "overlay",
        )


CIRCLES: dict[str, Mapping[str, Content]] = {
    "to its own folder": {"deploy/a.yaml": "a", "deploy/x": Link(".")},
    "to the root": {"deploy/a.yaml": "a", "deploy/x": Link("..")},
    "to each other's folder": {"deploy/x": Link("../b"), "b/y": Link("../c"), "c/z": Link("../b"), "b/a.yaml": "a"},
    "deep": {"deploy/x": Link("../b"), "b/c/d/y": Link("../../../b/c"), "b/a.yaml": "a"},
}


@pytest.mark.parametrize("case", CIRCLES)
def test_a_folder_that_would_be_in_itself_is_refused(case: str, checked_out: CheckOut) -> None:
    """A circle of folders has no end, and is named by the link that closes it."""
    with pytest.raises(CheckoutFailed, match=r"is a symbolic link \(to .*\) that leads in a circle: .* what led there"):
        checked_out(CIRCLES[case], of=PLAIN)


def test_what_nobody_reads_may_lead_anywhere(checked_out: CheckOut) -> None:
    """A link that a choice leaves out, that is hidden or that is no manifest, stops nothing."""
    chosen = replace(PLAIN, exclude=("old/", "bad.yaml"))
    files = {"a.yaml": "a", "old/x.yaml": Link("/etc"), "bad.yaml": Link("/etc"), ".x": Link("/"), "a.png": Link("no")}
    out = checked_out({f"deploy/{name}": content for name, content in files.items()}, of=chosen)
    assert (out.files, out.chosen_out) == (("deploy/a.yaml",), ("deploy/bad.yaml", "deploy/old/"))
    shallow = replace(PLAIN, recurse=False)
    out = checked_out(
        {"deploy/b.yaml": "b", "deploy/x/y": Link("/etc"), "deploy/z": Link("../s"), "s/z.yaml": ""}, of=shallow
    )
    assert out.files == ("deploy/b.yaml",)


def test_links_that_multiply_have_an_end(checked_out: CheckOut) -> None:
    """Twenty folders of two links each stand for a million folders, and end with a sentence."""
    files: dict[str, Content] = {"deploy/x": Link("../d0"), "d20/a.yaml": "a"}
    for step in range(20):
        files |= {f"d{step}/{name}": Link(f"../d{step + 1}") for name in "xy"}
    with pytest.raises(CheckoutFailed, match="deploy leads over more than 1,000 symbolic links"):
        checked_out(files, of=PLAIN)


def test_links_to_one_large_folder_count_each_time(checked_out: CheckOut) -> None:
    """A folder of 600 files that ten links lead to is 6,000 files."""
    files: dict[str, Content] = {f"big/{number}.yaml": "" for number in range(600)}
    with pytest.raises(CheckoutFailed, match="deploy holds more than 5,000 files"):
        checked_out({**files, **{f"deploy/l{number}": Link("../big") for number in range(10)}}, of=PLAIN)


def test_a_link_into_a_submodule_says_so(checked_out: CheckOut) -> None:
    """What lies in another repository is not fetched, also where a link leads there."""
    with pytest.raises(
        CheckoutFailed, match=r"deploy/lib is a .* leads into the submodule vendor, which Pushboat does no"
    ):
        checked_out({"deploy/lib": Link("../vendor/lib"), "vendor": Submodule()}, of=PLAIN)


def test_one_file_under_two_names_is_said(checked_out: CheckOut) -> None:
    """Nobody is left to wonder why an object is defined twice."""
    manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
    for files, words in (
        (
            {"deploy/v2/a.yaml": manifest, "deploy/current": Link("v2")},
            r"deploy/current/a\.yaml:1: .* same file as deploy/v2/a\.yaml, .* `exclude: \[\"current/\"\]` to staging",
        ),
        (
            {"shared/a.yaml": manifest, "deploy/b.yaml": Link("a.yaml"), "deploy/a.yaml": Link("../shared/a.yaml")},
            r"deploy/b\.yaml:1: .* same file as deploy/a\.yaml, .* `exclude: \[\"b\.yaml\"\]` to staging",
        ),
    ):
        with pytest.raises(Exception, match=words):
            plain.read(checked_out(files, of=PLAIN), PLAIN)


def test_contents_behind_links_are_fetched_in_few_requests(
    upstream: Upstream, over_http: SmartHttp, caches: Path, target: Path
) -> None:
    """A cache without contents gets those of links, and of what they lead to, together."""
    files: dict[str, Content] = {f"shared/{number}.yaml": str(number) for number in range(20)}
    files |= {f"deploy/{number}.yaml": Link(f"../shared/{number}.yaml") for number in range(20)}
    sha = upstream.commit(files)
    remote = Remote(url=over_http.url)
    out = checkout.check_out(caches, remote, SHOP, sha, "deploy", target, referring(PLAIN))
    assert [(out.path / f"{number}.yaml").read_text() for number in range(20)] == [str(number) for number in range(20)]
    fetches = [request for request in over_http.requests if request.startswith("POST")]
    assert len(fetches) <= 6  # two for each of: the commit, the links, what they lead to


POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
REFUSED_POINTERS: dict[str, tuple[Mapping[str, Content], str, str]] = {
    "a manifest": ({"deploy/a.yaml": POINTER}, "deploy", r"deploy/a\.yaml:1: this is a Git LFS pointer"),
    "behind a link": (
        {"deploy/a.yaml": Link("../big.yaml"), "big.yaml": POINTER},
        "deploy",
        r"deploy/a\.yaml:1: this \(big\.yaml, over a symbolic link\) is a Git LFS pointer",
    ),
    "several": (
        {"deploy/a.yaml": POINTER, "deploy/b.json": POINTER, "deploy/c.yml": POINTER},
        "deploy",
        r"deploy/a\.yaml:1: .* \(as are deploy/b\.json, deploy/c\.yml\)",
    ),
    "the one file": ({"deploy/a.yaml": POINTER}, "deploy/a.yaml", r"deploy/a\.yaml:1: this is a Git LFS pointer"),
    "the kustomization": ({"deploy/kustomization.yaml": POINTER}, "deploy", r"deploy/kustomization\.yaml:1: this is a"),
    "a base's": (
        {"deploy/kustomization.yaml": "resources: [../base]", "base/Kustomization": POINTER, "base/a.yaml": "a"},
        "deploy",
        r"base/Kustomization:1: this is a Git LFS pointer",
    ),
    "in a chart": (
        {"deploy/Chart.yaml": "name: a", "deploy/templates/a.yaml": POINTER},
        "deploy",
        r"deploy/templates/a\.yaml:1: this is a Git LFS pointer",
    ),
    "a packed subchart": (
        {"deploy/Chart.yaml": "name: a", "deploy/charts/b-1.tgz": POINTER},
        "deploy",
        r"deploy/charts/b-1\.tgz:1: this is a Git LFS pointer",
    ),
}


@pytest.mark.parametrize("case", REFUSED_POINTERS)
def test_a_pointer_is_refused_where_it_is_read(case: str, checked_out: CheckOut) -> None:
    """What git keeps elsewhere is never taken for the file itself, whatever would have read it."""
    files, place, words = REFUSED_POINTERS[case]
    with pytest.raises(CheckoutFailed, match=words):
        checked_out(files, place, environment(place))


@pytest.mark.parametrize("name", ["logo.png", "docs/film.mp4"])
def test_a_pointer_that_nobody_reads_stops_nothing(name: str, checked_out: CheckOut) -> None:
    """A picture beside the manifests may be kept elsewhere."""
    out = checked_out({"deploy/a.yaml": "a", f"deploy/{name}": POINTER}, of=PLAIN)
    assert out.files == ("deploy/a.yaml",)
    out = checked_out({"deploy/kustomization.yaml": "resources: []", f"deploy/{name}": POINTER}, of=PLAIN)
    assert (out.files, out.left_out[f"deploy/{name}"]) == (
        ("deploy/kustomization.yaml",),
        f"deploy/{name} is a Git LFS pointer, which Pushboat does not follow: commit the file itself",
    )
