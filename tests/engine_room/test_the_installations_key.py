"""The installation's key is made once, kept private, and is the same for every process."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from pushboat.errors import ConfigurationError
from workers.running.keys import kept_key
from workers.tools import Tools


def test_many_processes_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    """I start five workers on an empty state folder: what one of them shows, the others show alike."""
    code = "import sys, pathlib; from workers.running.keys import kept_key; print(kept_key(pathlib.Path(sys.argv[1])))"
    file = tmp_path / "state" / "encryption-key"
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(file)], text=True, stdout=subprocess.PIPE) for _ in range(5)
    ]
    keys = {each.communicate(timeout=60)[0].strip() for each in running}
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["encryption-key"]


def test_a_key_that_is_none_any_more_is_refused(tmp_path: Path) -> None:
    """Emptied by a full disk, it is not replaced in silence: all tokens would change."""
    file = tmp_path / "encryption-key"
    first = kept_key(file)
    assert kept_key(file) == first
    file.write_text("")
    with pytest.raises(ConfigurationError, match="put the old one back, or remove it"):
        kept_key(file)


def test_a_worker_has_the_key_and_does_not_print_it(tools: Tools, tmp_path: Path) -> None:
    """It is in the state folder, and in no log line that prints what a worker has in hand."""
    key = (tmp_path / "encryption-key").read_text().strip()
    assert tools.encryption_key == key
    assert key not in repr(tools)
