"""A commit's subject and author are read from its own bytes, whatever somebody put there."""

from dataclasses import replace

import pytest

from pushboat.model.caption import Caption
from workers.source.captions import read

HEAD = b"tree 1\nparent 2\nauthor Ada Lovelace <ada@example.org> 1 +0000\ncommitter Bob <b@example.org> 1 +0000"


@pytest.mark.parametrize(
    ("raw", "caption"),
    [
        (HEAD + b"\n\nLet it run\n\nBecause.\n", Caption("Let it run", "Ada Lovelace")),
        (HEAD + b"\n\n\nLet it\nrun \t on\n", Caption("Let it run on", "Ada Lovelace")),
        (HEAD + b"\n\nLet it run\r\n\r\nBecause.\r\n", Caption("Let it run", "Ada Lovelace")),
        (HEAD + b"\n\n", Caption("", "Ada Lovelace")),
        (HEAD + b"\nencoding ISO-8859-1\n\nGr\xfc\xdfe\n", Caption("Grüße", "Ada Lovelace")),
        (HEAD + b"\nencoding unicode_escape\n\n\\u0041\n", Caption("\\u0041", "Ada Lovelace")),
        (HEAD + b"\nencoding iso-8859-99\n\nA\n", Caption("A", "Ada Lovelace")),
        (b"tree 1\n\nauthor Eve <e>\n\nx", Caption("author Eve <e>", "")),
        (HEAD + b"\n\n\xff\xfe", Caption("\ufffd\ufffd", "Ada Lovelace")),
        (b"", Caption()),
        (b"author " + b"x" * 1_000_000, Caption("", "x" * 9_993)),
    ],
)
def test_what_it_says_is_read(raw: bytes, caption: Caption) -> None:
    """The first paragraph on one line, the author's name without the address, in the letters that it names."""
    assert replace(read(raw), committed_at=0) == caption


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        (HEAD.replace(b"> 1 +0000", b"> 1700000000 +0200") + b"\n\ncommitter Eve <e> 5 +0000\n", 1_700_000_000),
        (b"author A <a> 7 +0000\ncommitter B> 5 +0000 <b> 1700000000 -0330\n\nx", 1_700_000_000),
        (b"author A <a> 7 +0000\n\ncommitter B <b> 5 +0000\n", 0),
        (b"author A <a> 7 +0000\ncommitter B <b> -5 +0000\n\nx", 0),
        (b"author A <a> 7 +0000\ncommitter B <b> " + b"9" * 30 + b" +0000\n\nx", 0),
    ],
)
def test_the_committers_time_is_read(raw: bytes, at: int) -> None:
    """It stands in the head, not in the message; what no store could hold is no time."""
    assert read(raw).committed_at == at
