"""The closing table: push, changes, push → healthy, status."""

import sys
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from cli import output
from cli.lab.demo.story import Push
from pushboat.model import wording
from pushboat.model.deployment import Counts


def show(pushes: Sequence[Push], webhook_milliseconds: float) -> None:
    """Print what came of each push; to a pipe it goes without lines and colours."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for heading in ("push", "changes", "push → end", "status"):
        table.add_column(heading, justify="right" if heading == "push → end" else "left", overflow="fold")
    for push in pushes:
        table.add_row(push.title, wording.did(Counts(**push.counts)), f"{push.seconds:.1f} s", _status(push))
    output.say("")
    Console(highlight=False, width=None if sys.stdout.isatty() else 110).print(table)
    first = sum(pushes[0].counts.values())
    output.data(
        f"push → healthy of {first} objects: {pushes[0].seconds:.1f} s; webhook answer: {webhook_milliseconds:.0f} ms"
    )


def _status(push: Push) -> str:
    glyph = output.LOOKS[push.state][0]
    return f"{glyph} {push.state}" + ("" if push.as_expected else f" (expected {push.expected})")
