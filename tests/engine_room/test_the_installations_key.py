"""The installation's key is made once, kept private, and is the same for every process."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pushboat.errors import ConfigurationError
from tests.our_key import our_secret
from workers.tools import Tools


def test_many_processes_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    """I start five workers on an empty state folder: what one of them shows, the others show alike."""
    code = "import sys, pathlib; from tests.our_key import our_secret; print(our_secret(pathlib.Path(sys.argv[1])))"
    state = tmp_path / "state"
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(state)], text=True, stdout=subprocess.PIPE) for _ in range(5)
    ]
    keys = {each.communicate(timeout=60)[0].strip() for each in running}
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert stat.S_IMODE((state / "encryption-key").stat().st_mode) == 0o600
    assert [each.name for each in state.iterdir()] == ["encryption-key"]


def test_a_key_that_is_none_any_more_is_refused(tmp_path: Path) -> None:
    """Emptied by a full disk, it is not replaced in silence: all tokens would change."""
    file = tmp_path / "encryption-key"
    first = our_secret(tmp_path)
    assert our_secret(tmp_path) == first
    file.write_text("")
    with pytest.raises(ConfigurationError, match="put the old one back, or remove it"):
        our_secret(tmp_path)


def test_a_worker_has_the_key_and_does_not_print_it(tools: Tools, tmp_path: Path) -> None:
    """It is in the state folder, and in no log line that prints what a worker has in hand."""
    key = (tmp_path / "encryption-key").read_text().strip()
    assert tools.encryption_key == key
    assert key not in repr(tools)
