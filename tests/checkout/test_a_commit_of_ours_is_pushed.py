"""What we commit is pushed to a branch of its own, and never over what somebody else put there."""

from pathlib import Path

import pytest

from pushboat.errors import CheckoutFailed, ForgeRefused
from pushboat.model.remote import Remote
from tests.checkout.upstream import Link, SmartHttp, Upstream
from workers.source.git import committing
from workers.source.git.committing import MovedOn, Wanted

BRANCH = "pushboat/promote-staging-to-production"


def wanted(parent: str, content: bytes = b"2\n", at: int = 1_800_000_000) -> Wanted:
    """Another content of one file."""
    return Wanted(parent=parent, files={"deploy/production/a.yaml": content}, message="Promote\n", at=at)


@pytest.fixture
def tip(upstream: Upstream) -> str:
    """A commit with some files, one of them a link."""
    return upstream.commit({"deploy/production/a.yaml": "1\n", "deploy/b.yaml": "1\n", "link": Link("deploy")})


@pytest.mark.parametrize("how", ["over http", "from a folder"])
def test_one_file_changes_and_all_else_stays(
    how: str, upstream: Upstream, remote: Remote, request: pytest.FixtureRequest, caches: Path, tip: str
) -> None:
    """The branch has one commit more than main, and its difference is that file's."""
    if how == "over http":
        upstream.git("config", "http.receivepack", "true")
        remote = Remote(url=request.getfixturevalue("over_http").url)
    sha = committing.made(caches, remote, wanted(tip))
    committing.pushed(caches, remote, sha, BRANCH, "", tip)
    assert upstream.git("rev-parse", BRANCH) == sha
    assert upstream.git("rev-parse", f"{BRANCH}^") == tip
    assert upstream.git("diff", "--raw", "--name-status", tip, sha) == "M\tdeploy/production/a.yaml"
    assert upstream.git("show", f"{BRANCH}:deploy/production/a.yaml") == "2"
    upstream.git("fsck", "--strict")
    assert committing.made(caches, remote, wanted(tip)) == sha
    assert committing.is_ours(upstream.git("cat-file", "commit", sha).encode())


def test_it_moves_on_with_its_base(upstream: Upstream, remote: Remote, caches: Path, tip: str) -> None:
    """Another time it is made anew on what the base holds then, in place of the one before."""
    first = committing.made(caches, remote, wanted(tip))
    committing.pushed(caches, remote, first, BRANCH, "", tip)
    newer = upstream.commit({"deploy/production/a.yaml": "1\n", "other": "1\n"})
    second = committing.made(caches, remote, wanted(newer))
    committing.pushed(caches, remote, second, BRANCH, first, newer)
    assert upstream.git("rev-list", "--count", f"{newer}..{BRANCH}") == "1"
    later = committing.made(caches, remote, wanted(newer, at=1_800_000_001))
    assert later != second
    assert committing.are_same(caches, remote, second, later, newer)
    other = committing.made(caches, remote, wanted(newer, b"3\n"))
    assert not committing.are_same(caches, remote, second, other, newer)
    assert not committing.are_same(caches, remote, second, first, tip)


def test_what_somebody_pushed_meanwhile_stays(upstream: Upstream, remote: Remote, caches: Path, tip: str) -> None:
    """Neither over a branch that is new to us, nor over a commit on top of ours, nor where it was deleted."""
    ours = committing.made(caches, remote, wanted(tip))
    upstream.git("update-ref", f"refs/heads/{BRANCH}", tip)
    with pytest.raises(MovedOn):
        committing.pushed(caches, remote, ours, BRANCH, "", tip)
    committing.pushed(caches, remote, ours, BRANCH, tip, tip)
    theirs = upstream.commit({"deploy/production/a.yaml": "theirs\n"}, BRANCH)
    with pytest.raises(MovedOn):
        committing.pushed(caches, remote, committing.made(caches, remote, wanted(tip, b"3\n")), BRANCH, ours, tip)
    assert upstream.git("rev-parse", BRANCH) == theirs
    assert not committing.is_ours(upstream.git("cat-file", "commit", theirs).encode())


def test_a_link_is_not_written_to(remote: Remote, caches: Path, tip: str) -> None:
    """What stands at its end belongs to others too."""
    through = Wanted(parent=tip, files={"link": b"2\n"}, message="Promote\n", at=1)
    with pytest.raises(CheckoutFailed, match="link is a link or a submodule"):
        committing.made(caches, remote, through)


def test_whoever_amends_makes_it_theirs(upstream: Upstream, remote: Remote, caches: Path, tip: str) -> None:
    """The author stays ours then, and the committer does not."""
    sha = committing.made(caches, remote, wanted(tip))
    text = f"tree {'1' * 40}\nauthor Pushboat <pushboat@localhost> 1 +0000\ncommitter Bob <b@example.com> 1 +0000\n\n"
    assert not committing.is_ours(f"{text}committer Pushboat <pushboat@localhost> 1 +0000\n".encode())
    assert sha


def test_a_branch_that_the_forge_does_not_take_is_refused_in_its_words(
    upstream: Upstream, remote: Remote, caches: Path, tip: str
) -> None:
    """A rule of the forge's for branches of this name."""
    hook = upstream.path / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'GitLab: You may not push to protected branches.' >&2\nexit 1\n")
    hook.chmod(0o755)
    sha = committing.made(caches, remote, wanted(tip))
    with pytest.raises(ForgeRefused, match=r"does not take pushboat/promote.*You may not push to protected branches"):
        committing.pushed(caches, remote, sha, BRANCH, "", tip)


def test_a_token_that_may_only_read_is_told(upstream: Upstream, over_http: SmartHttp, caches: Path, tip: str) -> None:
    """The server refuses the push as forges do, and nothing stands there afterwards."""
    upstream.git("config", "http.receivepack", "false")
    remote = Remote(url=over_http.url)
    sha = committing.made(caches, remote, wanted(tip))
    with pytest.raises(ForgeRefused, match="403"):
        committing.pushed(caches, remote, sha, BRANCH, "", tip)
