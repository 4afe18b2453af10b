"""A body whose chunks are none hides no second request."""

from pathlib import Path

import pytest
from gunicorn.config import Config

from webhook.front.incoming import Incoming

HEAD = b"POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
HIDDEN = b"GET /api/v1/deployments HTTP/1.1\r\nHost: a\r\n\r\n"


class Connection:
    """Where it comes from."""

    client = ("127.0.0.1", 1)


def sent(tmp_path: Path, body: bytes) -> Incoming:
    """Take in a request whose body nobody will read, with another one behind it."""
    incoming = Incoming(Connection(), Config(), tmp_path, (), 0.0)
    assert incoming.take(HEAD + body + HIDDEN) is None
    incoming.close()
    return incoming


@pytest.mark.parametrize(
    "body",
    [b"zz\r\n", b"1\r\nxQQ0\r\n\r\n", b"0\n\n", b"1\nx\n0\n\n", b"0\r\nA: " + b"b" * 17_000 + b"\r\n"],
    ids=["no size", "no end of the data", "bare LF", "bare LF everywhere", "endless trailer"],
)
def test_a_broken_body_ends_its_connection(tmp_path: Path, body: bytes) -> None:
    """A proxy that passes on what I send cannot be made to hand me the answer to somebody else's request."""
    incoming = sent(tmp_path, body)
    assert incoming.complete
    assert incoming.parser
    assert incoming.parser.mesg.should_close()


def test_a_good_body_leaves_its_connection_open(tmp_path: Path) -> None:
    """What follows a body in good chunks, with trailers, is the next request."""
    incoming = sent(tmp_path, b"3;a=b\r\nxyz\r\n1\r\n\n\r\n0\r\nA: b\r\n\r\n")
    assert incoming.complete
    assert incoming.parser
    assert not incoming.parser.mesg.should_close()
    assert incoming.surplus == HIDDEN
