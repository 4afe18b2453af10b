"""`make bench`: how fast we are, always against a peer or a bare loop in the same run, because machines differ.

Each line gives the median of a few rounds in seconds and the ratio; below 1 we are faster. Nothing here asserts.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from cli.lab.devcluster import control_plane
from pushboat.collecting import collect_rarely
from tests.bench import (
    aging,
    amid,
    applying,
    checking,
    judging,
    paging,
    pressing,
    pushing,
    receiving,
    repeating,
    touching,
    trickling,
    unchanged,
    waiting,
    watching,
)
from tests.bench.measuring import Row

Plain = argparse.RawDescriptionHelpFormatter
ON_A_CLUSTER: dict[str, Callable[[Path, Path], list[Row]]] = {
    "applying": applying.measure,
    "unchanged": unchanged.measure,
    "waiting": waiting.measure,
    "repeating": lambda kubeconfig, _: repeating.measure(kubeconfig),
    "checking": lambda kubeconfig, _: checking.measure(kubeconfig),
    "pushing": lambda kubeconfig, folder: pushing.measure(kubeconfig, folder / "pushing"),
    "pressing": lambda kubeconfig, folder: pressing.measure(kubeconfig, folder / "pressing"),
    "amid": lambda kubeconfig, folder: amid.measure(kubeconfig, folder / "amid"),
}
ALONE: dict[str, Callable[[Path], list[Row]]] = {
    "offline": lambda folder: checking.alone(folder / "checking"),
    "judging": lambda _: judging.measure(),
    "receiving": receiving.measure,
    "touching": lambda folder: touching.measure(folder / "touching"),
    "trickling": lambda folder: trickling.measure(folder / "trickling"),
    "watching": lambda folder: watching.measure(folder / "watching"),
    "paging": lambda folder: paging.measure(folder / "paging"),
    "aging": lambda folder: aging.measure(folder / "aging"),
}
"""What each part measures, on a control plane or without one."""


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
    sys.stdout.flush()


def main() -> None:
    """Measure on one control plane what is named, or everything; each part is shown as soon as it is there."""
    known = [*ON_A_CLUSTER, *ALONE]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__, formatter_class=Plain)
    parser.add_argument("part", nargs="*", help=f"only these of {', '.join(known)} [default: all]")
    wanted = parser.parse_args().part or known
    if unknown := set(wanted).difference(known):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    collect_rarely()  # as a worker does
    with tempfile.TemporaryDirectory(prefix="pushboat-bench-") as name:
        folder = Path(name)
        if any(part in ON_A_CLUSTER for part in wanted):
            with control_plane(folder / "cluster", ephemeral=True) as kubeconfig:
                for part in (part for part in ON_A_CLUSTER if part in wanted):
                    show(ON_A_CLUSTER[part](kubeconfig, folder))
        for part in (part for part in ALONE if part in wanted):
            show(ALONE[part](folder))


if __name__ == "__main__":
    main()
