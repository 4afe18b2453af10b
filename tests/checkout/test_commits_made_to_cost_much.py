"""A commit of a few bytes cannot keep a worker busy, and what no file system can hold is the commit's mistake."""

from pathlib import Path

import pytest

from pushboat.errors import CheckoutFailed
from pushboat.model.remote import Remote
from tests.checkout.upstream import Upstream
from workers.render.referring import REFERENCES
from workers.source import checkout

SHOP = "local/shop"


def test_a_kustomization_that_names_thousands_of_places_is_refused(
    upstream: Upstream, remote: Remote, caches: Path, target: Path
) -> None:
    """Git is not asked a hundred thousand times because a file says so."""
    names = ", ".join(f"../x{number}" for number in range(100_000))
    sha = upstream.commit({"deploy/kustomization.yaml": f"resources: [{names}]\n"})
    with pytest.raises(CheckoutFailed, match="refer to more than 200 places"):
        checkout.check_out(caches, remote, SHOP, sha, "deploy", target, REFERENCES)


@pytest.mark.parametrize("name", ["deploy/" + "a" * 300 + ".yaml", "deploy/" + "a/" * 600 + "a.yaml"])
def test_a_name_that_is_too_long_is_refused(
    name: str, upstream: Upstream, remote: Remote, caches: Path, target: Path
) -> None:
    """I am told which name it is, and nobody tries again and again."""
    sha = upstream.commit({"deploy/a.yaml": "a", name: "b"})
    with pytest.raises(CheckoutFailed, match=r"the file name 'deploy/a.*…' is longer than") as refused:
        checkout.check_out(caches, remote, SHOP, sha, "deploy", target, REFERENCES)
    assert len(refused.value.summary) < 200


def test_a_tree_that_repeats_itself_is_not_listed_to_its_end(
    upstream: Upstream, remote: Remote, caches: Path, target: Path
) -> None:
    """Ten small trees that stand for ten billion files end with a sentence."""
    entry = f"100644 blob {upstream.git('hash-object', '-w', '--stdin', stdin=b'x')}"
    for _ in range(10):
        tree = upstream.git("mktree", stdin="".join(f"{entry}\t{name}\n" for name in "abcdefghij").encode())
        entry = f"040000 tree {tree}"
    sha = upstream.git("-c", "user.name=A", "-c", "user.email=a@b", "commit-tree", tree, "-m", "x")
    upstream.git("update-ref", "refs/heads/main", sha)
    with pytest.raises(CheckoutFailed, match="holds too many files: deploy a smaller folder"):
        checkout.check_out(caches, remote, SHOP, sha, ".", target, REFERENCES)
