"""The store moves from SQLite to Postgres while the forge goes on sending: what was accepted is in the new one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
import requests
import sqlalchemy as sa
from requests.exceptions import ChunkedEncodingError

from pushboat.store.database.engine import open_store
from pushboat.store.database.schema import deliveries
from tests.receiving.web_process import push, served
from tests.store import postgres
from tests.until import until

pytestmark = [pytest.mark.programs, pytest.mark.proof]
SENDERS, SOME = 3, 30


class Forge:
    """A forge that sends all the time, and remembers how each delivery was answered."""

    def __init__(self) -> None:
        self.accepted: list[str] = []
        self.unheard: list[str] = []
        self.refused = 0
        self._stop = Event()

    @contextmanager
    def sending(self, url: str) -> Iterator[None]:
        """Send by several connections for the time of the block."""
        threads = [Thread(target=self._send, args=(url, number)) for number in range(SENDERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def wait_for(self, more: int) -> None:
        """Wait until so many more were accepted."""
        enough = len(self.accepted) + more
        until(lambda: len(self.accepted) >= enough, what="deliveries to be accepted")

    def _send(self, url: str, sender: int) -> None:
        turn = 0
        while not self._stop.is_set():
            turn += 1
            name = f"{sender}-{turn}"
            try:
                code = push(url, name)
            except (requests.ConnectionError, ChunkedEncodingError):  # it may have been taken in before the restart
                self.unheard.append(name)
                continue
            assert code in (202, 503), code
            if code == 202:
                self.accepted.append(name)
            else:
                self.refused += 1


def test_a_store_moves_while_deliveries_come_in(config: Path) -> None:
    """I move the store of a server that runs, start it with the new one, and nothing that it took in is missing."""
    forge = Forge()
    with postgres.server() as server:
        url = server.fresh()
        environ = os.environ | {"NEW_STORE": url}
        with served(config) as (master, address), forge.sending(address):
            forge.wait_for(SOME)
            command = [sys.executable, "-m", "cli.main", "db", "copy", str(config), "env:NEW_STORE"]
            moved = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
            assert moved.returncode == 0, moved.stderr
            assert "this store is closed" in moved.stderr
            until(lambda: forge.refused, what="a delivery to be refused")
            again = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
            assert (again.returncode, "already" in again.stderr) == (1, True), moved.stderr + again.stderr
            master.terminate()
            master.wait(60)
            (config.parent / "new-store").write_text(url)
            config.write_text(config.read_text() + f"store: {{file: {config.parent / 'new-store'}}}\n")
            with served(config):
                forge.wait_for(SOME)
        store = open_store(url, config.parent)
        with store.reading() as tx:
            found = [row["delivery"] for row in tx.rows(sa.select(deliveries.c.delivery))]
        store.close()
    assert len(found) == len(set(found))
    assert set(forge.accepted) <= set(found) <= {*forge.accepted, *forge.unheard}
    log = (config.parent / "log").read_text()
    assert "has moved elsewhere" in log
    assert "Traceback" not in log
