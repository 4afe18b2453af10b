"""What `make test` leaves to the long proofs has somebody there who stands for it, and the proofs leave nothing out."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import pytest_ignore_collect
from tests.sampling import NOT_QUICK, leave_to_make_test, leave_to_the_proofs


@dataclass
class Item:
    """As much of a test as a choice looks at."""

    place: str
    row: str
    marks: set[str] = field(default_factory=set)
    originalname: str = "test_it"
    proves: str = ""

    @property
    def path(self) -> Path:
        return Path("tests") / self.place

    @property
    def nodeid(self) -> str:
        return f"tests/{self.place}::{self.originalname}[{self.row}]"

    @property
    def callspec(self) -> Any:
        return SimpleNamespace(id=self.row)

    def get_closest_marker(self, name: str) -> bool:
        return name in self.marks

    def iter_markers(self, name: str) -> list[Any]:
        return [SimpleNamespace(args=[self.proves])] if self.proves else []

    def add_marker(self, mark: pytest.MarkDecorator) -> None:
        self.marks.add(mark.name)


def kept(items: list[Item]) -> list[str]:
    """Give the rows that `make test` runs."""
    leave_to_the_proofs(items)  # type: ignore[arg-type]
    return [item.row for item in items if "proof" not in item.marks]


@pytest.mark.parametrize(("rows", "stay"), [(1, 1), (3, 1), (4, 2), (10, 4)])
def test_of_each_test_a_share_stays_and_never_nothing(rows: int, stay: int) -> None:
    """However few rows a test has and whatever their names, one of them runs."""
    for name in "abcdefgh":
        items = [Item("rendering/test_a.py", f"{name}{number}", {"cluster"}) for number in range(rows)]
        assert len(kept(items)) == stay


def test_a_row_whose_name_changes_is_refused() -> None:
    """Its lot would fall anew in each run, and `make test` and the proofs could both leave it out."""
    for row in ("<Key object at 0x7f0c633cc190>", str(Path(__file__).resolve().parents[2] / "examples")):
        with pytest.raises(pytest.UsageError, match="give its rows `ids`"):
            leave_to_the_proofs([Item("trust/test_a.py", row)])  # type: ignore[list-item]


def test_what_needs_no_cluster_runs_whole() -> None:
    """Cheap rows are left out nowhere but in the files that say so."""
    assert len(kept([Item("routing/test_a.py", str(number)) for number in range(10)])) == 10
    assert len(kept([Item("routing/test_a.py", str(number), {"cluster"}) for number in range(10)])) == 4
    assert len(kept([Item("cluster/test_the_guard.py", str(number)) for number in range(10)])) == 3


def test_of_tests_that_tell_one_promise_a_share_stays() -> None:
    """Of nine tests of one removal, each with a name of its own, three run: a share of each file, and never none."""
    one = [Item("removal/test_a.py", "", {"cluster"}, f"test_{number}") for number in range(9)]
    other = [Item("waves/test_b.py", "", originalname="test_alone")]
    assert len(kept([*one, *other])) == 4
    assert "proof" not in other[0].marks


def test_each_row_of_the_conformance_page_keeps_who_proves_it() -> None:
    """The only test that proves a row runs, whatever lot it draws; of several, one is enough."""
    alone = [Item("waves/test_a.py", "", originalname=f"test_{number}", proves=f"row-{number}") for number in range(9)]
    assert len(kept(alone)) == 9
    shared = [Item("removal/test_a.py", "", {"cluster"}, f"test_{number}", "row") for number in range(9)]
    assert len(kept(shared)) == 3


def test_what_costs_nothing_runs_whole() -> None:
    """A pure test beside those that ask the control plane is left out nowhere."""
    assert len(kept([Item("cluster/test_a.py", "", originalname=f"test_{number}") for number in range(9)])) == 9


def test_what_is_a_proof_already_stands_for_nobody() -> None:
    """Rows that only the proofs run are not counted among those of which some stay."""
    assert kept([Item("waves/test_a.py", "long", {"proof"}), Item("waves/test_a.py", "short")]) == ["short"]


def test_one_forge_stands_for_all_where_a_test_is_told_of_each() -> None:
    """Where a whole repository is played on every forge, one of them is drawn; a test of two forges keeps both."""
    three = [Item("racing/test_a.py", forge) for forge in ("github", "gitlab", "gitea")]
    assert len(kept(three)) == 1
    assert kept([Item("racing/test_a.py", forge) for forge in ("github", "gitlab")]) == ["github", "gitlab"]


def test_make_quick_runs_a_share_of_each_file_that_takes_long() -> None:
    """Of nine tests with a store each, two run while I write, and all that cost nothing."""
    items = [Item("store/test_a.py", "", originalname=f"test_{number}") for number in range(9)]
    cheap = [Item("routing/test_a.py", "", originalname=f"test_{number}") for number in range(9)]
    left = [Item("store/test_a.py", "", {mark}, f"test_{mark}") for mark in NOT_QUICK]
    leave_to_make_test([*items, *cheap, *left])  # type: ignore[list-item]
    assert [sum("slow" in item.marks for item in each) for each in (items, cheap)] == [7, 0]
    assert [item.marks for item in left] == [{mark} for mark in NOT_QUICK]
    assert not any("proof" in item.marks for item in items)


def test_make_quick_leaves_out_what_is_marked_so() -> None:
    """What the Makefile asks for is what the choice goes by."""
    assert f'-m "{QUICK}"' in (TESTS.parent / "Makefile").read_text()


TESTS = Path(__file__).parents[1]
QUICK = " and ".join(f"not {mark}" for mark in NOT_QUICK)


@pytest.mark.parametrize(
    ("folder", "wanted", "is_read"),
    [
        ("cli", QUICK, False),
        ("stories", QUICK, False),
        ("forges", QUICK, True),
        ("forges/cli", QUICK, True),
        ("cli", "not proof", True),
        ("cli", "proof", True),
        ("cli", "programs and not cluster", True),
    ],
)
def test_a_folder_is_not_read_only_where_none_of_its_tests_is_wanted(folder: str, wanted: str, is_read: bool) -> None:
    """`make quick` does not wait for thousands of tests that it does not run; whoever runs them has all of them."""
    config: Any = SimpleNamespace(option=SimpleNamespace(markexpr=wanted))
    assert (pytest_ignore_collect(TESTS / folder, config) is None) == is_read
