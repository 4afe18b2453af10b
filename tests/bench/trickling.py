"""The p99 of one good sender while twenty others trickle, against its own when all is calm, on the real web process."""

import http.client
import statistics
import time
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.measuring import Row
from tests.receiving.front_door import github_headers, push_body
from tests.receiving.tricklers import BODY, HEAD, trickling
from tests.receiving.web_process import prepare, served

DELIVERIES = 300
ROUNDS = 3
TRICKLERS = 20


def measure(folder: Path) -> list[Row]:
    """Compare trickled heads and trickled bodies with calm."""
    folder.mkdir()
    rows = []
    with served(prepare(folder)) as (_, url):
        p99(url, "warm")
        for what, beginning in (("heads", HEAD + b"X: "), ("bodies", BODY)):
            calm, troubled = [], []
            for number in range(ROUNDS):
                calm.append(p99(url, f"calm-{what}-{number}"))
                with trickling(url, TRICKLERS, beginning) as tricklers:
                    troubled.append(p99(url, f"troubled-{what}-{number}"))
                    assert tricklers.hanging() == TRICKLERS
            name = f"p99 of a push while {TRICKLERS} trickle {what}, against its own when calm"
            rows.append(Row(name, statistics.median(troubled), statistics.median(calm)))
    return rows


def p99(url: str, name: str) -> float:
    """Push many times, and give the p99 in seconds."""
    return latencies(url, name)[-1]


def latencies(url: str, name: str) -> list[float]:
    """Push many times, each on a connection of its own, and give the 99 percentiles of how long it took, in seconds."""
    address, times = urlsplit(url), []
    for number in range(DELIVERIES):
        body = push_body()
        connection = http.client.HTTPConnection(address.netloc, timeout=30)
        started = time.perf_counter()
        connection.request("POST", "/webhooks/github", body, github_headers(body, delivery=f"{name}-{number}"))
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - started)
        assert answer.status == 202, answer.status
        connection.close()
    return statistics.quantiles(times, n=100)
