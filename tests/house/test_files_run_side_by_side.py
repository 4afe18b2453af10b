"""Several sides run the files of tests, and not one test is lost on the way."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import own_children
from tests.until import until

ROOT = Path(__file__).resolve().parents[2]
FIRST = """
import os, pathlib, pytest
@pytest.fixture(scope="session", autouse=True)
def ended():
    yield
    pathlib.Path(f"ended-{os.getpid()}").touch()
def test_passes():
    print("said by who passes")
    pathlib.Path("go").touch()
def test_fails(capfd):
    print("said by who fails")
    assert "a" == "b"
@pytest.mark.skip(reason="for a reason")
def test_is_skipped(): ...
def test_dies(): os.kill(os.getpid(), 9)
def test_comes_after_one_that_died(tmp_path): tmp_path.joinpath("file").touch()
"""
OTHER = """
import os, pathlib, time
def test_runs_elsewhere(tmp_path):
    assert not pathlib.Path(f"ended-{os.getpid()}").exists()
    deadline = time.monotonic() + 60
    while not pathlib.Path("go").exists() and time.monotonic() < deadline: time.sleep(0.02)
    assert pathlib.Path("go").exists(), "the other file did not run meanwhile"
"""


def played(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the tests of a folder as ours are run."""
    with begun(folder, *words) as run:
        printed, said = run.communicate(timeout=120)
    return subprocess.CompletedProcess(words, run.returncode, printed, said)


def begun(folder: Path, *words: str) -> "subprocess.Popen[str]":
    """Begin to."""
    (folder / "pytest.ini").write_text(
        "[pytest]\naddopts = -ra -p no:cacheprovider -p tests.sides -p tests.folder_fixtures\n"
    )
    argv = [sys.executable, "-m", "pytest", "--basetemp=tmp", *words]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    return subprocess.Popen(argv, cwd=folder, env=environ, stdout=pipe, stderr=pipe, text=True)


@pytest.mark.programs
def test_every_test_is_told_of_also_where_a_side_dies(tmp_path: Path) -> None:
    """I read what passed, failed and was skipped, what a failure said, and which test took its process with it."""
    (tmp_path / "test_a.py").write_text(FIRST)
    (tmp_path / "test_b.py").write_text(OTHER.replace("def test_runs", "def test_before(): ...\ndef test_runs"))
    done = played(tmp_path, "--sides", "2")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "2 failed, 4 passed, 1 skipped" in done.stdout, done.stdout
    assert "said by who fails" in done.stdout
    assert "said by who passes" not in done.stdout
    assert "the process that ran this test ended with code -9" in done.stdout
    assert "FAILED test_a.py::test_dies" in done.stdout
    assert len(list(tmp_path.glob("ended-*"))) == 1, "what a side set up it takes down; one died"
    assert all(each.name.startswith("side-") for each in (tmp_path / "tmp").iterdir())


@pytest.mark.programs
def test_who_wants_no_more_after_a_failure_gets_no_more(tmp_path: Path) -> None:
    """With -x I have my prompt again after the first failure, and what was set up is taken down."""
    fails = FIRST.replace("def test_passes():", "def test_begins(): assert 0\ndef test_passes():")
    (tmp_path / "test_a.py").write_text(fails.replace("def test_dies", "def not_a_test"))
    (tmp_path / "test_b.py").write_text("import time\ndef test_takes_time(): time.sleep(1)\ndef test_never(): ...\n")
    done = played(tmp_path, "--sides", "2", "-x")
    assert done.returncode == 2 or done.returncode == 1, done.stdout
    assert "stopping after 1 failures" in done.stdout, done.stdout
    assert "test_never" not in done.stdout
    assert len(list(tmp_path.glob("ended-*"))) == 1


HANGS = """
def test_hangs():
    pathlib.Path("hangs").touch()
    __import__("threading").Event().wait(60)
"""


@pytest.mark.programs
def test_who_is_ended_from_outside_says_what_ran(tmp_path: Path) -> None:
    """My run takes too long and is ended: I read in which test, and what had failed; what was set up is taken down."""
    (tmp_path / "test_a.py").write_text(FIRST.replace("def test_dies", "def not_a_test") + HANGS)
    (tmp_path / "test_b.py").write_text("def test_passes(): ...\n")
    with begun(tmp_path, "--sides", "2") as run:
        until((tmp_path / "hangs").exists, what="the test that hangs")
        until(lambda: len(own_children(run.pid)) == 1, what="the other side to end")
        run.terminate()
        printed, _ = run.communicate(timeout=120)
    assert "s in test_a.py::test_hangs" in printed
    assert "said by who fails" in printed
    assert "1 tests were not run to their end" in printed
    assert len(list(tmp_path.glob("ended-*"))) == 1


NOTES = """
import pathlib, pytest
def test_notes(): pathlib.Path("ran-{}").touch()
"""
WAITS = """
import pathlib, time
def test_waits():
    deadline = time.monotonic() + 60
    while (ran := len(list(pathlib.Path().glob("ran-*")))) < 3 and time.monotonic() < deadline: time.sleep(0.02)
    assert ran == 3, "what takes long did not begin before this"
"""


@pytest.mark.programs
def test_what_may_take_longest_begins_first(tmp_path: Path) -> None:
    """I wait for no file that takes ten minutes and was begun when all others had ended."""
    long, longest = (
        NOTES.replace("def", f"@pytest.mark.timeout({seconds})\ndef").replace("{}", str(seconds))
        for seconds in (900, 1800)
    )
    for file, content in {
        "a/test_a.py": WAITS,
        "b/test_b.py": WAITS,
        "c/test_c.py": long,
        "d/test_d.py": longest,
        "stories/test_e.py": NOTES.replace("{}", "story"),
    }.items():
        (tmp_path / file).parent.mkdir()
        (tmp_path / file).write_text(content)
    done = played(tmp_path, "--sides", "2")
    assert "5 passed" in done.stdout, done.stdout


SHARED = """
import pathlib, pytest
@pytest.fixture(scope="session")
def ground():
    yield "ground"
    pathlib.Path("ended").open("a").write("ground ")
@pytest.fixture(scope="session")
def shared(ground):
    yield ground
    pathlib.Path("ended").open("a").write("shared ")
"""
ASKS = """
import pathlib
def test_it_is_there(shared): assert not pathlib.Path("ended").exists()
"""
IS_ENDED = """
import pathlib
def test_it_is_ended(): assert pathlib.Path("ended").read_text() == "shared ground "
"""


@pytest.mark.programs
def test_what_a_folder_shares_ends_with_the_folder(tmp_path: Path) -> None:
    """What all files of a folder use is begun once, and stands there no longer than the folder's last test."""
    for file, content in {
        "one/conftest.py": SHARED,
        "one/test_a.py": ASKS,
        "one/test_b.py": ASKS,
        "two/test_c.py": IS_ENDED,
    }.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(content)
    done = played(tmp_path)
    assert "3 passed" in done.stdout, done.stdout
