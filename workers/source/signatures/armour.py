"""Armour: bytes as lines of text between a BEGIN and an END, of which there must be one and nothing beside it."""

import base64
import binascii

LARGEST = 64 * 1024
"""Bytes of a signature; the largest of an RSA key has some four thousand."""


class Unreadable(Exception):
    """What was put on is no armour, or holds something else; the text says why."""


def taken_off(armour: bytes, what: str) -> bytes:
    """Give what an armour holds.

    Raises:
        Unreadable: it is larger than 64 KiB, there are two, or it is damaged.
    """
    if len(armour) > LARGEST:
        raise Unreadable("it is larger than 64 KiB")
    lines = [line.rstrip(b" \t\r") for line in armour.strip().split(b"\n")]
    begin, end = f"-----BEGIN {what}-----".encode(), f"-----END {what}-----".encode()
    if lines[0] != begin or lines[-1] != end or begin in lines[1:] or end in lines[:-1]:
        raise Unreadable("it is not one whole signature")
    body = lines[1:-1]
    if b"" in body:  # headers, such as Version and Comment, stand before an empty line
        body = body[body.index(b"") + 1 :]
    body = [line for line in body if not (line.startswith(b"=") and len(line) == 5)]  # OpenPGP's sum of it
    try:
        return base64.b64decode(b"".join(body), validate=True)
    except binascii.Error as error:
        raise Unreadable("it is damaged") from error
