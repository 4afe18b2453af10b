"""A commit's caption, from its bytes as git stores it: hostile bytes in, one line of text each out."""

import re

from pushboat.model.caption import Caption

MOST_BYTES = 10_000
"""Of the header, and of the message: a subject ends long before."""
_AUTHOR = re.compile(rb"^author ([^\n<>]*)", re.MULTILINE)
_COMMITTED = re.compile(rb"^committer [^\n]*> ([0-9]{1,11}) [+-][0-9]{4}$", re.MULTILINE)
_ENCODING = re.compile(rb"^encoding ([^\n]{1,40})$", re.MULTILINE)
_CHARSETS = re.compile(
    r"iso-?8859-\d{1,2}|latin-?1|(?:windows-|cp)125\d|koi8-[ru]|shift_jis|euc-(?:jp|kr)|gb(?:k|2312|18030)|big5",
    re.IGNORECASE,
)
"""What people wrote before UTF-8. Python knows other names too, of which some do more than to read letters."""


def read(raw: bytes) -> Caption:
    """Read what a commit says of itself; its subject is its first paragraph, as git has it."""
    head, _, message = raw.partition(b"\n\n")
    head = head[:MOST_BYTES]
    encoding = _encoding(head)
    author = _AUTHOR.search(head)
    committed = _COMMITTED.search(head)
    text = message[:MOST_BYTES].decode(encoding, "replace").replace("\r\n", "\n").lstrip("\n")
    return Caption(
        subject=_one_line(text.partition("\n\n")[0]),
        author=_one_line(author[1].decode(encoding, "replace")) if author else "",
        committed_at=int(committed[1]) if committed else 0,
    )


def _encoding(head: bytes) -> str:
    said = _ENCODING.search(head)
    name = said[1].decode("ascii", "replace") if said else ""
    if not _CHARSETS.fullmatch(name):
        return "utf-8"
    try:
        "".encode(name)
    except LookupError:
        return "utf-8"
    return name


def _one_line(text: str) -> str:
    return " ".join(text.split())
