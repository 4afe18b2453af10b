"""The rows as a page for people: `python -m tests.directives.documented` prints it."""

import sys
from collections.abc import Iterable

from tests.directives.objects import body
from tests.directives.rows import ROWS, Row
from workers.manifests.directives.argo_cd import COMPARISONS, OF_NO_CONSEQUENCE
from workers.manifests.directives.reading import directives_in
from workers.manifests.directives.table import TOOLS, tool_of
from workers.manifests.directives.telling import told

REASONS = {**OF_NO_CONSEQUENCE, **COMPARISONS}
"""Argo CD's options that ask for what is so anyway."""


def page(rows: Iterable[Row] = ROWS) -> str:
    """Write a table for each tool; an annotation that is only misspelt is not part of it."""
    lines: list[str] = []
    for tool in sorted(TOOLS, key=lambda tool: tool.name.lower()):
        lines += [f"## {tool.name}", "", "| annotation | here | how |", "|---|---|---|"]
        lines += [
            line(row) for row in rows if tool_of(row.key) is tool and (not row.says or "not supported" in how(row))
        ]
        lines.append("")
    return "\n".join(lines)


def line(row: Row) -> str:
    """Write one row."""
    value = f": {row.value.strip()}" if row.value.strip() else ""
    return f"| `{row.key}{value}` | {row.verdict} | {how(row)} |".replace("{kind}", "&#123;kind}")


def how(row: Row) -> str:
    """Say what an annotation does here, or why it does nothing, or why it is refused."""
    found = directives_in(body(row.kind, annotations={row.key: row.value, **row.beside}))
    if found.slips:
        return found.slips[0].wrong.partition(" is not supported: ")[2] and found.slips[0].wrong
    tool = tool_of(row.key)
    option = row.value.partition("=")[0]
    why = tool.inert.get(row.key, "") if tool else ""
    return "; ".join(told(found)) or why or REASONS.get(option, "") or "it changes nothing, there and here"


if __name__ == "__main__":
    sys.stdout.write(page())
