"""Why a comment is talk and no command, for somebody who expected one."""

from pushboat.model.command_words import SLASH
from pushboat.model.wording import printable

_SHOWN = 60


def why(comment: str) -> str:
    """Say what keeps a comment that nobody reads as a command from being one."""
    lines = comment.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((line for line in lines if line.strip()), "")
    if not first:
        return "it is empty"
    where = next((number for number, line in enumerate(lines, 1) if line.strip().lower().startswith(SLASH)), 0)
    meant = f", and {SLASH} stands on line {where}" if where and lines[where - 1] is not first else ""
    if first.lstrip().startswith(">"):
        return f"its first line is a quote{meant}"
    if first.lstrip().startswith(("```", "~~~")):
        return f"its first line opens a code block{meant}"
    if first.startswith(("    ", "\t")):
        return f"its first line is indented as code is{meant}"
    if first.lstrip().startswith("<!--"):
        return f"its first line is hidden from readers{meant}"
    return f"its first line is no {SLASH} command but “{printable(first.strip(), _SHOWN)}”{meant}"
