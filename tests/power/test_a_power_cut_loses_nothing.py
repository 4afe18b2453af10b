"""Whoever heard a 202 finds the delivery after a power cut, wherever it falls: the commit was synced before."""

import json
import os
import random
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.power import recorder
from tests.power.after_the_cut import cut_everywhere, cut_points, lay_out, promised_before
from tests.power.conftest import Run
from tests.power.disk import play
from tests.power.recording import ANSWERED, WRITTEN, Record, Recording
from tests.receiving.web_process import shows
from tests.serving import Served
from tests.until import until

CUTS = [30, pytest.param(210, marks=pytest.mark.proof)]
CUTS_BY_CHANCE = [30, pytest.param(90, marks=pytest.mark.proof)]
SERVED = 10
"""A whole `serve` takes more than ten seconds of processors for its start and its end."""


def test_the_record_is_whole(run: Run) -> None:
    """The recorded writes, played again, give the very files that the process left; nothing escaped the recorder."""
    *_, (_, disk) = play(run.recording)
    assert disk.all_written() == run.after
    assert len(run.recording.promises) == 400
    written = [str(record) for record in run.recording.records]
    assert sum(line.startswith("write     pushboat.sqlite3 ") for line in written) > 50, "no checkpoint was recorded"
    assert sum(line.startswith("rename    pushboat.sqlite3-sums.new to pushboat.sqlite3-sums") for line in written) > 3
    assert sum(line.startswith("write     pushboat.sqlite3-wal  32 bytes at 0") for line in written) > 1


@pytest.mark.parametrize("cuts", CUTS)
def test_no_accepted_delivery_is_missing(run: Run, after: Path, cuts: int) -> None:
    """Of the disk only what was synced is left, at over 200 moments: every delivery with a 202 is there and goes on."""
    chance = random.Random("only what was synced")
    cut_everywhere(run.recording, cut_points(run.recording, cuts, chance), after)


@pytest.mark.parametrize("cuts", CUTS_BY_CHANCE)
def test_what_was_not_synced_may_survive_in_pieces(run: Run, after: Path, cuts: int) -> None:
    """What was written and not synced survives in any part and order: the store opens and keeps its promises."""
    chance = random.Random("in pieces")
    cut_everywhere(run.recording, cut_points(run.recording, cuts, chance), after, chance)


@pytest.mark.parametrize("level", ["NORMAL", "OFF"])
def test_a_store_that_syncs_less_is_found_out(level: str, tmp_path: Path, after: Path) -> None:
    """The proof can fail: with `synchronous=NORMAL` or `OFF` it does, and it prints the writes and syncs it saw."""
    recording, _ = recorder.record(tmp_path, pushes=40, launcher=["tests.power.careless", level])
    cuts = cut_points(recording, 20, random.Random(level))
    with pytest.raises(AssertionError, match="answered 202 and are gone") as loss:
        cut_everywhere(recording, cuts, after)
    printed = str(loss.value)
    assert "write     pushboat.sqlite3-wal" in printed
    assert "answer    HTTP/1.1 202" in printed
    assert "the power is cut here" in printed
    begun = "sync      pushboat.sqlite3-wal  begins"
    if level == "NORMAL":  # with OFF only our own checkpoints may have synced, which are not what is broken here
        assert begun in "\n".join(map(str, recording.records)), "NORMAL syncs at a checkpoint"


def test_a_loss_shows_the_answer_that_was_broken() -> None:
    """However much was written since, what is printed begins no later than at the last answer before the cut."""
    answer = Record(ANSWERED, "", 0, 1, b"HTTP/1.1 202 ACCEPTED\r\n\r\n")
    written = Record(WRITTEN, "pushboat.sqlite3-wal", 0, 0, b"page")
    body = Record(ANSWERED, "", 0, 1, b'{"delivery": 1}')
    printed = Recording({}, [written, answer, body, *[written] * 100]).around(100).splitlines()
    assert printed[0].endswith("answer    HTTP/1.1 202 ACCEPTED"), "an answer has parts; its head is first"
    assert "------- the power is cut here" in printed
    assert len(Recording({}, [written] * 100).around(90).splitlines()) == 45, (
        "without an answer: forty before, four after"
    )


@pytest.mark.parametrize("count", [1, pytest.param(30, marks=[pytest.mark.proof, pytest.mark.timeout(900)])])
def test_the_web_process_starts_on_what_is_left(run: Run, after: Path, count: int) -> None:
    """The real web process, started on what a cut left, shows every delivery that it had answered 202."""
    chance = random.Random(f"{count} started")
    cuts = set(cut_points(run.recording, count, chance))
    for index, disk in play(run.recording):
        if index in cuts:
            starts(run.recording, index, disk.by_chance(chance), after / str(index))


@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_serve_starts_whole_on_what_is_left(run: Run, after: Path) -> None:
    """`pushboat serve` with all its processes starts on what a cut left, shows all of it, and ends cleanly."""
    chance = random.Random("served")
    cuts = set(cut_points(run.recording, SERVED, chance))
    for index, disk in play(run.recording):
        if index in cuts:
            serves(run.recording, index, disk.by_chance(chance), after / str(index))


def serves(recording: Recording, cut: int, left: dict[str, bytes], folder: Path) -> None:
    """Start `pushboat serve` on what a cut left, ask it for all deliveries, and end it."""
    lay_out(folder / "var", left)
    served = Served.start(folder, recorder.operator(folder))
    try:
        missing = promised_before(recording, cut) - shown(served.url)
    finally:
        served.stop()
    assert not missing, f"{sorted(missing)[:10]} are not shown\n{recording.around(cut)}"
    assert (folder / "var" / "pushboat.sqlite3-seal").exists(), "it did not end as it should"


def starts(recording: Recording, cut: int, left: dict[str, bytes], folder: Path) -> None:
    """Start `pushboat web` and `pushboat dashboard` on what a cut left, and ask for all deliveries."""
    place = recorder.site(folder)
    lay_out(place.state, left)
    argv = [sys.executable, "-m", "cli.main", "--config", str(place.config)]
    started = [subprocess.Popen([*argv, name], env=os.environ) for name in ("web", "dashboard")]
    try:
        until(lambda: shows(place.url), what="pages to be shown after the cut")
        missing = promised_before(recording, cut) - shown(place.url)
    finally:
        for process in started:
            process.kill()
            process.wait()
    assert not missing, f"{sorted(missing)[:10]} are not shown\n{recording.around(cut)}"


def shown(url: str) -> set[int]:
    """List the numbers of all deliveries that the API shows, page by page."""
    found: set[int] = set()
    page = f"{url}/api/v1/deliveries?limit=100"
    while page:
        with urllib.request.urlopen(page, timeout=60) as answer:
            listed = json.load(answer)
        found |= {item["id"] for item in listed["items"]}
        page = f"{url}/api/v1/deliveries?limit=100&cursor={listed['next']}" if listed["next"] else ""
    return found
