"""Below the state folder lie private repositories, diffs and comments: other users of the machine do not see them."""

from pathlib import Path

from tests.cli.conftest import Pushboat


def test_a_new_state_folder_is_for_its_owner_only(home: Path, pushboat: Pushboat) -> None:
    """The first command that makes the folder closes it."""
    pushboat("db", "upgrade")
    assert (home / "var").stat().st_mode & 0o077 == 0
