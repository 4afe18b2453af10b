"""Below the state folder lie private repositories, diffs and comments: other users of the machine do not see them."""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Pushboat
from tests.cli.test_doctor import lines


def test_a_new_state_folder_is_for_its_owner_only(home: Path, pushboat: Pushboat) -> None:
    """The first command that makes the folder closes it."""
    pushboat("db", "upgrade")
    assert (home / "var").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("root", [pytest.param(True, id="as root"), pytest.param(False, id="as its owner")])
def test_a_store_is_its_folders_owners(home: Path, pushboat: Pushboat, *, root: bool) -> None:
    """After a disaster `db upgrade` is typed as root: whom the folder belongs to can write the store all the same."""
    state, nobody = home / "var", 65534
    state.mkdir(mode=0o700)
    if root and os.geteuid() == 0:
        os.chown(state, nobody, nobody)
    assert pushboat("db", "upgrade").returncode == 0
    assert {each.stat().st_uid for each in state.glob("pushboat.sqlite3*") if "-s" not in each.name} == {
        state.stat().st_uid
    }
    assert "belongs to" not in lines(pushboat("doctor", "--json"))["store"]["sentence"]
    if root and os.geteuid() == 0:
        os.chown(state / "pushboat.sqlite3", 0, 0)  # a backup, put in its place as root
        found = lines(pushboat("doctor", "--json"))["store"]
        assert (found["result"], found["fix"]) == ("FAIL", f"chown nobody: {state / 'pushboat.sqlite3'}*")
