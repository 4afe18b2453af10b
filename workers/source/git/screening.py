"""Which names and kinds of files a pushed commit may bring onto this machine, and the sentence for those it may not."""

from pathlib import PurePosixPath

from pushboat.errors import CheckoutFailed
from workers.source.git.command import Repository
from workers.source.git.entry import Entry
from workers.source.git.trees import read_blob
from workers.source.paths import fits

_LEADING = ("", ".yaml", ".yml", ".json")
"""A link with one of these endings (none: it may lead to a folder) left out in silence would leave objects out."""
_SHOWN = 80
_LONGEST_TARGET = 4096


def demand_file(cached: Repository, sha: str, entry: Entry) -> None:
    """Accept a plain file only.

    Raises:
        CheckoutFailed: it is a link, a folder or a submodule.
    """
    if entry.is_link:
        raise link_refused(cached, sha, entry)
    if entry.is_folder or entry.is_submodule:
        raise CheckoutFailed(f"{entry.path} is a folder: commit a file of that name")


def link_refused(cached: Repository, sha: str, entry: Entry) -> CheckoutFailed:
    """Make the error that names a link and where it leads."""
    target = read_blob(cached, sha, entry, _LONGEST_TARGET)
    return CheckoutFailed(
        f"{entry.path} is a symbolic link (to {escape(target)}), and this file is read from no other place: "
        "commit the file itself"
    )


def escape(name: bytes | str) -> str:
    """Show any name on one line, control characters and stray bytes escaped, cut where it is very long."""
    raw = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    text = raw.decode("utf-8", "backslashreplace")
    shown = "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"


def demand_plain_name(path: str) -> None:
    """Accept a name that can be shown, and written safely.

    Raises:
        CheckoutFailed: in a sentence that shows it escaped.
    """
    if not path.isprintable():  # also lone surrogates, which stand for bytes that are not UTF-8
        raise CheckoutFailed(
            f"the file name '{escape(path)}' holds a control character or is not UTF-8: rename the file"
        )
    if not fits(path):
        raise CheckoutFailed(f"the file name '{escape(path)}' is longer than a file system can hold: shorten it")
    if {"", ".", "..", ".git"} & set(path.split("/")):
        raise CheckoutFailed(f"the file name {escape(path)!r} is one that git itself forbids: remove the file")


def may_hold_manifests(path: str) -> bool:
    """Say whether a link of this name may stand for a manifest, or for a folder of them."""
    hidden = any(part.startswith(".") for part in path.split("/"))
    return not hidden and PurePosixPath(path).suffix.lower() in _LEADING
