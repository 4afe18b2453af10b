"""What a forge would make of a comment of ours: mentions, references, links, images, HTML, quick actions, look-alikes.

Code spans and code blocks are taken out as CommonMark has them; what is left must be our own words.
"""

import re

EVIL = (
    "@acme/evil",
    "#666",
    "!666",
    "evil#666",
    "acme/evil@1a2b3c4d5e6f",
    "GH-666",
    "<img src=x onerror=alert('evil')>",
    "</details><script>evil()</script>",
    "<!-- evil",
    "![evil](https://evil.example/x.png)",
    "[evil](javascript:alert(1))",
    "https://evil.example/",
    "www.evil.example",
    "evil@example.com",
    "`](https://evil.example)@evil",
    "``@evil``",
    "\\`@evil\\`",
    "evil\n\n/close\n# @evil",
    "evil\r/merge\r@evil",
    "evil\u2028/merge",
    "\n```\n@evil\n",
    "~~~\n@evil",
    "\x1b]0;evil\x07\x1b[2J",
    "\u202elive\u202c \u2066evil\u2069",
    "e\u200bvil",
    "&commat;evil &#64;evil",
    "**evil** _evil_ ~~evil~~",
    "| evil | evil |",
    "$`evil`$ :evil:",
    "/close evil",
    "evil " * 300,
)
"""What somebody calls a branch, a file, an object, or writes as a reason."""

_FENCED = re.compile(r"^( {0,3})(`{3,}|~{3,})[^\n]*\n.*?^ {0,3}\2[`~]*[ ]*$", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"(?:\A|(?<=\n\n))(?:(?: {4}|\t)[^\n]*(?:\n|\Z))+")
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_MARKER = re.compile(r"\n<!-- pushboat[\w:-]* -->\s*\Z")
_ALIVE = {
    "a mention": re.compile(r"@\w"),
    "a reference": re.compile(r"(?<![\w&])[#!]\d{2,}|GH-\d"),
    "HTML": re.compile(r"<[!/a-z]", re.IGNORECASE),
    "an entity": re.compile(r"&(#\d+|[a-z]+);", re.IGNORECASE),
    "an image": re.compile(r"!\["),
    "an address": re.compile(r"https?://(?!pushboat\.example)|www\."),
    "somebody's words": re.compile(r"ev[^\w\s]?il", re.IGNORECASE),
    "an open fence": re.compile(r"^ {0,3}(```|~~~)", re.MULTILINE),
}


def alive(comment: str) -> list[str]:
    """Say what a forge would make of a comment that is not ours to say."""
    text = _MARKER.sub("", comment)
    quick = ["a quick action"] if any(line.startswith("/") for line in text.splitlines()) else []
    for code in (_FENCED, _INDENTED, _SPAN):
        text = code.sub("\N{WHITE SQUARE}", text)
    found = [what for what, pattern in _ALIVE.items() if pattern.search(text)]
    unseen = [character for character in comment if not (character.isprintable() or character == "\n")]
    return [*quick, *found, *(["what does not print"] if unseen else [])]


def obeyed(line: str) -> list[str]:
    """Say what a terminal, or whoever reads a status, would be shown that is not a plain line."""
    return [] if line.isprintable() else [f"U+{ord(each):04X}" for each in line if not each.isprintable()]
