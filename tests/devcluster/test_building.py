"""Programs are built once, completely, and never twice at the same time."""

import threading
from pathlib import Path

import pytest

from cli.lab.golang import ToolUnavailable, build_once, go, run_with_progress


def test_two_at_once_build_once(tmp_path: Path) -> None:
    """The second waits for the first and takes what it made."""
    builds = []
    begun = threading.Event()

    def build(target: Path) -> None:
        builds.append(target)
        begun.set()
        assert not (tmp_path / "tool").exists(), "visible before it is complete"
        target.write_text("done")

    others = [threading.Thread(target=build_once, args=(tmp_path / "tool", build)) for _ in range(4)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert begun.is_set()
    assert len(builds) == 1
    assert (tmp_path / "tool").read_text() == "done"


def test_a_failed_build_leaves_nothing_and_is_tried_again(tmp_path: Path) -> None:
    """Half a program must never be run."""

    def fail(target: Path) -> None:
        target.write_text("half")
        raise ToolUnavailable("no")

    with pytest.raises(ToolUnavailable):
        build_once(tmp_path / "tool", fail)
    assert not (tmp_path / "tool").exists()
    assert build_once(tmp_path / "tool", lambda target: target.write_text("whole") and None).read_text() == "whole"


def test_a_build_says_what_it_does_and_why_it_failed() -> None:
    """Nobody should stare at a silent terminal for minutes, nor guess."""
    said: list[str] = []
    run_with_progress(["true"], "building x", 90, said.append)
    assert said[0] == "building x: only this once, about 90 s"
    assert said[-1].startswith("building x: done in ")
    with pytest.raises(ToolUnavailable, match="ls: cannot access"):
        run_with_progress(["ls", "/no/such/file"], "building x", 90, said.append)


def test_go_is_found() -> None:
    """It is on PATH, or it came as a wheel."""
    assert go().name == "go"
