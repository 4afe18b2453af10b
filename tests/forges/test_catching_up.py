"""What Pushboat missed while it was down reaches it later, once, and in order."""

import subprocess

import pytest

from tests.forges.git_server import Server
from tests.until import until

pytestmark = pytest.mark.programs


def test_a_push_while_pushboat_is_down_is_not_blocked_and_can_be_caught_up(server: Server) -> None:
    """The push stands, the terminal says what to do, and later nothing is deployed twice."""
    server.pushboat.door.down = True
    shas = []
    for number in range(2):
        shas.append(server.clone.commit({"n": str(number)}))
        pushed = server.clone.push()
        assert pushed.code == 0
        assert "did not take it" in pushed.remote[0]
        assert "post-receive --catch-up" in pushed.remote[1]
    assert server.bare.resolve("refs/heads/main") == shas[-1]

    server.pushboat.door.down = False
    assert "staging: succeeded" in server.catch_up()

    assert [event.sha for _, event in server.pushboat.events] == shas[-1:]
    assert server.catch_up() == "nothing was missed\n"


def test_the_next_push_brings_what_was_missed(server: Server) -> None:
    """A push to another branch catches up by itself."""
    server.pushboat.door.down = True
    server.clone.push("origin", "HEAD:refs/heads/first")
    server.pushboat.door.down = False

    server.clone.push("origin", "HEAD:refs/heads/second")

    assert [event.ref for _, event in server.pushboat.events] == ["refs/heads/first", "refs/heads/second"]


def test_an_answer_that_got_lost_repeats_the_same_id(server: Server) -> None:
    """Pushboat had stored it: sent again, it is a duplicate and deploys nothing twice."""
    server.trouble(502, method="POST", after=True)
    server.clone.commit({"a": "1"})
    server.clone.push()

    server.catch_up()

    first, second = server.pushboat.ids
    assert first == second


def test_pushing_the_same_commit_again_later_is_a_new_delivery(server: Server) -> None:
    """There, back and there again: the third push is not taken for the first."""
    first, second = server.bare.resolve("refs/heads/main"), server.clone.commit({"a": "1"})
    for sha in (second, first, second):
        server.clone.push("--force", "origin", f"{sha}:main")

    assert len(set(server.pushboat.ids)) == 3


def test_two_pushes_at_once_are_both_told(server: Server) -> None:
    """Neither loses the other's delivery."""
    hook = server.bare.path / "hooks" / "post-receive"
    sha = server.bare.resolve("refs/heads/main")
    running = [subprocess.Popen([hook], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) for _ in range(2)]
    for number, process in enumerate(running):
        process.communicate(f"{'0' * 40} {sha} refs/heads/b{number}\n", timeout=30)

    until(lambda: {event.ref for _, event in server.pushboat.events} == {"refs/heads/b0", "refs/heads/b1"}, within=120)
    assert server.missed() == 0


def test_an_older_push_that_comes_late_does_not_hide_a_newer_one(server: Server) -> None:
    """Two hooks run at once and the first is slow: what the second pushed still goes out."""
    hook = server.bare.path / "hooks" / "post-receive"
    first, second, third = "1" * 40, server.bare.resolve("refs/heads/main"), server.clone.commit({"a": "1"})
    server.clone.push("origin", "HEAD:refs/heads/objects")
    server.pushboat.events.clear()
    server.pushboat.door.down = True
    for before, after in ((second, third), (first, second)):
        subprocess.run([hook], input=f"{before} {after} refs/heads/main\n", text=True, capture_output=True, check=True)
    server.pushboat.door.down = False

    server.catch_up()

    assert [event.sha for _, event in server.pushboat.events] == [third, second]


def test_a_delivery_that_is_refused_for_good_does_not_block_the_others(server: Server) -> None:
    """It is said and dropped; the next push is taken."""
    server.trouble(400, method="POST", body={"error": "`ref` is not a string"})
    assert "`ref` is not a string" in server.clone.push("origin", "HEAD:refs/heads/one").remote[0]

    server.clone.push("origin", "HEAD:refs/heads/two")

    assert [event.ref for _, event in server.pushboat.events] == ["refs/heads/two"]
    assert server.missed() == 0
