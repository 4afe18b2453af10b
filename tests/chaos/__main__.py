"""`make chaos`: break everything for a while, and see that nothing accepted is lost; the seed replays a run."""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.chaos.running import Outcome, Wanted, own_cluster, run, written
from tests.chaos.schedule import PUSHES_A_SECOND


def main() -> int:
    """Run once, print what came of it, and write the outcome where it is wanted; 1 where something did not hold."""
    options = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    options.add_argument("--seconds", type=float, default=600.0)
    options.add_argument("--seed", type=int, default=None)
    options.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    options.add_argument("--rate", type=float, default=PUSHES_A_SECOND, help="pushes a second (%(default)g)")
    options.add_argument("--outcome", type=Path, help="where the outcome is written as JSON")
    asked = options.parse_args()
    seed = random.SystemRandom().randrange(100_000) if asked.seed is None else asked.seed
    wanted = Wanted(seed=seed, store=asked.store, seconds=asked.seconds, rate=asked.rate)
    print(f"chaos for {asked.seconds:g} s on {asked.store}: CHAOS_SEED={seed} replays it", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    with own_cluster(folder) as cluster:
        outcome = run(wanted, folder, cluster, _say)
    print(_told(outcome))
    if asked.outcome:
        asked.outcome.write_text(written(outcome) + "\n")
    if outcome.verdict.sentences:
        print(f"what is left of it: {folder}")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _say(line: str) -> None:
    """Show what breaks to whoever watches."""
    if sys.stdout.isatty():
        print(line, flush=True)


def _told(outcome: Outcome) -> str:
    verdict = outcome.verdict
    states = ", ".join(f"{count} {state}" for state, count in sorted(outcome.deployments.items()))
    lines = [
        f"{outcome.accepted} accepted of {outcome.sent} sent ({outcome.unanswered} times nobody took one)",
        f"{sum(outcome.deployments.values())} deployments: {states}; {outcome.written} writes in the cluster",
        f"{sum(outcome.faults.values())} faults: "
        + ", ".join(f"{count} {kind}" for kind, count in sorted(outcome.faults.items())),
        ", ".join(f"{len(each)} {kind}" for kind, each in verdict.counted.items()),
        f"settled in {outcome.settled_seconds:g} s",
        *verdict.sentences[:50],
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
