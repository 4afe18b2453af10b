"""Comments that are written once: a hidden marker as the last line, and room made for it."""

_CUT = "\n\n… cut here: longer than this forge allows; the whole text stands on Pushboat's page.\n\n"


def marked(body: str, marker: str, longest: int) -> str:
    """Put the hidden marker below the body, cutting the body where the forge would refuse its length."""
    line = hidden(marker)
    room = longest - len(line) - 2
    text = body.rstrip()
    if len(text) > room:
        text = text[: room - len(_CUT)].rstrip() + _CUT.rstrip()
    return f"{text}\n\n{line}"


def is_marked(body: str, marker: str) -> bool:
    """Say whether this is the comment with that marker: its last line, not somebody's quote of it."""
    lines = body.rstrip().splitlines()
    return bool(lines) and lines[-1].strip() == hidden(marker)


def hidden(marker: str) -> str:
    """Write a marker so that no forge shows it."""
    return marker if marker.startswith("<!--") else f"<!-- {marker} -->"
