"""Who else may read the files that hold secrets: a shell writes a new file so that every account may."""

import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path

from pushboat.config.operator import Operator
from pushboat.model.wording import listed
from pushboat.store.database.ownership import account
from workers.checks.words import Line, passed, warned


def check_readers(operator: Operator) -> Iterator[Line]:
    """Warn of files with a secret, and of kubeconfigs, that every account of this machine may read."""
    kubeconfigs = {access.kubeconfig for access in operator.clusters.values() if access.kubeconfig}
    files = sorted({*operator.secret_files, *kubeconfigs})
    open_to_all = [file for file in files if _every_account_reads(file)]
    if open_to_all:
        sentence = f"every account of this machine may read {listed([str(file) for file in open_to_all])}"
        yield warned("files of secrets", sentence, " && ".join(_closing(file, operator.state) for file in open_to_all))
    else:
        yield passed("files of secrets", f"{len(files)} named, none is open to every account of this machine")


def _every_account_reads(file: Path) -> bool:
    """Say whether others get to a file and may read it; what is mounted read-only nobody here can close."""
    try:
        whole = file.resolve(strict=True)
        may = whole.stat().st_mode & stat.S_IROTH and not os.statvfs(whole).f_flag & os.ST_RDONLY
        return bool(may) and all(folder.stat().st_mode & stat.S_IXOTH for folder in whole.parents)
    except OSError:  # the check of the configuration names what cannot be read
        return False


def _closing(file: Path, state: Path) -> str:
    """Give the command that shuts others out, and not the account that Pushboat runs as: whose the state is."""
    whole = file.resolve()
    ours, close = _owner(state), f"chmod o= {shlex.quote(str(whole))}"
    return close if ours in (0, whole.stat().st_uid) else f"chown {account(ours)} {shlex.quote(str(whole))} && {close}"


def _owner(state: Path) -> int:
    try:
        return state.stat().st_uid
    except OSError:  # not made yet, or in a folder that is closed to whoever asks
        return os.geteuid()
