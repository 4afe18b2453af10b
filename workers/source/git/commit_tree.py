"""The tree of one commit, looked at piece by piece: each piece is asked of git once, and links are read together."""

import posixpath

from workers.running.spawning import TooMuchOutput
from workers.source.git import trees
from workers.source.git.command import Repository
from workers.source.git.entry import Entry

LONGEST_TARGET = 4096
"""Bytes that a symbolic link may say; a file system takes no more."""
_MOST_TARGETS = 1 << 20
"""Bytes of all links of a listing together; beyond that each is read by itself, and refused by its name."""


class CommitTree:
    """What a commit holds, as its trees say it; no symbolic link is followed here."""

    def __init__(self, cached: Repository, sha: str) -> None:
        self._cached, self._sha = cached, sha
        self._listed: set[str] = set()
        self._entries: dict[str, Entry | None] = {}
        self._children: dict[str, list[Entry]] = {}
        self._unread: list[Entry] = []
        self._said: dict[str, bytes] = {}

    def at(self, path: str) -> Entry | None:
        """Give what stands at a path."""
        if path not in self._entries and not self._is_listed(path):
            found = trees.entries(self._cached, self._sha, path, deep=False)
            self._entries[path] = next((entry for entry in found if entry.path == path), None)
        return self._entries.get(path)

    def below(self, folder: str) -> list[Entry]:
        """List what lies in a folder, not in those in it; the first time everything below is asked for at once.

        Raises:
            CheckoutFailed: that is too much.
        """
        if not self._is_listed(folder):
            self._listed.add(folder)
            for entry in trees.entries(self._cached, self._sha, folder, deep=True):
                self._entries[entry.path] = entry  # also the folders on the way
                if not folder or entry.path.startswith(f"{folder}/"):
                    self._children.setdefault(posixpath.dirname(entry.path), []).append(entry)
                    self._unread += [entry] if entry.is_link else []
        return self._children.get(folder, [])

    def names(self, folder: str) -> list[str]:
        """Name what lies in a folder."""
        found = self._children.get(folder) if self._is_listed(folder) else None
        if found is None:
            where = f"{folder}/" if folder else ""
            found = trees.entries(self._cached, self._sha, where, deep=False)
        return [posixpath.basename(entry.path) for entry in found]

    def said_by(self, link: Entry) -> bytes:
        """Read what a symbolic link says.

        Raises:
            CheckoutFailed: it is longer than 4 KiB.
        """
        if link.oid not in self._said:
            self._read(link)
        return self._said[link.oid]

    def _read(self, link: Entry) -> None:
        """Read this one and every other that has come up since."""
        unread, self._unread = {entry.oid: entry for entry in (*self._unread, link)}, []
        together = list(unread.values())
        try:
            contents = trees.contents(self._cached, self._sha, together, _MOST_TARGETS)
            self._said.update((entry.oid, said) for entry, said in zip(together, contents, strict=True))
        except TooMuchOutput:
            self._unread = [entry for entry in together if entry != link]
        if len(self._said.get(link.oid, b"\0" * (LONGEST_TARGET + 1))) > LONGEST_TARGET:
            self._said[link.oid] = trees.read_blob(self._cached, self._sha, link, LONGEST_TARGET)

    def _is_listed(self, path: str) -> bool:
        return any(not root or path == root or path.startswith(f"{root}/") for root in self._listed)
