"""A malicious repository gets a clear sentence, and nothing of this machine."""

from pathlib import Path

import pytest

from pushboat.errors import CheckoutFailed
from pushboat.model.remote import Remote
from tests.checkout.upstream import Link, SmartHttp, Upstream
from workers.render.referring import REFERENCES
from workers.source import checkout

SHOP = "local/shop"


@pytest.mark.parametrize("name", ["deploy/evil.yaml", "deploy/evil.YML", "deploy/x/evil.json", "deploy/evil"])
def test_a_link_among_manifests_is_refused_by_name(
    name: str, upstream: Upstream, remote: Remote, caches: Path, target: Path
) -> None:
    """A symbolic link out of the repository is never followed; the commit fails and says which file it is."""
    sha = upstream.commit({"deploy/a.yaml": "a", name: Link("/etc/passwd")})
    with pytest.raises(CheckoutFailed) as caught:
        checkout.check_out(caches, remote, SHOP, sha, "deploy", target, REFERENCES)
    assert caught.value.summary == (
        f"{name} is a symbolic link (to /etc/passwd) that leads out of the repository: "
        "commit the file itself, or correct the link"
    )
    assert not target.joinpath(name).is_symlink()


def test_a_link_beside_the_manifests_is_left_out(
    upstream: Upstream, over_http: SmartHttp, caches: Path, target: Path
) -> None:
    """A README that is a link does not stop a deployment, and is not written."""
    sha = upstream.commit({"a.yaml": "a", "README.md": Link("/etc/passwd"), ".hidden/x.yaml": Link("/etc/passwd")})
    out = checkout.check_out(caches, Remote(url=over_http.url), SHOP, sha, ".", target, REFERENCES)
    assert (out.files, tuple(out.left_out)) == (("a.yaml",), (".hidden/x.yaml", "README.md"))
    assert "README.md is a symbolic link (to /etc/passwd) that leads out" in out.left_out["README.md"]
    assert not (target / "README.md").exists()


def test_a_folder_that_is_a_link_is_refused(upstream: Upstream, remote: Remote, caches: Path, target: Path) -> None:
    """`path` cannot be led elsewhere by a link, nor by a link on the way to it."""
    sha = upstream.commit({"deploy": Link("/etc"), "a": "b"})
    for folder in ("deploy", "deploy/staging"):
        with pytest.raises(CheckoutFailed, match=r"deploy is a symbolic link \(to /etc\)"):
            checkout.check_out(caches, remote, SHOP, sha, folder, target, REFERENCES)


def test_the_repositorys_file_may_not_be_a_link(upstream: Upstream, remote: Remote, caches: Path) -> None:
    """`.pushboat.yaml` is read as it is committed, or not at all."""
    sha = upstream.commit({".pushboat.yaml": Link("/etc/passwd\n\x1b[31m")})
    with pytest.raises(CheckoutFailed, match=r"\.pushboat\.yaml is a symbolic link \(to /etc/passwd\\n\\x1b\[31m\)"):
        checkout.read_file(caches, remote, SHOP, sha, ".pushboat.yaml")


def test_the_repositorys_file_may_not_be_a_folder(upstream: Upstream, remote: Remote, caches: Path) -> None:
    """A folder of that name is told as such."""
    sha = upstream.commit({".pushboat.yaml/x": "y"})
    with pytest.raises(CheckoutFailed, match=r"\.pushboat\.yaml is a folder"):
        checkout.read_file(caches, remote, SHOP, sha, ".pushboat.yaml")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("deploy/a\nb.yaml", r"deploy/a\nb.yaml"),
        ("deploy/\x1b[2J.yaml", r"deploy/\x1b[2J.yaml"),
        ("deploy/\udcff.yaml", r"deploy/\xff.yaml"),
        ("deploy/\u202ereversed.yaml", r"deploy/\u202ereversed.yaml"),
        ("deploy/x\ny/a.yaml", r"deploy/x\ny"),
    ],
)
def test_a_name_that_cannot_be_shown_is_refused(
    name: str, shown: str, upstream: Upstream, remote: Remote, caches: Path, target: Path
) -> None:
    """A name with a newline or another control character is refused and shown escaped, on one line."""
    sha = upstream.commit({"deploy/a.yaml": "a", name: "x"})
    with pytest.raises(CheckoutFailed) as caught:
        checkout.check_out(caches, remote, SHOP, sha, "deploy", target, REFERENCES)
    assert f"'{shown}'" in caught.value.summary
    assert caught.value.summary.isprintable()


def test_names_beyond_ascii_are_welcome(upstream: Upstream, remote: Remote, caches: Path, target: Path) -> None:
    """Umlauts, spaces and quotes in file names are fine."""
    names = {"deploy/grün & süß.yaml": "a", 'deploy/"quoted" file.yaml': "b", "deploy/日本.yaml": "c"}
    out = checkout.check_out(caches, remote, SHOP, upstream.commit(names), "deploy", target, REFERENCES)
    assert set(out.files) == set(names)


@pytest.mark.parametrize("name", [".git", "..", "."])
def test_a_tree_that_git_forbids_is_refused(
    name: str, upstream: Upstream, remote: Remote, over_http: SmartHttp, caches: Path, target: Path
) -> None:
    """A tree made by hand, to write outside of its folder, is the revision's fault and stays out."""
    blob = upstream.git("hash-object", "-w", "--stdin", stdin=b"evil")
    tree = upstream.git("mktree", stdin=f"100644 blob {blob}\t{name}\n".encode())
    root = upstream.git("mktree", stdin=f"040000 tree {tree}\tdeploy\n".encode())
    sha = upstream.git("-c", "user.name=a", "-c", "user.email=a@b", "commit-tree", root, "-m", "x")
    for place in (remote, Remote(url=over_http.url)):
        with pytest.raises(CheckoutFailed, match="git refuses what commit"):
            checkout.check_out(caches, place, SHOP, sha, "deploy", target, REFERENCES)
    assert not target.exists()


def test_too_many_files_are_refused(upstream: Upstream, remote: Remote, caches: Path, target: Path) -> None:
    """A folder of 5,001 files is not checked out."""
    sha = upstream.commit({f"deploy/{number}.yaml": "" for number in range(5_001)})
    with pytest.raises(CheckoutFailed, match=r"deploy holds more than 5,000 files: deploy a smaller folder"):
        checkout.check_out(caches, remote, SHOP, sha, "deploy", target, REFERENCES)
    assert list(target.rglob("*.yaml")) == []


def test_too_many_bytes_are_refused_before_they_are_written(
    upstream: Upstream, remote: Remote, caches: Path, target: Path
) -> None:
    """A folder that unpacks to gigabytes does not fill the disk."""
    zeros = b"\0" * (9 << 20)
    sha = upstream.commit({f"deploy/{number}.bin": zeros + bytes([number]) for number in range(6)})
    with pytest.raises(CheckoutFailed, match=r"deploy is larger than 50 MiB"):
        checkout.check_out(caches, remote, SHOP, sha, "deploy", target, REFERENCES)
    assert list(target.rglob("*.bin")) == []


def test_a_huge_pushboat_yaml_is_refused(upstream: Upstream, remote: Remote, caches: Path) -> None:
    """A file for routing is a megabyte at most."""
    sha = upstream.commit({".pushboat.yaml": "#" * (1 << 20) + "#"})
    with pytest.raises(CheckoutFailed, match=r"\.pushboat\.yaml is larger than 1024 KiB"):
        checkout.read_file(caches, remote, SHOP, sha, ".pushboat.yaml")


def test_hooks_and_settings_of_a_commit_do_nothing(
    upstream: Upstream, remote: Remote, caches: Path, target: Path, tmp_path: Path
) -> None:
    """Files that look like git's own are only files."""
    mark = tmp_path / "pwned"
    hook = f"#!/bin/sh\ntouch {mark}\n"
    sha = upstream.commit(
        {
            "deploy/hooks/post-checkout": hook,
            "deploy/config": f"[core]\n\tfsmonitor = touch {mark}\n",
            "deploy/HEAD": "ref: refs/heads/main\n",
            "deploy/.gitattributes": "* filter=evil\n",
            "deploy/.gitmodules": '[submodule "x"]\n\tpath = x\n\turl = https://example.com/x.git\n',
        }
    )
    checkout.check_out(caches, remote, SHOP, sha, "deploy", target, REFERENCES)
    assert not mark.exists()
