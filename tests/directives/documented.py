"""The rows as a page for people: `python -m tests.directives.documented` writes docs/annotations.md anew."""

from collections.abc import Iterable

from tests.directives.objects import body
from tests.directives.proofs import ROOT, proof_of
from tests.directives.row import BETTER, Row
from tests.directives.rows import ROWS
from workers.manifests.directives.argo_cd import COMPARISONS, OF_NO_CONSEQUENCE
from workers.manifests.directives.reading import directives_in
from workers.manifests.directives.table import TOOLS, tool_of
from workers.manifests.directives.telling import told

PAGE = ROOT / "docs" / "annotations.md"
HEAD = """\
# Annotations of other tools, and what they mean here

<!-- Made by `.venv/bin/python -m tests.directives.documented` from tests/directives. Don't edit. -->

A repository that was written for Argo CD, Helm, Flux, kapp, cli-utils or werf moves over without edits. Each row is an
annotation of one of them, and names the test that shows what it does: on a real API server, or, where it is refused,
that it is named with its place and the reason; where it changes nothing, that it is read so. What no test shows is not
on this page.

| Here | Means |
|---|---|
| same | what it means there |
| better | what it asks for, more safely or always |
| refused | named with the reason, before anything is written |
"""
NO_CHANGE = "it changes nothing, there and here"
NOT_NEEDED = "nothing has to be asked for: it is so anyway"
REASONS = {**OF_NO_CONSEQUENCE, **COMPARISONS}
"""Argo CD's options that ask for what is so anyway."""


def page(rows: Iterable[Row] = ROWS) -> str:
    """Write a table for each tool; an annotation that is only misspelt is not part of it."""
    lines = [HEAD]
    for tool in sorted(TOOLS, key=lambda tool: tool.name.lower()):
        lines += [f"## {tool.name}", "", "| Annotation | Here | How | Proved by |", "|---|---|---|---|"]
        mine = [row for row in rows if tool_of(row.key) is tool and how(row)]
        lines += dict.fromkeys(found for row in mine if (found := line(row)))
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def line(row: Row) -> str:
    """Write one row; empty where nothing proves it."""
    proof = proof_of(row)
    if proof is None:
        return ""
    value = f": {row.value.strip()}" if row.value.strip() else ""
    words = proof[1].removeprefix("test_").replace("_", " ")
    of = f" on a {row.kind}" if row.kind == "CustomResourceDefinition" else ""
    return f"| `{row.key}{value}`{of} | {row.verdict} | {how(row)} | [{words}](../{proof[0]}) |"


def annotated(row: Row) -> dict[str, object]:
    """Make an object with the annotation of a row."""
    return body(row.kind, annotations={row.key: row.value, **row.beside})


def how(row: Row) -> str:
    """Say what an annotation does here, or why it does nothing, or why it is refused."""
    found = directives_in(annotated(row))
    if found.slips:
        return found.slips[0].wrong.partition(" is not supported: ")[2]
    tool = tool_of(row.key)
    why = tool.inert.get(row.key, "") if tool else ""
    nothing = NOT_NEEDED if row.verdict == BETTER else NO_CHANGE
    return "; ".join(told(found)) or why or REASONS.get(row.value.partition("=")[0], "") or nothing


if __name__ == "__main__":
    PAGE.write_text(page())
