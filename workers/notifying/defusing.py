"""Takes the power out of words that somebody pushed, before they stand in a chat: there they are text, and call nobody.

Slack, Teams, Discord and mail programs each read something else into a text. What any of them obeys is broken by a
character that nobody sees, or put in its look-alike; what it says can still be read.
"""

import unicodedata

_UNSEEN = "\u200b"
"""A space without width, by which no mention, link or markup is one any more."""
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
"""What turns the direction of a line around, hides in it, or ends it."""
_BROKEN = {
    "@": f"@{_UNSEEN}",  # @everyone, @here, a name
    "<": "\u2039",  # <!channel>, <@U123>, <https://…|shown>, tags
    ">": "\u203a",
    "](": f"]{_UNSEEN}(",  # [shown](https://…)
    "://": f":{_UNSEEN}//",  # a link that we did not write
    "`": "\u02cb",
    "||": f"|{_UNSEEN}|",
    "**": f"*{_UNSEEN}*",
    "__": f"_{_UNSEEN}_",
    "~~": f"~{_UNSEEN}~",
}


def defused(text: str, longest: int) -> str:
    """Give a text as one line that says the same to people and nothing to programs."""
    seen = "".join(" " if unicodedata.category(each) in _HIDDEN else each for each in text[: longest * 4])
    line = " ".join(seen.split())
    line = line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
    for what, broken in _BROKEN.items():
        line = line.replace(what, broken)
    return line
