"""Whole files in the shape of each tool's documentation: they are read unedited, and in the order of that tool."""

from pathlib import Path

import pytest

from workers.manifests.directives.checking import Directed, directed
from workers.manifests.directives.departures import departures
from workers.manifests.directives.waves import arrange
from workers.manifests.directives.words import Mode, Occasion, Recreate
from workers.manifests.reading import read_manifests

DATA = Path(__file__).resolve().parents[1] / "data" / "directives"


def read(tool: str) -> tuple[Directed, ...]:
    return directed(read_manifests((DATA / f"{tool}.yaml").read_text(), f"deploy/{tool}.yaml"), recreate=("Job",))


def order(tool: str, occasion: Occasion = Occasion.LATER) -> list[list[str]]:
    found = arrange(read(tool), occasion)
    return [[each.manifest.ref.name for each in wave.members] for wave in found.waves]


@pytest.mark.parametrize(
    ("tool", "occasion", "waves"),
    [
        (
            "argo-cd",
            Occasion.LATER,
            [
                ["shop", "schema-migrate-"], ["settings"], ["backend"], ["maintenance-page"], ["frontend"],
                ["smoke-test-"], ["tell-everybody"],
            ],
        ),
        ("argo-cd", Occasion.REMOVAL, [["last-backup"]]),
        ("helm", Occasion.FIRST, [["Secret"], ["Job"], ["shop-data", "shop"], ["shop-seed"]]),
        ("helm", Occasion.LATER, [["Secret"], ["Job"], ["shop-data", "shop"]]),
        ("helm", Occasion.REMOVAL, [["shop-goodbye"]]),
        ("kapp", Occasion.LATER, [["db", "given-by-the-platform"], ["migrations"], ["web"], ["health-check"]]),
        ("flux", Occasion.LATER, [["first-settings", "shared", "data"]]),
        ("werf", Occasion.LATER, [["postgres"], ["database-migrations"], ["app"], ["warm-cache"]]),
        ("cli-utils", Occasion.LATER, [["db"], ["prepare"], ["web"]]),
    ],
)  # fmt: skip
def test_a_repository_moves_over_unedited(tool: str, occasion: Occasion, waves: list[list[str]]) -> None:
    """Nothing in it is refused, and everything comes in the order that it came in there."""
    found = arrange(read(tool), occasion)
    shown = [
        [each.manifest.ref.kind if each.manifest.ref.name == "shop-migrate" else each.manifest.ref.name
         for each in wave.members]
        for wave in found.waves
    ]  # fmt: skip
    assert shown == waves


def test_what_is_written_how_is_read_too() -> None:
    """Created once, merged, left alone, expected, made anew: each as it is marked."""
    modes = {each.manifest.ref.name: each.directives.mode for tool in ("flux", "kapp") for each in read(tool)}
    assert modes["first-settings"] is Mode.CREATE
    assert modes["shared"] is Mode.MERGE
    assert modes["handmade"] is Mode.IGNORE
    assert modes["given-by-the-platform"] is Mode.EXPECT
    again = {each.manifest.ref.name for each in read("kapp") if each.directives.recreate is Recreate.INSTEAD_OF_UPDATE}
    assert again == {"migrations", "health-check"}


def test_it_leaves_in_the_opposite_order() -> None:
    """What uses the database goes before it."""
    batches = [[each.manifest.ref.name for each in batch] for batch in departures(read("kapp"))]
    assert batches == [["health-check", "given-by-the-platform"], ["web"], ["migrations"], ["db"]]
