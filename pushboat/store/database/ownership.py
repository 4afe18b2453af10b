"""Says whose an SQLite store's files are, where this process may not write them: a backup that root put back, say.

SQLite itself says "a readonly database" or "unable to open", names no file, and nobody sees what to do.
"""

import os
import pwd
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

ENDS = ("", "-wal", "-shm")
"""What is written in place, by what its name ends in; seal and sums are put in their place anew, whosever they were."""


def not_ours(file: Path) -> str:
    """Say which of a store's files or whether its folder may not be written by us, whose it is and what mends it.

    Empty: none, or the disk itself takes nothing, which SQLite says well enough.
    """
    me = os.geteuid()
    for each in chain((file.parent,), _there(file)):  # in a folder that is closed to us nothing is to be seen
        if os.access(each, os.W_OK, effective_ids=True) or os.statvfs(each).f_flag & os.ST_RDONLY:
            continue
        owner, what = each.stat().st_uid, f"{file.parent}" if each == file.parent else f"{file}*"
        if owner == me:
            return f"{each} may not be written: `chmod u+w {what}`"
        return f"{each} belongs to {account(owner)}, and Pushboat runs as {account(me)}: `chown {account(me)}: {what}`"
    return ""


def elsewhere_owned(file: Path) -> tuple[str, str] | None:
    """Say which of a store's files belongs to another than its folder does, and the command that mends it.

    Who looks as root may write all of them, and Pushboat, whose the folder is, may not. None: all are one user's.
    """
    owner = file.parent.stat().st_uid
    for each in _there(file):
        if (whose := each.stat().st_uid) != owner:
            sentence = (
                f"{each} belongs to {account(whose)}, and its folder to {account(owner)}, who may not write it then"
            )
            return sentence, f"chown {account(owner)}: {file}*"
    return None


def give_to_folders_owner(file: Path) -> None:
    """Leave a store that root has made to whom its folder belongs, as SQLite leaves its log to the file's owner."""
    folder = file.parent.stat()
    if os.geteuid() == 0 and folder.st_uid != 0:
        for each in _there(file):
            os.chown(each, folder.st_uid, folder.st_gid)


def _there(file: Path) -> Iterator[Path]:
    """Give the files that are there now; one of them may be gone in the next moment."""
    return (each for each in (file.with_name(f"{file.name}{end}") for end in ENDS) if each.exists())


def account(number: int) -> str:
    """Name an account of this machine by its number."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
