"""Whoever is told which line to add can add that line, and nothing else is left out by it."""

import random
from collections.abc import Sequence

import pytest

from pushboat.config import repository
from pushboat.config.excluding import Excluding, line
from pushboat.config.globs import Globs

LINES: dict[str, tuple[Sequence[str], Sequence[str], str]] = {
    "a name that no manifest has": (["values.yaml"], ["a.yaml"], 'exclude: ["values.yaml"]'),
    "the same name in many folders": (
        ["a/values.yaml", "b/values.yaml", "values.yaml"],
        ["a/x.yaml", "b/x.yaml"],
        'exclude: ["values.yaml"]',
    ),
    "a folder of nothing else": (
        ["dashboards/a.json", "dashboards/deep/b.json"],
        ["a.yaml", "app/a.yaml"],
        'exclude: ["dashboards/"]',
    ),
    "a folder of that name elsewhere": (
        ["ops/dashboards/a.json"],
        ["app/dashboards/map.yaml", "ops/a.yaml"],
        'exclude: ["ops/dashboards/"]',
    ),
    "a name that a manifest has too": (
        ["app/config.yaml"],
        ["app/a.yaml", "config.yaml"],
        'exclude: ["/app/config.yaml"]',
    ),
    "a name that a folder has too": (["app"], ["x/app/a.yaml"], 'exclude: ["/app"]'),
    "signs of globs": (["[slug]*.yaml", '!"x".yaml'], ["a.yaml"], 'exclude: ["?\\"x\\".yaml", "[[]slug][*].yaml"]'),
    "signs beside what they would take": (["a*.yaml"], ["ab.yaml"], 'exclude: ["a[*].yaml"]'),
    "what no glob can say alone": (["a\\.yaml"], ["ab.yaml"], "exclude: []"),
    "many": (
        [f"{number:02}.json" for number in range(30)],
        ["a.yaml"],
        "exclude: [" + "".join(f'"{number:02}.json", ' for number in range(20)) + "…]",
    ),
}


@pytest.mark.parametrize("case", LINES)
def test_the_line_is_short(case: str) -> None:
    """A folder at a time where it holds nothing else, and a name where no manifest has it."""
    others, manifests, wanted = LINES[case]
    assert line(Excluding(manifests).proposed(others)) == wanted


@pytest.mark.parametrize("seed", range(20))
def test_the_line_takes_the_others_and_no_manifest(seed: int) -> None:
    """What is proposed does what it is proposed for, and the file's own reader takes it."""
    made = random.Random(seed)
    names = ("values.yaml", "config.yaml", "a.json", "ä {1}.yaml", "# x.yml", "[a]*.yaml", '" ?.yml')
    folders = ("a", "b", "c.d", "!x", "{y}", "a*")
    files = sorted({"/".join([*made.choices(folders, k=made.randint(0, 3)), made.choice(names)]) for _ in range(40)})
    others = [path for path in files if made.random() < 0.4]
    manifests = [path for path in files if path not in others]
    globs = Excluding(manifests).proposed(others)
    taken = Globs(globs)
    assert [path for path in files if taken.match(path)] == others
    if 0 < len(globs) <= 20:
        read = repository.parse(f"environments:\n  staging:\n    path: deploy\n    {line(globs)}\n")
        assert read.environments["staging"].said["exclude"] == globs
