"""`make bench`: how fast we are, always against a peer or a bare loop in the same run, because machines differ.

Each line gives the median of a few rounds in seconds and the ratio; below 1 we are faster. Nothing here asserts.
"""

import tempfile
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from cli.lab.devcluster import control_plane
from pushboat.collecting import collect_rarely
from tests.bench import (
    aging,
    applying,
    checking,
    judging,
    pushing,
    receiving,
    repeating,
    touching,
    trickling,
    unchanged,
    waiting,
)
from tests.bench.measuring import Row


def show(rows: list[Row]) -> None:
    """Print what was measured."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for heading in ("what", "ours", "peer", "ours / peer"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for row in rows:
        table.add_row(
            row.what, f"{row.ours * 1000:,.0f} ms", f"{row.peer * 1000:,.0f} ms", f"{row.ours / row.peer:.3f}"
        )
    Console(width=110, highlight=False).print(table)


def main() -> None:
    """Measure everything on one control plane."""
    with tempfile.TemporaryDirectory(prefix="pushboat-bench-") as folder:
        with control_plane(Path(folder) / "cluster", ephemeral=True) as kubeconfig:
            collect_rarely()  # as a worker does
            rows = applying.measure(kubeconfig, Path(folder))
            rows += unchanged.measure(kubeconfig, Path(folder))
            rows += waiting.measure(kubeconfig, Path(folder))
            rows += repeating.measure(kubeconfig)
            rows += checking.measure(kubeconfig)
            rows += pushing.measure(kubeconfig, Path(folder) / "pushing")
        rows += checking.alone(Path(folder) / "checking")
        rows += judging.measure()
        rows += receiving.measure(Path(folder))
        rows += touching.measure(Path(folder) / "touching")
        rows += trickling.measure(Path(folder) / "trickling")
        rows += aging.measure(Path(folder) / "aging")
    show(rows)


if __name__ == "__main__":
    main()
