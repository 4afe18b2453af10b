"""Any commit that the forge still has can be fetched, once, and a broken cache mends itself."""

import threading
from pathlib import Path

import pytest

from pushboat.errors import CheckoutFailed, ForgeRefused, ForgeUnavailable
from pushboat.model.remote import Remote
from tests.checkout.upstream import SmartHttp, Upstream
from workers.render.referring import REFERENCES
from workers.source import checkout

SHOP = "local/shop"
FILES = {".pushboat.yaml": "environments: {}\n", "deploy/a.yaml": "a: 1\n", "docs/b.md": "b"}


def test_a_file_of_a_commit_is_read_by_path(upstream: Upstream, remote: Remote, caches: Path) -> None:
    """I read one file of a commit from a bare repository on this machine."""
    sha = upstream.commit(FILES)
    assert checkout.read_file(caches, remote, SHOP, sha, ".pushboat.yaml") == b"environments: {}\n"
    assert checkout.read_file(caches, remote, SHOP, sha, "missing.yaml") is None


def test_a_file_of_a_commit_is_read_over_http(upstream: Upstream, over_http: SmartHttp, caches: Path) -> None:
    """I read one file of a commit from a forge over HTTP."""
    sha = upstream.commit(FILES)
    remote = Remote(url=over_http.url)
    assert checkout.read_file(caches, remote, SHOP, sha, ".pushboat.yaml") == b"environments: {}\n"


def test_a_commit_that_is_there_needs_no_network(upstream: Upstream, over_http: SmartHttp, caches: Path) -> None:
    """A second deployment of the same commit works while the forge is down."""
    sha = upstream.commit(FILES)
    remote = Remote(url=over_http.url)
    checkout.check_out(caches, remote, SHOP, sha, "deploy", caches.parent / "one", REFERENCES)
    asked = len(over_http.requests)
    over_http.status = 503
    out = checkout.check_out(caches, remote, SHOP, sha, "deploy", caches.parent / "two", REFERENCES)
    assert (out.path / "a.yaml").read_text() == "a: 1\n"
    assert len(over_http.requests) == asked


def test_only_the_folders_files_are_fetched(
    upstream: Upstream, over_http: SmartHttp, caches: Path, target: Path
) -> None:
    """A deployment of a small folder of a big repository does not download the big repository."""
    big = "".join(f"{number * number}\n" for number in range(200_000))
    sha = upstream.commit({**FILES, "docs/big.txt": big})
    checkout.check_out(caches, Remote(url=over_http.url), SHOP, sha, "deploy", target, REFERENCES)
    kept = sum(file.stat().st_size for file in caches.rglob("*") if file.is_file())
    assert kept < 200_000


def test_a_server_without_filters_works_too(
    upstream: Upstream, over_http: SmartHttp, caches: Path, target: Path
) -> None:
    """A forge that knows no partial clone costs more, and works."""
    upstream.git("config", "uploadpack.allowFilter", "false")
    sha = upstream.commit(FILES)
    out = checkout.check_out(caches, Remote(url=over_http.url), SHOP, sha, "deploy", target, REFERENCES)
    assert out.files == ("deploy/a.yaml",)


def test_a_commit_that_no_branch_holds_any_more_can_be_fetched(
    upstream: Upstream, over_http: SmartHttp, caches: Path
) -> None:
    """A commit that was replaced by a force-push is still deployed when it was asked for."""
    old = upstream.commit(FILES)
    upstream.git("update-ref", "-d", "refs/heads/main")
    upstream.commit({"x": "y"})
    for remote in (Remote(url=over_http.url), Remote(url=str(upstream.path))):
        assert checkout.read_file(caches, remote, SHOP, old, "docs/b.md") == b"b"


def test_an_unknown_commit_is_the_revisions_fault(upstream: Upstream, over_http: SmartHttp, caches: Path) -> None:
    """A commit that the forge has lost fails the deployment, it is not tried again for ever."""
    upstream.commit(FILES)
    for remote in (Remote(url=over_http.url), Remote(url=str(upstream.path))):
        with pytest.raises(CheckoutFailed, match="commit 1a2b3c4 is no longer on the forge"):
            checkout.fetch(caches, remote, SHOP, "1a2b3c4d" * 5)


@pytest.mark.parametrize("sha", ["main", "--upload-pack=touch /tmp/x", "1a2b3c4", "A" * 40, "a" * 41, ""])
def test_only_a_full_sha_is_a_commit(sha: str, remote: Remote, caches: Path) -> None:
    """Nothing but a full sha ever reaches git's command line."""
    with pytest.raises(CheckoutFailed, match="full sha"):
        checkout.fetch(caches, remote, SHOP, sha)
    assert not caches.exists()


def test_a_sha256_repository_works(tmp_path: Path, caches: Path) -> None:
    """A repository with SHA-256 hashes is deployed like any other."""
    upstream = Upstream.create(tmp_path / "new.git", sha256=True)
    sha = upstream.commit(FILES)
    assert len(sha) == 64
    assert checkout.read_file(caches, Remote(url=str(upstream.path)), SHOP, sha, "docs/b.md") == b"b"


def test_a_forge_that_is_down_is_not_the_revisions_fault(
    upstream: Upstream, over_http: SmartHttp, caches: Path
) -> None:
    """While the forge is down a deployment waits and is tried again."""
    sha = upstream.commit(FILES)
    over_http.status = 503
    with pytest.raises(ForgeUnavailable, match="503"):
        checkout.fetch(caches, Remote(url=over_http.url), SHOP, sha)
    with pytest.raises(ForgeUnavailable, match=r"[Cc]onnect"):
        checkout.fetch(caches, Remote(url="http://127.0.0.1:9/x.git"), SHOP, sha)


def test_a_forge_that_goes_down_between_fetch_and_checkout(
    upstream: Upstream, over_http: SmartHttp, caches: Path, target: Path
) -> None:
    """A forge that goes down in the middle is waited for; nothing half-written is deployed."""
    sha = upstream.commit(FILES)
    remote = Remote(url=over_http.url)
    checkout.fetch(caches, remote, SHOP, sha)
    over_http.status = 502
    with pytest.raises(ForgeUnavailable, match="502"):
        checkout.check_out(caches, remote, SHOP, sha, "deploy", target, REFERENCES)
    over_http.status = 0
    assert checkout.check_out(caches, remote, SHOP, sha, "deploy", target, REFERENCES).files == ("deploy/a.yaml",)


def test_a_missing_repository_is_the_operators_fault(tmp_path: Path, caches: Path) -> None:
    """A path or URL that leads nowhere is told to the operator."""
    with pytest.raises(ForgeRefused, match=r"clone_url in pushboat\.yaml"):
        checkout.fetch(caches, Remote(url=str(tmp_path / "nowhere.git")), SHOP, "a" * 40)


def test_a_broken_cache_is_thrown_away_and_remade(
    upstream: Upstream, remote: Remote, caches: Path, target: Path
) -> None:
    """A disk that was full, or a crash in the middle of a write, heals by itself."""
    sha = upstream.commit(FILES)
    checkout.fetch(caches, remote, SHOP, sha)
    (cache,) = caches.glob("*.git")
    for pack in (*cache.glob("objects/pack/*"), *cache.glob("objects/??/*")):
        pack.unlink()
    out = checkout.check_out(caches, remote, SHOP, sha, "deploy", target, REFERENCES)
    assert (out.path / "a.yaml").read_text() == "a: 1\n"


def test_a_half_written_cache_is_remade(upstream: Upstream, remote: Remote, caches: Path) -> None:
    """What a killed worker left behind, lock files included, does not stand in the way."""
    first = upstream.commit(FILES)
    checkout.fetch(caches, remote, SHOP, first)
    (cache,) = caches.glob("*.git")
    (cache / "shallow.lock").write_text("")
    second = upstream.commit({**FILES, "new": "file"})
    checkout.fetch(caches, remote, SHOP, second)
    (cache / "config").write_text("[core\n")
    third = upstream.commit({**FILES, "newer": "file"})
    assert checkout.read_file(caches, remote, SHOP, third, "newer") == b"file"


def test_two_deployments_fetch_at_once(upstream: Upstream, over_http: SmartHttp, caches: Path) -> None:
    """Two environments that follow one branch do not trip over each other."""
    shas = [upstream.commit({**FILES, "number": str(number)}) for number in range(3)]
    read: dict[str, bytes | None] = {}

    def fetch(sha: str, name: str) -> None:
        read[name] = checkout.read_file(caches, Remote(url=over_http.url), SHOP, sha, "number")

    threads = [
        threading.Thread(target=fetch, args=(sha, f"{index}-{turn}")) for index, sha in enumerate(shas) for turn in "ab"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == {f"{index}-{turn}": str(index).encode() for index in range(3) for turn in "ab"}


def test_old_commits_are_forgotten(upstream: Upstream, remote: Remote, caches: Path) -> None:
    """A cache does not grow for ever; the newest fifty commits stay."""
    shas = [upstream.commit({"number": str(number)}) for number in range(62)]
    for sha in shas:
        checkout.fetch(caches, remote, SHOP, sha)
    (cache,) = caches.glob("*.git")
    kept = {ref.name for ref in (cache / "refs" / "pushboat").iterdir()}
    assert 50 <= len(kept) <= 60
    assert set(shas[-50:]) <= kept
    assert checkout.read_file(caches, remote, SHOP, shas[-1], "number") == b"61"
    assert checkout.read_file(caches, remote, SHOP, shas[0], "number") == b"0"
