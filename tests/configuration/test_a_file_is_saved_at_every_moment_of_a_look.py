"""The operator saves a file at any moment of a look at it, and at last the newest one counts without another touch."""

import io
import os
from pathlib import Path
from typing import Any

import pytest

from pushboat.config.following import Following
from tests.configuration.test_the_file_is_read_again import AT_ONCE, file, space, written

__all__ = ["file"]
MOMENTS = range(1, 11)
"""After so many looks at the file's times, and readings of it; the last of these come after the look that is meant."""
BROKEN = "projects: [\n"


class SavedMeanwhile(type(Path())):  # type: ignore[misc]
    """A file that somebody saves at one moment of those who look at it."""

    moments = 0
    text = ""

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Look at its times, and let the other one save."""
        found = super().stat(follow_symlinks=follow_symlinks)
        self.pass_by()
        return found

    def open(self, mode: str = "r", *_: Any) -> Any:
        """Read it, and let the other one save before anything is made of it."""
        assert mode == "rb", "it is only read here"
        text = Path(self).read_bytes()
        self.pass_by()
        return io.BytesIO(text)

    def pass_by(self) -> None:
        """Let a moment pass."""
        SavedMeanwhile.moments -= 1
        if SavedMeanwhile.moments == 0:
            fresh = Path(self).with_name("fresh")
            fresh.write_text(SavedMeanwhile.text)
            fresh.replace(self)


def saved(file: Path, *, during: str, then: str, moment: int) -> Following:
    """Follow a file that is saved again in the middle of the look that finds what was saved `during` it before."""
    following = Following(SavedMeanwhile(file), {}, AT_ONCE)
    file.write_text(during)
    SavedMeanwhile.moments, SavedMeanwhile.text = moment, then
    following.look()
    SavedMeanwhile.moments = min(SavedMeanwhile.moments, 1)  # later than that look, at the latest in the next one
    for _ in range(3):
        following.look()
    assert file.read_text() == then
    return following


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_newest_of_two_files_counts(file: Path, moment: int) -> None:
    """I save twice in a second: what I saved last is what runs, whichever moment it was."""
    following = saved(file, during=written("shop-two"), then=written("shop-three"), moment=moment)
    assert space(following.now()) == "shop-three"
    assert following.standing().sentence == ""


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_mistake_mended_at_once_is_no_mistake(file: Path, moment: int) -> None:
    """I see my slip while it is read: nobody says for ever that the file has a mistake that it has no more."""
    following = saved(file, during=BROKEN, then=written("shop-two"), moment=moment)
    assert space(following.now()) == "shop-two"
    assert following.standing().sentence == ""


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_is_saved_while_a_process_begins_counts(file: Path, moment: int) -> None:
    """A restart and my change come together: the process read the file before, and takes the newer one all the same."""
    SavedMeanwhile.moments, SavedMeanwhile.text = moment, written("shop-two")
    following = Following(SavedMeanwhile(file), {}, AT_ONCE)
    SavedMeanwhile.moments = min(SavedMeanwhile.moments, 1)
    for _ in range(2):
        following.look()
    assert space(following.now()) == "shop-two"
