"""Escapes of YAML that stand for half of a character: its parser ends at the first, and people want to read of all.

Only in double quotes is a backslash more than itself.
"""

import re
from collections.abc import Iterator

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import InvalidManifest
from workers.manifests.words import invalid_after

COMPLAINT = "invalid Unicode character escape code"
"""What the parser says of one; it says so of a number beyond all characters, too."""
_ESCAPE = re.compile(
    r"\\(?:u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u(?P<short>[dD][89a-fA-F][0-9a-fA-F]{2})|U0000(?P<long>[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_HALVES = ("high", "low", "short", "long")


def mended(text: str) -> str:
    """Put a character that is one in the place of each half; everything stays where it is."""
    return _ESCAPE.sub(_whole, text)


def halves_in(document: Node, text: str, file: str) -> Iterator[InvalidManifest]:
    """Say of each half in a document what to write; the document was parsed when they were mended."""
    waiting, seen = [document], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            waiting += [each for pair in reversed(node.value) for each in reversed(pair)]
        elif isinstance(node, SequenceNode):
            waiting += reversed(node.value)
        elif isinstance(node, ScalarNode) and node.style == '"':
            begins = int(node.start_mark.index)
            for escape in _ESCAPE.finditer(text[begins : int(node.end_mark.index)]):
                if words := _words(escape):
                    yield invalid_after(file, text[: begins + escape.start()], words)


def _whole(escape: re.Match[str]) -> str:
    replaced = escape[0]
    for name in _HALVES:
        if half := escape[name]:
            replaced = replaced.replace(half, "fffd")
    return replaced


def _words(escape: re.Match[str]) -> str:
    """Say what is wrong with an escape; nothing where it is no half."""
    if high := escape["high"]:
        code = 0x10000 + ((int(high, 16) - 0xD800) << 10) + int(escape["low"], 16) - 0xDC00
        return rf"YAML has no surrogate pairs: write the character itself, or \U{code:08X}"
    half = escape["short"] or escape["long"]
    return "half of a surrogate pair is no character: write the whole one" if half else ""
