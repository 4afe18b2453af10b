"""Every block of commands in the pages is run as a reader would run it, or listed with the reason why not."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from tests.documents.blocks import ROOT, blocks, pages, unfenced
from tests.documents.not_run import NOT_RUN
from tests.documents.playing import Stopped, play
from tests.serving import free_port

PLAYED = ("docs/start/five-minutes.md", "docs/start/plain-git.md")


def test_every_block_is_run_or_listed() -> None:
    """A new block of commands belongs to a page that is played, or says why it is not run."""
    lacking = [
        f"{page}: {block.first}"
        for page in pages()
        if page not in PLAYED
        for block in blocks(page)
        if not block.file and (page, block.first) not in NOT_RUN
    ]
    assert not lacking, "play the page, or give a reason in tests/documents/not_run.py"


def test_every_reason_is_for_a_block_that_is_there() -> None:
    """A list of excuses does not outlive what they are for."""
    there = {(page, block.first) for page in pages() for block in blocks(page)}
    assert not NOT_RUN.keys() - there
    assert all(len(reason.split()) > 3 for reason in NOT_RUN.values())


def test_commands_stand_in_fences() -> None:
    """What stands indented is found by nobody who looks for commands, and run by nothing."""
    assert not {page: found for page in pages() if (found := unfenced(page))}


def given_to(kubeconfig: Path) -> Mapping[str, str]:
    """Give what a page leaves to its reader: a free port, a cluster, a namespace that nobody else has."""
    address = f"127.0.0.1:{free_port()}"
    return {
        "forges:\n": f"public_url: http://{address}\nlisten: {address}\nforges:\n",
        "shop-staging": f"page-{uuid4().hex[:8]}",
        "~/devcluster/kubeconfig": str(kubeconfig),
        "~/.kube/config": str(kubeconfig),
    }


def played(page: str, folder: Path, given: Mapping[str, str]) -> str:
    """Play what of a page is not listed."""
    steps = [block for block in blocks(page) if (page, block.first) not in NOT_RUN]
    return play(steps, folder, given, {"PUSHBOAT_SOURCE": str(ROOT)})


@pytest.mark.parametrize("page", PLAYED[:2])
def test_a_page_is_followed_word_for_word(page: str, tmp_path: Path, kubeconfig: Path) -> None:
    """I paste block after block into an empty folder, stop nowhere, and my commit runs."""
    printed = played(page, tmp_path, given_to(kubeconfig))
    assert "staging: succeeded: " in printed
    assert "healthy in" in printed


def test_a_command_that_fails_stops_the_page(tmp_path: Path) -> None:
    """A page whose third line is wrong is found by the line, and what it started has ended."""
    page = blocks("docs/start/plain-git.md")[1:2]
    with pytest.raises(Stopped, match="mistakes|pushboat.yaml"):
        play(page, tmp_path, {}, {})
    assert shutil.which("git", path=os.environ["PATH"])
