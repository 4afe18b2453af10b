"""Which objects the tests of health judge, counted from their data."""

from collections import Counter, defaultdict
from pathlib import Path

import yaml

from pushboat.model.health import Health
from tests.health.objects import cases

FOLDER = Path(__file__).parents[1] / "data" / "health"


def core_kinds() -> dict[str, list[str]]:
    """Give the names of the objects of each core kind, without the kind's own."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for file in sorted(FOLDER.glob("*.yaml")):
        live = yaml.safe_load(file.read_text())
        found[live["kind"]].append(file.stem.partition("-")[2].replace("-", " "))
    return dict(sorted(found.items()))


def custom_kinds() -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """Count the objects of each custom kind: healthy, on their way, failing, all others."""
    found: defaultdict[tuple[str, str], Counter[Health]] = defaultdict(Counter)
    for case in cases():
        found[case.group, case.kind][case.health] += 1
    named = (Health.HEALTHY, Health.PROGRESSING, Health.DEGRADED)
    return {
        key: (*(counts[health] for health in named), sum(counts.values()) - sum(counts[health] for health in named))
        for key, counts in sorted(found.items())
    }
