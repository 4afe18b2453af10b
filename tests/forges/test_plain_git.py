"""Bare repositories below one folder: what is kept in them, and what cannot be reached through them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pushboat.config.operator import Forge
from pushboat.errors import ForgeRefused
from pushboat.forges.git.installing import install
from pushboat.forges.protocol import Client
from pushboat.forges.table import client_of
from pushboat.model.letter import ReplyLetter, StatusLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from tests.fakes.bare import Bare
from tests.fakes.plain_git import PlainGit

HOOK = "https://pushboat.example.com/webhooks/local"


def client(root: Path) -> Client:
    """A client of the repositories below `root`."""
    return client_of(Forge(name="local", kind="git", root=root))


def letter(sha: str, number: int) -> StatusLetter:
    """A status of one of many environments."""
    shown = Status(
        context=f"pushboat/env-{number}", state=State.SUCCEEDED, description="healthy", path="/deployments/1"
    )
    return StatusLetter(sha=sha, status=shown)


@pytest.mark.parametrize(
    "name",
    ["../outside", "team/../../outside", "/etc", "", ".", "team//shop", "-x", "link", "a\0b", "team/shop.git/.."],
)
def test_nothing_outside_the_root_is_a_repository(plain: PlainGit, tmp_path: Path, name: str) -> None:
    """Neither by dots nor by a symbolic link."""
    outside = Bare.create(tmp_path / "outside.git")
    (plain.root / "link.git").symlink_to(outside.path)

    with pytest.raises(ForgeRefused):
        client(plain.root).remote(name)


def test_notes_are_lines_that_people_can_read(plain: PlainGit) -> None:
    """`git log --notes=pushboat` tells what happened to a commit."""
    bare = Bare(plain.root / "team" / "shop.git")
    sha = bare.resolve("refs/heads/main")

    client(plain.root).post("team/shop", letter(sha, 1), "https://pushboat.example.com")

    log = bare.git("log", "-1", "--notes=pushboat", "main")
    assert "Z pushboat/env-1 success: healthy https://pushboat.example.com/deployments/1" in log


def test_no_line_is_lost_when_many_write_at_once(plain: PlainGit) -> None:
    """git itself would forget some of them."""
    bare = Bare(plain.root / "team" / "shop.git")
    sha = bare.resolve("refs/heads/main")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: client(plain.root).post("team/shop", letter(sha, n), "https://x"), range(16)))

    lines = bare.git("notes", "--ref=refs/notes/pushboat", "show", sha).splitlines()
    assert {line.split()[1] for line in lines} == {f"pushboat/env-{number}" for number in range(16)}


def test_lines_that_wait_for_each_other_are_written_together(plain: PlainGit) -> None:
    """A push to many environments says many things about one commit, each of which took programs of its own."""
    bare = Bare(plain.root / "team" / "shop.git")
    sha = bare.resolve("refs/heads/main")
    ours = client(plain.root)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: ours.post("team/shop", letter(sha, number), ""), range(40)))

    assert len(bare.git("notes", "--ref=refs/notes/pushboat", "show", sha).splitlines()) == 40
    assert int(bare.git("rev-list", "--count", "refs/notes/pushboat")) <= 20


def test_a_commit_that_is_gone_keeps_no_other_lines_back(plain: PlainGit) -> None:
    """What is written together is of one commit."""
    bare = Bare(plain.root / "team" / "shop.git")
    sha = bare.resolve("refs/heads/main")
    ours, gone = client(plain.root), "1" * 40

    def refused(number: int) -> bool:
        try:
            ours.post("team/shop", letter(gone if number % 2 else sha, number), "")
        except ForgeRefused:
            return True
        return False

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(refused, range(16))) == [bool(number % 2) for number in range(16)]
    assert len(bare.git("notes", "--ref=refs/notes/pushboat", "show", sha).splitlines()) == 8


def test_there_are_no_pull_requests(plain: PlainGit) -> None:
    """Said plainly, and a reply is known to have no place here."""
    with pytest.raises(ForgeRefused, match="plain git"):
        client(plain.root).pull_request("team/shop", 1)
    assert not client(plain.root).post("team/shop", ReplyLetter(number=1, body="text", marker="marker"), "https://x")


def test_doctor_finds_what_is_wrong_with_the_hook(plain: PlainGit) -> None:
    """Missing, not executable, reporting elsewhere, right; each with the command that mends it."""
    folder = plain.root / "team" / "shop.git"

    def webhook() -> tuple[bool, str]:
        check = next(one for one in client(plain.root).checks("team/shop", HOOK) if one.name == "webhook")
        return check.passed, check.fix

    assert webhook() == (False, f"pushboat hook install {folder}")
    install(folder, url="https://elsewhere.example.com", forge="local", name="team/shop", secret="s")
    assert webhook() == (False, f"pushboat hook install {folder}")
    hook = install(folder, url="https://pushboat.example.com/", forge="local", name="team/shop", secret="s")
    assert webhook() == (True, "")
    hook.chmod(0o644)
    assert webhook() == (False, f"chmod +x {hook}")
