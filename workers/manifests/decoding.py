"""Bytes to text, as kubectl does it: UTF-8, or UTF-16 that says so by its byte order mark; what else it is, is told."""

import codecs

from pushboat.errors import InvalidManifest
from workers.manifests.pointers import POINTER, is_pointer
from workers.manifests.words import invalid_after

_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, ""),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT = 64
"""Bytes; where every second one of them is none, text is UTF-16 without its mark."""


def decode(raw: bytes, file: str) -> str:
    """Turn a file's bytes into text.

    Raises:
        InvalidManifest: it is in no encoding that kubectl reads, or stands for a file that is kept elsewhere.
    """
    if is_pointer(raw):
        raise InvalidManifest(f"{file}:1: this is {POINTER}")
    mark, encoding = next(((mark, name) for mark, name in _ENCODINGS if raw.startswith(mark)), (b"", "utf-8"))
    if not encoding:
        raise invalid_after(file, "", "this is UTF-32 text: save the file as UTF-8")
    start = raw[:_LOOKED_AT]
    if not mark and (start[::2].strip(b"\0") == b"" or start[1::2].strip(b"\0") == b"") and len(start) > 1:
        raise invalid_after(file, "", "this is UTF-16 text without a byte order mark: save the file as UTF-8")
    content = raw[len(mark) :]
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, "replace")
        what = "UTF-8" if encoding == "utf-8" else "UTF-16"
        raise invalid_after(file, before, f"this is not {what} text: save the file as UTF-8") from error
