"""Pages that are open because only this machine can ask are open to who asks for this machine, by its own names."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushboat.config import operator as operator_file
from pushboat.model.state import State
from pushboat.store.database.engine import open_store
from tests.pages.ledger import Ledger
from tests.receiving.web_process import connect, prepare, push, read_to_end, served, showing


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The real servers on a loopback address, as a first try has them, with one deployment."""
    config = prepare(tmp_path)
    store = open_store("", operator_file.load(config, os.environ).state)
    Ledger(store).ended(State.SUCCEEDED, "healthy")
    store.close()
    with served(config) as (_, url), showing(config):
        yield url


def get(url: str, path: str, *headers: str) -> tuple[int, str]:
    """Ask for a page; give the answer's code and all of it."""
    with connect(url) as connection:
        connection.sendall("\r\n".join([f"GET {path} HTTP/1.1", *headers, "Connection: close", "\r\n"]).encode())
        said = read_to_end(connection).decode()
    return int(said.split(" ", 2)[1]), said


@pytest.mark.programs
def test_a_strangers_name_for_our_address_shows_nothing(url: str) -> None:
    """DNS rebinding: a page of evil.example.org, whose name leads to 127.0.0.1, reads nothing through my browser."""
    port = url.rpartition(":")[2]
    for host in (
        f"evil.example.org:{port}",
        "evil.example.org",
        "localhost.evil.example.org",
        "127.0.0.1.nip.io",
        "[x",
    ):
        for path in ("/", "/deployments/1", "/api/v1/deployments", "/api/v1/deployments/1/events"):
            code, said = get(url, path, f"Host: {host}")
            assert code in (400, 421), (host, path)
            assert "acme/shop" not in said
        assert '"store"' not in get(url, "/readyz", f"Host: {host}")[1]
    for host in ("localhost", f"LocalHost:{port}", f"127.0.0.1:{port}", "[::1]:80", "127.0.0.1"):
        for path in ("/deployments/1", "/api/v1/deployments", "/readyz"):
            assert get(url, path, f"Host: {host}")[0] == 200, (host, path)
    assert "ask for localhost" in get(url, "/api/v1/deployments", "Host: evil.example.org")[1]
    assert push(url) == 202


@pytest.mark.programs
def test_what_a_visitor_calls_our_folder_is_not_believed(url: str) -> None:
    """SCRIPT_NAME is a word of WSGI's, and no header: no link of a page begins with what a visitor wrote."""
    code, said = get(url, "//evil.example.org/search?q=shop", "Host: localhost", "SCRIPT_NAME: //evil.example.org")
    assert 'href="//evil' not in said
    assert code != 200
    assert get(url, "/deployments/1", "Host: localhost", "SCRIPT_NAME: /evil")[0] == 200
