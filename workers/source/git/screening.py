"""Which names and kinds of files a pushed commit may bring onto this machine, and the sentence for those it may not."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from pushboat.errors import CheckoutFailed
from pushboat.model.deployment import short
from workers.source.git.command import Repository
from workers.source.git.entry import Entry
from workers.source.git.trees import entries, read_blob
from workers.source.paths import fits

_LEADING = ("", ".yaml", ".yml", ".json")
"""A link with one of these endings (none: it may lead to a folder) left out in silence would leave objects out."""
_SHOWN = 80
_LONGEST_TARGET = 4096


@dataclass(frozen=True, slots=True)
class Screened:
    """What is written, and what is left out."""

    files: tuple[Entry, ...]
    links: tuple[str, ...]
    submodules: tuple[str, ...]


def screen(cached: Repository, sha: str, found: Iterable[Entry]) -> Screened:
    """Sort a listing into files, links and submodules.

    Raises:
        CheckoutFailed: a name that cannot be shown or written safely, or a link where a manifest may be expected.
    """
    files, links, submodules = [], [], []
    for entry in found:
        _demand_plain_name(entry.path)
        if entry.is_link:
            if _matters(entry.path):
                raise link_refused(cached, sha, entry)
            links.append(entry.path)
        elif entry.is_submodule:
            submodules.append(entry.path)
        elif not entry.is_folder:
            files.append(entry)
    return Screened(tuple(files), tuple(links), tuple(submodules))


def demand_folder(cached: Repository, sha: str, folder: str) -> list[Entry]:
    """List a folder with everything below it, or say why it is none.

    Raises:
        CheckoutFailed: it is missing, or it or what it stands in is a file, a link or a submodule.
    """
    found = entries(cached, sha, folder, deep=True)
    at = next((entry for entry in found if entry.path == folder), None)
    if not folder:
        return found
    if at is not None and at.is_folder:
        return [entry for entry in found if entry.path.startswith(f"{folder}/") or entry is at]
    for parent in (folder, *(str(parent) for parent in PurePosixPath(folder).parents if str(parent) != ".")):
        for entry in entries(cached, sha, parent, deep=False):
            if entry.path == parent and not entry.is_folder:
                raise _not_a_folder(cached, sha, entry)
    raise CheckoutFailed(f"{folder} is not in commit {short(sha)}: create it, or correct `path` in .pushboat.yaml")


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
        f"{entry.path} is a symbolic link (to {escape(target)}): Pushboat does not follow links; commit the file itself"
    )


def escape(name: bytes | str) -> str:
    """Show any name on one line, control characters and stray bytes escaped, cut where it is very long."""
    raw = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    text = raw.decode("utf-8", "backslashreplace")
    shown = "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"


def _demand_plain_name(path: str) -> None:
    if not path.isprintable():  # also lone surrogates, which stand for bytes that are not UTF-8
        raise CheckoutFailed(
            f"the file name '{escape(path)}' holds a control character or is not UTF-8: rename the file"
        )
    if not fits(path):
        raise CheckoutFailed(f"the file name '{escape(path)}' is longer than a file system can hold: shorten it")
    if {"", ".", "..", ".git"} & set(path.split("/")):
        raise CheckoutFailed(f"the file name {escape(path)!r} is one that git itself forbids: remove the file")


def _matters(path: str) -> bool:
    hidden = any(part.startswith(".") for part in path.split("/"))
    return not hidden and PurePosixPath(path).suffix.lower() in _LEADING


def _not_a_folder(cached: Repository, sha: str, entry: Entry) -> CheckoutFailed:
    if entry.is_link:
        return link_refused(cached, sha, entry)
    if entry.is_submodule:
        return CheckoutFailed(
            f"{entry.path} is a submodule, which Pushboat does not fetch: commit the manifests to this repository"
        )
    return CheckoutFailed(f"{entry.path} is a file: `path` in .pushboat.yaml must name a folder")
