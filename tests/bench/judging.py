"""Judging health: every object that documents a custom kind's status, against parsing the same objects' JSON.

`python -m tests.bench.judging` names the slowest kinds, in microseconds.
"""

import json
import time

from tests.bench.measuring import Row, compare
from tests.health.objects import cases
from workers.cluster.health import assess

TIMES = 20
"""How often each object is judged in a round."""
BUDGET = 50.0
"""Microseconds for one object: a look at 2,000 of them then takes a tenth of a second at most."""


def measure() -> list[Row]:
    """Compare judging with parsing."""
    objects = [case.live for case in cases()]
    texts = [json.dumps(each) for each in objects]
    kinds = len({(case.group, case.kind) for case in cases()})
    what = f"{TIMES * len(objects):,} judgements of {kinds} custom kinds, against parsing their JSON"
    return [
        compare(
            what,
            lambda _: [assess(each) for _ in range(TIMES) for each in objects],
            lambda _: [json.loads(each) for _ in range(TIMES) for each in texts],
        )
    ]


def slowest(rounds: int = 200) -> list[tuple[float, str]]:
    """Give each object's best time in microseconds, the slowest first."""
    found = []
    for case in cases():
        best = min(_seconds(case.live) for _ in range(rounds))
        found.append((best * 1e6, str(case)))
    return sorted(found, reverse=True)


def _seconds(live: dict[str, object]) -> float:
    started = time.perf_counter()
    assess(live)
    return time.perf_counter() - started


def main() -> None:
    """Print the mean and the slowest."""
    times = slowest()
    over = sum(took > BUDGET for took, _ in times)
    print(f"{len(times)} objects, {sum(took for took, _ in times) / len(times):.1f} µs each; {over} over {BUDGET:g} µs")
    for took, name in times[:5]:
        print(f"  {took:5.1f} µs  {name}")


if __name__ == "__main__":
    main()
