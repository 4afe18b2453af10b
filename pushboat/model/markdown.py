"""Text that stays text where a forge renders Markdown: it ends no fence, pings nobody and links nothing.

Sentences of others go into code spans (wording.py's `code`), their lines into fences that are longer than any in them.
"""

from pushboat.model.wording import code

_SIGNS = (" ", "+", "-", "@", "…")
"""What a line of a diff begins with; one that begins otherwise could be read as something else, such as a command."""


def sentence(text: str, longest: int) -> str:
    """Put a sentence of somebody else's on one line, in a code span."""
    return code(" ".join(text[: longest * 4].split()), longest) if text.strip() else ""


def link(text: str, address: str) -> str:
    """Lead from words of ours to an address of ours."""
    return f"[{text}]({address})"


def diff_lines(diff: str) -> tuple[str, ...]:
    """Give a diff's lines as they may stand in a fence: what does not print is escaped, the file names are left out."""
    lines = diff.rstrip("\n").split("\n") if diff else []
    if len(lines) > 1 and lines[0].startswith("--- ") and lines[1].startswith("+++ "):
        lines = lines[2:]
    return tuple(_visible(line) for line in lines)


def _visible(line: str) -> str:
    shown = line
    if not line.isprintable():  # few are not, and looking at each character takes its time
        shown = "".join(each if each.isprintable() or each == "\t" else f"\\u{ord(each):04x}" for each in line)
    return shown if shown.startswith(_SIGNS) else f" {shown}"
