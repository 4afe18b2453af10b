"""A request's bytes, taken in with limits: what is too large or of another encoding is refused before it is read."""

from flask import Request
from gunicorn.http.errors import ParseException

from pushboat.errors import DeliveryTooLarge, UnreadableDelivery, UnsupportedEncoding
from pushboat.events import Delivery

LARGEST_BODY_BYTES = 25 * 1024 * 1024
"""No forge sends more: GitHub drops larger payloads, GitLab has the same limit."""

MOST_DRAINED_BYTES = 64 * 1024 * 1024
"""Beyond this a sender of a refused body is cut off."""

PIECE_BYTES = 64 * 1024


def receive(request: Request) -> Delivery:
    """Take in a delivery: header names in lower case, the body as it came.

    Raises:
        DeliveryTooLarge: the body is, or says it is, above 25 MiB.
        UnsupportedEncoding: it is not `application/json`, or compressed.
        UnreadableDelivery: it is in chunks that are no chunks, or that end too early.
    """
    declared = request.content_length
    if declared is not None and declared > LARGEST_BODY_BYTES:
        drain(request)
        raise DeliveryTooLarge(_TOO_LARGE)
    if request.mimetype != "application/json":
        drain(request)
        raise UnsupportedEncoding(_NOT_JSON)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        drain(request)
        raise UnsupportedEncoding("the body is compressed; send it as it is, the signature covers those bytes")
    try:
        body = _read(request)
    except (ParseException, OSError) as error:
        raise UnreadableDelivery("the body ends before its last chunk, or its chunks cannot be read") from error
    return Delivery(headers={name.lower(): value for name, value in request.headers.items()}, body=body)


def _read(request: Request) -> bytes:
    """Read a body that may lie about its length, or be chunked and have none."""
    body = bytearray()
    while piece := request.stream.read(PIECE_BYTES):
        body += piece
        if len(body) > LARGEST_BODY_BYTES:
            drain(request)
            raise DeliveryTooLarge(_TOO_LARGE)
    return bytes(body)


def drain(request: Request) -> None:
    """Throw a refused body away: a sender who is still writing would see a reset connection, not our answer."""
    left = MOST_DRAINED_BYTES
    while left > 0 and (piece := request.stream.read(PIECE_BYTES)):
        left -= len(piece)


_TOO_LARGE = "the body is above 25 MiB, more than a forge sends; nothing of it was stored"
_NOT_JSON = "the body is not application/json; set the webhook's content type to application/json at the forge"
