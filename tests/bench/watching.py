"""The p99 of a push while two hundred pages are open on a live deployment, against its own when nobody watches."""

import os
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pushboat.config import operator as operator_file
from pushboat.store import progress_lines
from pushboat.store.database.engine import open_store
from pushboat.store.progress_lines import Line
from tests.bench.measuring import Row
from tests.bench.trickling import p99
from tests.pages.ledger import Ledger
from tests.receiving.web_process import connect, prepare, served, showing

ROUNDS = 5
WATCHERS = 200
AT_MOST = 1.2
SPEAKS_EVERY = 0.5
"""Seconds between two lines of the deployment that all of them watch."""


def measure(folder: Path) -> list[Row]:
    """Push beside watchers, and without, in turn."""
    folder.mkdir()
    config = prepare(folder)
    store = open_store("", operator_file.load(config, os.environ).state)
    number = Ledger(store).running().id
    calm, watched = [], []

    def speak() -> None:
        while not quiet.wait(SPEAKS_EVERY):
            progress_lines.record(store, [Line(deployment=number, phase="wait", text="waiting for web: 2 of 3 ready")])

    quiet = threading.Event()
    speaker = threading.Thread(target=speak)
    speaker.start()
    try:
        with served(config) as (_, url), showing(config):
            p99(url, "warm")
            for each in range(ROUNDS):
                calm.append(p99(url, f"calm-{each}"))
                with _watching(url, number):
                    watched.append(p99(url, f"watched-{each}"))
    finally:
        quiet.set()
        speaker.join()
        store.close()
    what = f"p99 of a push while {WATCHERS} pages are open, against its own with none; at most {AT_MOST}"
    return [Row(what, statistics.median(watched), statistics.median(calm))]


@contextmanager
def _watching(url: str, number: int) -> Iterator[None]:
    """Open the streams, and read what comes as browsers do."""
    pages = [connect(url) for _ in range(WATCHERS)]
    left = threading.Event()

    def read() -> None:
        while not left.wait(SPEAKS_EVERY):
            for page in pages:
                page.recv(65536)

    for page in pages:
        page.sendall(f"GET /api/v1/deployments/{number}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert page.recv(65536).startswith(b"HTTP/1.1 200")
    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield
    finally:
        left.set()
        reader.join()
        for page in pages:
            page.close()
