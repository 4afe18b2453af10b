"""A ref is moved on from where it stands, with all that it had before, never over what somebody else put there."""

import subprocess
from pathlib import Path

import pytest

from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.model.remote import Remote
from workers.source.git import refs
from workers.source.git.refs import Snapshot

REF = "refs/pushboat/renders/github/acme/shop/staging"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A repository without a single commit."""
    path = tmp_path / "renders.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(path)], check=True)
    return path


def said(bare: Path) -> list[str]:
    """Give the subjects on the ref, oldest first."""
    done = subprocess.run(
        ["git", "-C", str(bare), "log", "--reverse", "--format=%s", REF], check=True, capture_output=True, text=True
    )
    return done.stdout.split("\n")[:-1]


def test_a_commit_goes_behind_the_last_and_has_only_its_own_files(bare: Path, tmp_path: Path) -> None:
    """The first one begins the ref; a file that left is gone from the next."""
    remote = Remote(url=str(bare))
    assert refs.read(tmp_path, remote, REF) is None
    assert refs.move_on(tmp_path, remote, REF, Snapshot(message="one\n", files={"a/b.yaml": b"1", "c": b""}, at=1))
    assert refs.move_on(tmp_path, remote, REF, Snapshot(message="two\n", files={"a/b.yaml": b"2\x00\n"}, at=2))
    assert said(bare) == ["one", "two"]
    assert refs.read(tmp_path, remote, REF) == Snapshot(message="two\n", files={"a/b.yaml": b"2\x00\n"})
    assert not list(tmp_path.glob("ref-*")), "nothing is left behind"


def test_what_is_there_already_is_not_done_twice(bare: Path, tmp_path: Path) -> None:
    """A second try after an answer that was lost, or a poster that was frozen, finds it by the message."""
    remote = Remote(url=str(bare))
    wanted = Snapshot(message="one\n", files={"a": b"1"}, at=1)
    assert refs.move_on(tmp_path, remote, REF, wanted)
    assert not refs.move_on(
        tmp_path, remote, REF, wanted, unless=lambda message, files: (message, files()) == ("one\n", {"a": b"1"})
    )
    assert said(bare) == ["one"]


def test_who_moves_it_at_the_same_moment_is_not_overwritten(bare: Path, tmp_path: Path) -> None:
    """It is tried again, from where it stands then."""
    remote = Remote(url=str(bare))
    refs.move_on(tmp_path, remote, REF, Snapshot(message="one\n", files={"a": b"1"}, at=1))

    def meanwhile(_message: str, _files: object) -> bool:
        refs.move_on(tmp_path, remote, REF, Snapshot(message="theirs\n", files={"a": b"2"}, at=2))
        return False

    with pytest.raises(ForgeUnavailable, match="somebody moved"):
        refs.move_on(tmp_path, remote, REF, Snapshot(message="ours\n", files={"a": b"3"}, at=3), unless=meanwhile)
    assert said(bare) == ["one", "theirs"]


def test_who_does_not_let_us_is_named(bare: Path, tmp_path: Path) -> None:
    """A hook of theirs refuses: its operator must act, and trying again helps nobody."""
    hook = bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(ForgeRefused, match="does not take refs/pushboat"):
        refs.move_on(tmp_path, Remote(url=str(bare)), REF, Snapshot(message="one\n", files={"a": b"1"}, at=1))
