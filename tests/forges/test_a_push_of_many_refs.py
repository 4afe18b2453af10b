"""A mirror that is pushed for the first time brings thousands of refs; the hook is done with them in seconds."""

import resource
import subprocess

import pytest

from tests.forges.git_server import Server

pytestmark = pytest.mark.programs

MOST_SECONDS_FOR_A_THOUSAND = 7.5
"""Of processors, whatever else the machine does; on an idle one it takes a third of that."""


@pytest.mark.parametrize("many", [500, pytest.param(2_000, marks=pytest.mark.proof)])
def test_a_push_of_many_refs_is_written_down_in_seconds(server: Server, many: int) -> None:
    """My push of every tag does not hang in the hook, and nothing of it is forgotten."""
    server.pushboat.door.down = True
    sha = server.clone.commit({"a": "1"})
    server.clone.push()
    lines = "".join(f"{'0' * 40} {sha} refs/tags/v{number}\n" for number in range(many))
    before = _children()
    hook = server.bare.path / "hooks" / "post-receive"
    done = subprocess.run([hook], input=lines, capture_output=True, text=True, check=True)
    assert "did not take it" in done.stdout
    assert server.missed() == many + 1
    assert _children() - before < many / 1000 * MOST_SECONDS_FOR_A_THOUSAND


def test_a_record_that_broke_off_stops_nobody(server: Server) -> None:
    """What the disk had no room for is passed over; the next push goes out."""
    (server.bare.path / "pushboat-missed").mkdir()
    (server.bare.path / "pushboat-missed" / "1-x.json").write_text('{"ref": "refs/')
    sha = server.clone.commit({"a": "1"})
    assert "stumbled" not in " ".join(server.clone.push().remote)
    assert [event.sha for _, event in server.pushboat.events] == [sha]


def _children() -> float:
    """Give the seconds of processors that programs of ours took which have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
