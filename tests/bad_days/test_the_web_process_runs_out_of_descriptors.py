"""The web process may open nothing more: it says so, lives on, and takes deliveries when there is room again."""

import resource
from itertools import count
from pathlib import Path

import pytest
import requests

from tests.receiving.test_the_server_process import children
from tests.receiving.web_process import prepare, push, served
from tests.until import until

FULL = "Too many open files: connections wait in line"


def answer(url: str, delivery: str) -> int:
    """Send a delivery; 0 where nobody answers."""
    try:
        return push(url, delivery)
    except requests.RequestException:
        return 0


def answers(url: str) -> bool:
    """Say whether anybody answers within a moment."""
    try:
        requests.get(f"{url}/healthz", timeout=2)
    except requests.RequestException:
        return False
    return True


@pytest.mark.programs
def test_it_goes_on_when_there_is_room(tmp_path: Path) -> None:
    """Something has used all descriptors up: nothing is accepted, and it is over when they are back."""
    config = prepare(tmp_path)
    with served(config) as (master, url):
        assert push(url, "d-before") == 202
        [worker] = children(master.pid)
        usual = resource.prlimit(worker, resource.RLIMIT_NOFILE)

        def is_full() -> bool:
            taken = {int(each.name) for each in Path(f"/proc/{worker}/fd").iterdir()}
            free = next(number for number in count() if number not in taken)
            resource.prlimit(worker, resource.RLIMIT_NOFILE, (free, usual[1]))
            return not answers(url) and FULL in (tmp_path / "log").read_text()

        until(is_full, what="the last descriptor to be taken")
        resource.prlimit(worker, resource.RLIMIT_NOFILE, usual)
        until(lambda: answer(url, "d-after") in (200, 202), what="a delivery to be taken again")
        assert children(master.pid) == [worker], "the web process died of it"
