"""An operator who lets only a few deploy learns of the way around: a pushed branch whose own file asks for it."""

from pathlib import Path

import pytest

from tests.cli.conftest import OPERATOR, Pushboat
from tests.cli.test_doctor import lines

CHECK = "github/acme/shop staging: deployers"


@pytest.mark.parametrize(
    ("more", "warned"),
    [("", False), (", deployers: [maintain, alice]", True), (", deployers: [maintain], branch: main", False)],
)
def test_deployers_without_a_fixed_branch_are_warned_about(
    more: str, warned: bool, pushboat: Pushboat, home: Path
) -> None:
    """Who may comment matters little where everyone who pushes may choose the branch; the fix is one line."""
    (home / "pushboat.yaml").write_text(OPERATOR.replace("[shop-staging]", f"[shop-staging]{more}"))
    found = lines(pushboat("doctor", "--json"))
    assert (CHECK in found) == warned
    if warned:
        assert found[CHECK]["result"] == "WARN"
        assert found[CHECK]["fix"] == "set branch or tag for staging in pushboat.yaml"
