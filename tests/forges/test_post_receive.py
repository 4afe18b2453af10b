"""The hook of a plain git server: whoever pushes sees the states live, and a push is never blocked."""

import ast
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from pushboat.errors import ForgeRefused
from pushboat.forges.git.installing import install
from tests.fakes.plain_git import PlainGit
from tests.fakes.pushboat import STORY
from tests.forges.git_server import Server

pytestmark = pytest.mark.programs


def test_a_push_shows_its_deployment_live_until_the_end(server: Server) -> None:
    """Each step appears on the terminal, then how it ended."""
    before = server.bare.resolve("refs/heads/main")
    sha = server.clone.commit({"a": "1"})

    pushed = server.clone.push()

    assert pushed.code == 0
    assert pushed.remote == [*(f"staging: {line}" for line in STORY), "staging: succeeded: healthy in 8 s"]
    (_, event), *_ = server.pushboat.events
    assert (event.repository, event.ref, event.before, event.sha, event.author) == (
        "team/shop", "refs/heads/main", before, sha, "alice",
    )  # fmt: skip
    assert server.missed() == 0


def test_what_a_held_push_waits_for_is_one_line(server: Server) -> None:
    """Somebody paused staging: my terminal says so once, and goes on with the story when it is resumed."""
    server.pushboat.held = "paused by ann since 2026-07-01 14:02 UTC"
    server.clone.commit({"a": "1"})
    pushed = server.clone.push()
    held = "staging: paused by ann since 2026-07-01 14:02 UTC"
    assert pushed.remote == [held, *(f"staging: {line}" for line in STORY), "staging: succeeded: healthy in 8 s"]


def test_each_thing_that_a_held_push_waits_for_is_a_line(server: Server) -> None:
    """A lock and a freeze hold staging: I read both, and of each who ends it."""
    server.pushboat.held = "frozen; then locked by ann"
    server.pushboat.told = ["frozen (ended by the clock)", "locked by ann (ended by ann, with pushboat unlock a b)"]
    server.clone.commit({"a": "1"})
    assert server.clone.push().remote[:2] == [f"staging: {line}" for line in server.pushboat.told]


def test_branches_tags_force_and_deletion_are_told(server: Server) -> None:
    """One delivery per ref, a tag by its commit, a forced push as such, and no word about notes."""
    server.pushboat.nothing = "nothing follows this ref"
    first, second = server.bare.resolve("refs/heads/main"), server.clone.commit({"a": "1"})
    server.clone.git("tag", "--annotate", "--message", "one", "v1")
    server.clone.git("notes", "add", "--message", "hello")
    server.clone.push("origin", "HEAD:main", "HEAD:refs/heads/next", "v1", "refs/notes/commits")
    server.clone.push("--force", "origin", f"{first}:main")
    server.clone.push("origin", ":next")

    told = {(event.ref, event.action, event.sha, event.forced) for _, event in server.pushboat.events}
    assert told == {
        ("refs/heads/main", "updated", second, False),
        ("refs/heads/next", "created", second, False),
        ("refs/tags/v1", "created", second, False),
        ("refs/heads/main", "updated", first, True),
        ("refs/heads/next", "deleted", "0" * 40, False),
    }


def test_what_a_push_leaves_behind_is_said_beside_what_it_deploys(server: Server) -> None:
    """My commit changes staging and takes production's folder away: I read that production still runs."""
    gone = (
        "production left .pushboat.yaml, its object still runs: put it back, or pushboat destroy team/shop production"
    )
    server.pushboat.left = f"deploying 1a2b3c4 to staging; {gone}"
    server.clone.commit({"a": "1"})
    assert server.clone.push().remote == [
        gone,
        *(f"staging: {line}" for line in STORY),
        "staging: succeeded: healthy in 8 s",
    ]


@pytest.mark.parametrize("field", ["ignored", "nothing"])
def test_why_nothing_happens_is_one_line(server: Server, field: str) -> None:
    """Known at once, or only after routing."""
    setattr(server.pushboat, field, "no environment follows refs/heads/next; add `branch: next` to .pushboat.yaml")

    pushed = server.clone.push("origin", "HEAD:refs/heads/next")

    assert len(pushed.remote) == 1
    assert "no environment follows" in pushed.remote[0]


def test_every_mistake_is_a_line_of_its_own(server: Server) -> None:
    """A refused file is mended in one round: each mistake stands there once, below the sentence."""
    server.pushboat.nothing = "nothing deployed: .pushboat.yaml:2:3: one (and 2 more); fix it and push again"
    server.pushboat.details = "\n".join(
        f".pushboat.yaml:{line}:3: {word}" for line, word in enumerate(("one", "two", "three"), 2)
    )

    pushed = server.clone.push("origin", "HEAD:refs/heads/next")

    assert pushed.remote == [server.pushboat.nothing, ".pushboat.yaml:3:3: two", ".pushboat.yaml:4:3: three"]


@pytest.mark.parametrize(("state", "said"), [("errored", True), ("failed", False), ("succeeded", False)])
def test_what_was_not_the_commits_fault_can_be_tried_again(server: Server, state: str, said: bool) -> None:
    """Where no new commit would help, the last line is the command that deploys this one again."""
    server.pushboat.state = state

    pushed = server.clone.push("origin", "HEAD:refs/heads/next")

    again = "staging: the commit is not at fault; to try it again: pushboat deliveries replay 1"
    assert (pushed.remote[-1] == again) == said
    assert f"staging: {state}: healthy in 8 s" in pushed.remote


def test_a_rollback_that_answers_a_failure_is_watched_too(server: Server) -> None:
    """My push fails and is rolled back: the terminal ends with how that went."""
    server.pushboat.state, server.pushboat.rollback = "failed", 9
    pushed = server.clone.push("origin", "HEAD:refs/heads/next")
    assert pushed.remote[-2:] == ["staging: failed: healthy in 8 s", "staging: succeeded: back at release 3"]


def test_a_wrong_secret_is_said(server: Server) -> None:
    """In Pushboat's words, without a traceback, and the delivery is kept."""
    server.pushboat.secret = "another"

    pushed = server.clone.push("origin", "HEAD:refs/heads/next")

    assert "signature does not match" in pushed.remote[0]
    assert server.missed() == 1


@pytest.mark.parametrize("status", [0, 200, 500])
def test_whatever_answers_in_place_of_pushboat_the_push_succeeds(server: Server, status: int) -> None:
    """Somebody's maintenance page, an error, or a connection that breaks."""
    server.trouble(status)

    pushed = server.clone.push("origin", "HEAD:refs/heads/next")

    assert pushed.code == 0
    assert "did not take it" in pushed.remote[0]
    assert "Traceback" not in pushed.terminal


def test_a_restart_of_pushboat_is_waited_out(server: Server) -> None:
    """The story goes on where it was."""
    server.trouble(503, path="/progress", times=3)

    assert server.clone.push("origin", "HEAD:refs/heads/next").remote[-1] == "staging: succeeded: healthy in 8 s"


def test_watching_can_be_interrupted(server: Server) -> None:
    """Ctrl-C ends the watching, not the deployment."""
    server.pushboat.state = "running"
    update = f"{'0' * 40} {server.bare.resolve('refs/heads/main')} refs/heads/main\n"
    ours = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # what is ignored here, as nohup does, stays ignored
    try:
        hook = subprocess.Popen(
            [server.bare.path / "hooks" / "post-receive"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, ours)
    assert hook.stdin is not None
    assert hook.stdout is not None
    with hook:
        hook.stdin.write(update)
        hook.stdin.close()
        assert hook.stdout.readline() == f"staging: {STORY[0]}\n"
        hook.send_signal(signal.SIGINT)
        assert "it goes on" in hook.stdout.read()
    assert hook.returncode == 0


def test_whoever_hangs_up_stops_nothing(server: Server) -> None:
    """The terminal is gone, the delivery is not, and the hook ends without complaint."""
    update = f"{'0' * 40} {server.bare.resolve('refs/heads/main')} refs/heads/main\n"
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(
        [server.bare.path / "hooks" / "post-receive"], input=update.encode(), stdout=writing, stderr=subprocess.PIPE
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (0, b"")
    assert len(server.pushboat.events) == 1


def test_watching_ends_in_time(server: Server) -> None:
    """A rollout may hang; the terminal does not."""
    server.pushboat.state = "running"
    install(server.bare.path, url=server.pushboat.url, forge="local", name="team/shop", secret="s3cret", wait=1.0)

    pushed = server.clone.push("origin", "HEAD:refs/heads/next")

    assert pushed.remote[-1] == f"staging: still going on; follow it at {server.pushboat.url}/deployments/1"


def test_the_secret_is_not_in_the_hook(server: Server) -> None:
    """Only the path of a file that its owner alone may read."""
    hook = server.bare.path / "hooks" / "post-receive"
    secret = server.bare.path / "pushboat-secret"

    assert server.pushboat.secret not in hook.read_text()
    assert secret.read_text() == server.pushboat.secret
    assert (hook.stat().st_mode & 0o777, secret.stat().st_mode & 0o777) == (0o755, 0o600)


def test_a_foreign_hook_is_left_alone(plain: PlainGit) -> None:
    """Nothing that somebody else wrote is replaced."""
    folder = plain.root / "team" / "shop.git"
    hook = folder / "hooks" / "post-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho mine\n")

    with pytest.raises(ForgeRefused, match="not ours"):
        install(folder, url="http://127.0.0.1:1", forge="local", name="team/shop", secret="s")
    assert hook.read_text() == "#!/bin/sh\necho mine\n"


def test_a_folder_that_is_no_repository_is_refused(tmp_path: Path) -> None:
    """With the command that makes one."""
    with pytest.raises(ForgeRefused, match="git init --bare"):
        install(tmp_path, url="http://127.0.0.1:1", forge="local", name="shop", secret="s")


@pytest.mark.parametrize("version", ["3.9", "3.10"])
def test_the_hook_runs_on_an_older_python(server: Server, version: str) -> None:
    """A git server may have nothing newer."""
    source = (server.bare.path / "hooks" / "post-receive").read_text()

    python = shutil.which(f"python{version}")
    if python is None or subprocess.run([python, "-c", ""], capture_output=True).returncode:
        ast.parse(source, feature_version=(3, int(version.partition(".")[2])))
        return
    done = subprocess.run(
        [python, server.bare.path / "hooks" / "post-receive", "--catch-up"], capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("nothing was missed\n", "")


def test_the_terminal_prints_the_deployments_page(server: Server) -> None:
    """Once, as soon as there is something to see, so that the last line stays how it ended."""
    server.pushboat.page = "https://pushboat.example.com/deployments/1"

    pushed = server.clone.push("origin", "HEAD:refs/heads/next")

    assert pushed.remote.count("staging: its page is https://pushboat.example.com/deployments/1") == 1
    assert pushed.remote[-1] == "staging: succeeded: healthy in 8 s"


def test_a_long_silence_says_how_long_and_until_when(server: Server) -> None:
    """Whoever waits sees that it goes on, since when, and for how long this terminal watches."""
    server.pushboat.state = "running"
    hook = server.bare.path / "hooks" / "post-receive"
    hook.write_text(hook.read_text().replace("SPEAK_EVERY_SECONDS = 15.0", "SPEAK_EVERY_SECONDS = 1.0"))
    update = f"{'0' * 40} {server.bare.resolve('refs/heads/main')} refs/heads/main\n"
    told = subprocess.run(
        [hook, "--wait", "3"], input=update, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    (line, *_) = [
        line for line in told if re.search("staging: still going on after . s; this terminal watches 3 s", line)
    ]
    assert line.endswith("Ctrl-C leaves it alone, a newer push takes its place")
    assert "still going on; follow it at" in told[-1]
