"""Messages of OpenPGP as far as it takes to count their recipients: no packet is opened, and none is unpacked.

https://www.rfc-editor.org/rfc/rfc9580 has the format. What is encrypted begins with a packet for each recipient; a
message that begins otherwise, such as one that is packed once more around, is not what SOPS writes, and is not opened.
"""

import base64
import binascii

_BEGIN, _END = "-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----"
_FOR_A_KEY, _FOR_A_PASSWORD, _MARKER = 1, 3, 10
_CONTAINERS = (9, 18, 20)
_LENGTHS_OF_OLD = (1, 2, 4)


def unarmoured(sealed: str) -> bytes:
    """Take a message's bytes out of its lines; none where it is none."""
    body = sealed.partition(_BEGIN)[2].partition(_END)[0].replace("\r", "")
    lines = [line.strip() for line in body.partition("\n\n")[2].split("\n")]
    try:
        return base64.b64decode("".join(line for line in lines if not line.startswith("=")), validate=True)
    except (ValueError, binascii.Error):
        return b""


def recipients(raw: bytes) -> int:
    """Count the recipients of a message; nobody where it is no encrypted one."""
    at, count = 0, 0
    while at < len(raw):
        tag, begin, length = _header(raw, at)
        if tag in _CONTAINERS:
            return count
        if tag not in (_FOR_A_KEY, _FOR_A_PASSWORD, _MARKER) or length < 0:
            return 0
        count += tag == _FOR_A_KEY
        at = begin + length
    return 0


def _header(raw: bytes, at: int) -> tuple[int, int, int]:
    """Give a packet's tag, where its body begins, and how long that is; less than nothing where it comes in parts."""
    first = raw[at]
    if not first & 0x80:
        return 0, at, -1
    if not first & 0x40:  # as it was written before 1998, and still is by some
        kind = first & 3
        if kind == len(_LENGTHS_OF_OLD):
            return first >> 2 & 15, at, -1
        size = _LENGTHS_OF_OLD[kind]
        return first >> 2 & 15, at + 1 + size, int.from_bytes(raw[at + 1 : at + 1 + size])
    octet = raw[at + 1] if at + 1 < len(raw) else 0
    if octet < 192:
        return first & 63, at + 2, octet
    if octet < 224:
        second = raw[at + 2] if at + 2 < len(raw) else 0
        return first & 63, at + 3, (octet - 192 << 8) + second + 192
    return first & 63, at + 6, int.from_bytes(raw[at + 2 : at + 6]) if octet == 255 else -1
