"""A folder's files come out as they were committed, with what its kustomization builds upon, and nothing else."""

from pathlib import Path

import pytest

from pushboat.errors import CheckoutFailed
from pushboat.model.remote import Remote
from tests.checkout.upstream import SmartHttp, Submodule, Upstream
from workers.render.referring import REFERENCES
from workers.source import checkout

SHOP = "local/shop"
BASE = {"base/kustomization.yaml": "resources: [a.yaml]\n", "base/a.yaml": "a: 1\n", "other/b.yaml": "b: 1\n"}


def test_the_bytes_are_those_that_were_committed(
    upstream: Upstream, remote: Remote, caches: Path, target: Path
) -> None:
    """No attribute of the repository changes a file on its way to the cluster."""
    sha = upstream.commit(
        {
            ".gitattributes": "* text eol=crlf\n*.txt ident export-ignore\n",
            "deploy/a.yaml": "a: 1\n",
            "deploy/b.txt": "$Id$\n",
            "deploy/raw.bin": bytes(range(256)),
            "deploy/empty.yaml": "",
            "other/c.yaml": "c",
        }
    )
    out = checkout.check_out(caches, remote, SHOP, sha, "deploy", target, REFERENCES)
    assert (out.path / "a.yaml").read_bytes() == b"a: 1\n"
    assert (out.path / "b.txt").read_bytes() == b"$Id$\n"
    assert (out.path / "raw.bin").read_bytes() == bytes(range(256))
    assert out.files == ("deploy/a.yaml", "deploy/b.txt", "deploy/empty.yaml", "deploy/raw.bin")
    assert not (target / "other").exists()


@pytest.mark.parametrize("folder", ["", ".", "./"])
def test_the_whole_repository_may_be_the_folder(
    folder: str, upstream: Upstream, over_http: SmartHttp, caches: Path, target: Path
) -> None:
    """`path: .` deploys the repository's root."""
    sha = upstream.commit({"a.yaml": "a", "deploy/b.yaml": "b"})
    out = checkout.check_out(caches, Remote(url=over_http.url), SHOP, sha, folder, target, REFERENCES)
    assert out.files == ("a.yaml", "deploy/b.yaml")


def test_what_a_chart_reads_comes_along(upstream: Upstream, over_http: SmartHttp, caches: Path, target: Path) -> None:
    """A chart brings the charts beside it that it depends on, and theirs, and the values files of its environment."""
    charts = {
        "charts/shop/Chart.yaml": "dependencies: [{name: one, repository: 'file://../one/'}, {repository: 'file:///etc'}]",
        "charts/shop/templates/a.yaml": "{{ x }}",
        "charts/one/Chart.yaml": "Dependencies:\n- {name: two, Repository: 'file://../two'}\n",
        "charts/two/requirements.yaml": "dependencies: [{name: three, repository: 'file://../../libs/three'}]",
        "libs/three/Chart.yaml": "dependencies: [{name: redis, repository: 'https://charts.example.com'}]",
        "libs/four/Chart.yaml": "name: four",
        "charts/common.yaml": "a: 1",
        "charts/other.yaml": "a: 1",
    }
    sha, beside = upstream.commit(charts), ("charts/common.yaml", "charts/shop/values-gone.yaml")
    place = Remote(url=over_http.url)
    out = checkout.check_out(caches, place, SHOP, sha, "charts/shop", target, REFERENCES, beside)
    assert set(out.files) == charts.keys() - {"libs/four/Chart.yaml", "charts/other.yaml"}
    assert out.roots["charts/shop/values-gone.yaml"] == ""


def test_bases_beside_the_folder_come_along(
    upstream: Upstream, over_http: SmartHttp, caches: Path, target: Path
) -> None:
    """An overlay brings the bases and components that it builds upon, and theirs, and nothing more."""
    sha = upstream.commit(
        {
            **BASE,
            "overlays/staging/kustomization.yaml": "resources: [../../middle, ./own]\ncomponents: [../../part]\n",
            "overlays/staging/own/kustomization.yaml": "resources: [x.yaml]\n",
            "overlays/production/kustomization.yaml": "resources: [../../base]\n",
            "middle/kustomization.yml": "bases: [../base/]\n",
            "part/Kustomization": "kind: Component\n",
        }
    )
    out = checkout.check_out(caches, Remote(url=over_http.url), SHOP, sha, "overlays/staging", target, REFERENCES)
    assert out.files == (
        "base/a.yaml",
        "base/kustomization.yaml",
        "middle/kustomization.yml",
        "overlays/staging/kustomization.yaml",
        "overlays/staging/own/kustomization.yaml",
        "part/Kustomization",
    )


def test_a_base_cannot_lead_out_of_the_repository(
    upstream: Upstream, remote: Remote, caches: Path, target: Path
) -> None:
    """References out of the repository bring nothing along."""
    sha = upstream.commit(
        {"d/kustomization.yaml": "resources: [../../../etc, /etc/passwd, ../.., 'https://x/y', ../nowhere]\n"}
    )
    out = checkout.check_out(caches, remote, SHOP, sha, "d", target, REFERENCES)
    assert out.files == ("d/kustomization.yaml",)


def test_kustomizations_in_a_circle_come_to_an_end(
    upstream: Upstream, remote: Remote, caches: Path, target: Path
) -> None:
    """Two folders that build upon each other are checked out once each."""
    sha = upstream.commit(
        {"a/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "resources: [../a, ../]\n"}
    )
    out = checkout.check_out(caches, remote, SHOP, sha, "a", target, REFERENCES)
    assert out.files == ("a/kustomization.yaml", "b/kustomization.yaml")


def test_a_staircase_of_bases_has_a_limit(upstream: Upstream, remote: Remote, caches: Path, target: Path) -> None:
    """A hundred bases on top of each other are refused instead of followed."""
    files = {f"d{step}/kustomization.yaml": f"resources: [../d{step + 1}]\n" for step in range(40)}
    with pytest.raises(CheckoutFailed, match="more than 20 folders"):
        checkout.check_out(caches, remote, SHOP, upstream.commit(files), "d0", target, REFERENCES)


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("deploy/staging", r"deploy/staging is not in commit [0-9a-f]{7}: create it, or correct `path`"),
        ("a.yaml/b", r"a\.yaml is a file, and a\.yaml/b is not in it: correct `path`"),
        ("vendor", "vendor is a submodule"),
        ("vendor/deploy", "vendor is a submodule"),
        ("../x", "not a path inside the repository local/shop"),
        ("/etc", "etc is not in commit"),
        ("a/../../b", "not a path inside"),
        (".git", "not a path inside"),
        (":(glob)**", "not in commit"),
        ("--help", "not in commit"),
        ("*", "not in commit"),
    ],
)
def test_a_folder_that_is_none_is_explained(
    folder: str, words: str, upstream: Upstream, remote: Remote, caches: Path, target: Path
) -> None:
    """A wrong `path` says what stands there instead, and what to do."""
    sha = upstream.commit({"a.yaml": "a", "vendor": Submodule()})
    with pytest.raises(CheckoutFailed, match=words):
        checkout.check_out(caches, remote, SHOP, sha, folder, target, REFERENCES)


def test_a_submodule_inside_is_left_out_and_named(
    upstream: Upstream, over_http: SmartHttp, caches: Path, target: Path
) -> None:
    """A submodule is never fetched; who looks for its files is told."""
    sha = upstream.commit(
        {
            "deploy/a.yaml": "a",
            "deploy/lib": Submodule(),
            ".gitmodules": '[submodule "x"]\n\tpath = deploy/lib\n\turl = https://example.com/x\n',
        }
    )
    out = checkout.check_out(caches, Remote(url=over_http.url), SHOP, sha, "deploy", target, REFERENCES)
    assert (out.files, out.submodules) == (("deploy/a.yaml",), ("deploy/lib",))
