"""Every block of commands in the pages is run as a reader would run it, or listed with the reason why not."""

from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from tests.documents.blocks import ROOT, blocks, pages, unfenced
from tests.documents.not_run import HELD_ELSEWHERE, NOT_RUN
from tests.documents.playing import Stopped, play
from tests.fakes.forge import FakeForge
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.ports import free_port
from tests.written import config_map

WITHOUT_FORGE = ("docs/start/five-minutes.md", "docs/start/plain-git.md")
ON_FORGES: Mapping[str, tuple[type[FakeForge], str]] = {
    "docs/start/github.md": (FakeGitHub, "https://github.com"),
    "docs/start/gitlab.md": (FakeGitLab, "https://gitlab.com"),
    "docs/start/gitea.md": (FakeGitea, "https://gitea.example.com"),
}
"""Pages that need a forge, its stand-in, and what they call it."""
WITHOUT_CLUSTER = ("examples/checks/README.md",)
PLAYED = (*WITHOUT_CLUSTER, *WITHOUT_FORGE, *ON_FORGES)


def test_every_block_is_run_or_listed() -> None:
    """A new block of commands belongs to a page that is played, or says why it is not run."""
    lacking = [
        f"{page}: {block.first}"
        for page in pages()
        if page not in PLAYED and page not in HELD_ELSEWHERE
        for block in blocks(page)
        if not block.file and (page, block.first) not in NOT_RUN
    ]
    assert not lacking, "play the page, or give a reason in tests/documents/not_run.py"


def test_every_reason_is_for_a_block_that_is_there() -> None:
    """A list of excuses does not outlive what they are for."""
    there = {(page, block.first) for page in pages() for block in blocks(page)}
    assert not NOT_RUN.keys() - there
    assert all(len(reason.split()) > 3 for reason in NOT_RUN.values())
    for page, proof in HELD_ELSEWHERE.items():
        assert not (ROOT / page).exists() or page in (ROOT / proof).read_text()


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


@pytest.mark.proof  # ten seconds of CPU each; `make test` plays an example, and reads the commands of all
@pytest.mark.parametrize("page", WITHOUT_FORGE)
def test_a_page_is_followed_word_for_word(page: str, tmp_path: Path, kubeconfig: Path) -> None:
    """I paste block after block into an empty folder, stop nowhere, and my commit runs."""
    printed = played(page, tmp_path, given_to(kubeconfig))
    assert "staging: succeeded: " in printed
    assert "healthy in" in printed


@pytest.mark.parametrize("page", WITHOUT_CLUSTER)
def test_an_example_is_tried_word_for_word(page: str, tmp_path: Path) -> None:
    """I copy the folder, and its checks pass without a cluster."""
    printed = played(page, tmp_path, {})
    assert "9 tests, 0 failed" in printed
    assert "no mistake found" in printed


@pytest.mark.proof
@pytest.mark.parametrize("page", ON_FORGES)
def test_a_forge_is_connected_word_for_word(page: str, tmp_path: Path, kubeconfig: Path) -> None:
    """The webhook is made, the doctor finds nothing wrong, and the commit that I push gets its status."""
    stand_in, called = ON_FORGES[page]
    with stand_in(tmp_path / "forge") as forge:
        forge.create_repository("acme/shop", {"deploy/staging/a.yaml": config_map("a")}).permissions[forge.bot] = (
            "admin"
        )
        given = dict(given_to(kubeconfig))
        address = given.pop("forges:\n").split()[1]
        forge.scopes.append("admin:repo_hook")
        forge.hook_url = f"{address}/webhooks/{Path(page).stem}"
        given |= {
            f"{called}/acme": f"{forge.url.replace('//', f'//x:{forge.token}@')}/acme",
            f"url: {called}": f"url: {forge.url}\n    api_url: {forge.configured().api_url}",
            "https://pushboat.example.com": address,
            "127.0.0.1:8700": address.removeprefix("http://"),
            "openssl rand -hex 32": f"echo '{forge.secret}'",
            "TOKEN=…": f"TOKEN={forge.token}",
        }
        printed = played(page, tmp_path, given)
        assert forge.statuses("acme/shop", forge.projects["acme/shop"].bare.resolve("main"), "pushboat/staging")
    assert "✔ succeeded: 1 object" in printed


def test_a_command_that_fails_stops_the_page(tmp_path: Path) -> None:
    """A page whose third line is wrong is found by the line, and what it started has ended."""
    page = blocks("docs/start/plain-git.md")[1:2]
    with pytest.raises(Stopped, match=r"there is no .*pushboat.yaml"):
        play(page, tmp_path, {}, {})
