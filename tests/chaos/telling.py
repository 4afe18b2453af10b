"""The figures of runs in docs/reliability.md: made of what the runs wrote, which lies in tests/chaos/runs."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.serving import ROOT

RUNS = Path(__file__).with_name("runs")
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- runs of make chaos: begin -->", "<!-- runs of make chaos: end -->"
HEAD = (
    "| day | store | seed | broken for | environments | accepted | deployments | writes | faults | lost | doubled "
    "| out of order | stale | settled in |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n"
)

BEFORE_GITEA = 10
"""Environments of a run that does not say how many it had."""

Outcome = dict[str, Any]


def page() -> str:
    """Write the page with the figures of all runs."""
    text = PAGE.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{figures(outcomes())}{END}{after}"


def outcomes() -> list[Outcome]:
    """Read what the runs wrote, by day, store and seed."""
    found = [json.loads(path.read_text()) for path in RUNS.glob("*.json")]
    return sorted(found, key=lambda each: (each["day"], each["wanted"]["store"], each["wanted"]["seed"]))


def figures(runs: Iterable[Outcome]) -> str:
    """Write a row for each run, their sums, and how often what was broken."""
    runs = list(runs)
    counts = map(sum, zip(*map(_counts, runs), strict=True))
    sums = _row("**all**", "", "", sum(run["wanted"]["seconds"] for run in runs), "", *counts, "")
    faults = Counter[str]()
    for run in runs:
        faults.update(run["faults"])
    rows = "".join(map(_of, runs)) + (sums if runs else "")
    kinds = "".join(
        f"| {kind} | {count} |\n" for kind, count in sorted(faults.items(), key=lambda each: (-each[1], each))
    )
    return f"{HEAD}{rows}\n| what was broken | times |\n|---|---|\n{kinds}"


def _of(run: Outcome) -> str:
    wanted = run["wanted"]
    settled = f"{run['settled_seconds']:.0f} s"
    environments = run.get("environments", BEFORE_GITEA)
    return _row(run["day"], wanted["store"], wanted["seed"], wanted["seconds"], environments, *_counts(run), settled)


def _counts(run: Outcome) -> tuple[int, ...]:
    verdict = run["verdict"]
    wrong = (len(verdict[kind]) for kind in ("lost", "doubled", "out_of_order", "stale"))
    return run["accepted"], sum(run["deployments"].values()), run["written"], sum(run["faults"].values()), *wrong


def _row(day: str, store: str, seed: object, seconds: float, *rest: object) -> str:
    cells = [day, store, seed, f"{seconds:.0f} s", *(f"{one:,}" if isinstance(one, int) else one for one in rest)]
    return f"| {' | '.join(map(str, cells))} |\n"
