"""What a container writes is read line by line, and a connection that breaks in between loses and repeats nothing."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from pushboat.config.operator import ClusterAccess
from pushboat.model.container_log import LONGEST_LINE, ContainerLog, in_markdown, read, written
from workers.cluster.client.connection import Cluster, connect
from workers.cluster.explaining.logs import follow_log, legible

POD = {"metadata": {"namespace": "shop", "name": "web-1"}}
LINES = [f"2026-01-01T00:00:0{second}.5Z line {second}" for second in range(6)]
BREAKS_AFTER = 3


class Kubelet(ThreadingHTTPServer):
    """Hands out lines that are not older than what is asked for; its first answer breaks in the middle of a line."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.asked: list[dict[str, str]] = []


class _Answering(BaseHTTPRequestHandler):
    server: Kubelet
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.server.asked.append(query)
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        wanted = [line for line in LINES if line >= query.get("sinceTime", "")]
        breaks = len(self.server.asked) == 1
        for line in wanted[:BREAKS_AFTER] if breaks else wanted:
            self._chunk(f"{line}\n")
        if breaks:
            self._chunk(LINES[BREAKS_AFTER][:8])
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, text: str) -> None:
        self.wfile.write(f"{len(text):x}\r\n{text}\r\n".encode())

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def kubelet() -> Iterator[Kubelet]:
    """A server of logs, by real HTTP."""
    with Kubelet() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def cluster(kubelet: Kubelet, tmp_path: Path) -> Iterator[Cluster]:
    """A connection to it."""
    file = tmp_path / "kubeconfig"
    named = {"cluster": {"server": f"http://127.0.0.1:{kubelet.server_port}"}, "name": "a"}
    context = {"name": "a", "context": {"cluster": "a", "user": "a"}}
    user = {"name": "a", "user": {"token": "t"}}
    body = {"apiVersion": "v1", "kind": "Config", "current-context": "a", "clusters": [named]}
    file.write_text(yaml.safe_dump({**body, "contexts": [context], "users": [user]}))
    opened = connect(ClusterAccess(name="dev", kubeconfig=file))
    yield opened
    opened.close()


def test_a_connection_that_breaks_loses_and_repeats_nothing(kubelet: Kubelet, cluster: Cluster) -> None:
    """I follow a container whose connection breaks: I read every line once, in order, and no half of one."""
    assert list(follow_log(cluster, POD, "app", 100)) == [f"line {second}" for second in range(6)]
    assert [each.get("sinceTime") for each in kubelet.asked] == [None, "2026-01-01T00:00:02.5Z"]


def test_a_line_that_begins_with_a_word_keeps_it() -> None:
    """Colours go, tabs become spaces, other control characters are shown, and a long line is cut with a mark."""
    assert legible("\x1b[1;31mERROR\x1b[0m\tx\x1b]0;title\x07\r\n") == "ERROR   x"
    assert legible("a\x08b\u202ec") == "a\\u0008b\\u202ec"
    cut = legible("y" * 1000)
    assert (len(cut), cut[-1]) == (LONGEST_LINE, "…")


def test_what_is_kept_comes_back_and_is_bounded() -> None:
    """The store gives back what was kept, of a few containers; a comment cannot be broken out of."""
    logs = [ContainerLog(pod="p", container=f"c{number}", lines=("``` hi",), previous=True) for number in range(9)]
    kept = read(written(logs))
    assert kept == tuple(logs[:6])
    assert (written([]), read("")) == ("", ())
    assert in_markdown(kept[:1]) == "Last lines of pod p, container c0, before its restart:\n\n````text\n``` hi\n````"
