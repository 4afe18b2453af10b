"""Archives of charts that stand in a repository: opened in memory, behind guards, and never unpacked to a disk.

Helm gets them packed anew from what was read here, so that no archive says one thing to us and another to Helm.
"""

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from pushboat.errors import RenderFailed
from pushboat.model.wording import printable

Files = dict[str, "bytes | Archive"]
"""A chart's files by their paths below it."""
ENDING = ".tgz"
LARGEST_MEMBER = 5 << 20
DEEPEST = 5
"""Archives inside of archives; Helm's own tools make one level."""
_HEADERS_OF_ONE = 8 << 10
_AT_ONCE = 1 << 16
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Archive:
    """A chart in one file, opened; `shown` is where it stands in the repository."""

    files: Files
    shown: str


@dataclass(slots=True)
class Budget:
    """How many bytes and files a chart may still have, its archives and dependencies counted in."""

    size: int = 50 << 20
    files: int = 5_000

    def take(self, size: int, shown: str) -> None:
        """Count one file.

        Raises:
            RenderFailed: there is no more room.
        """
        self.size -= size
        self.files -= 1
        if size > LARGEST_MEMBER:
            raise RenderFailed(
                f"{shown} is larger than {LARGEST_MEMBER >> 20} MiB, which Helm does not read in a chart"
            )
        if self.size < 0 or self.files < 0:
            raise RenderFailed(
                f"{shown}: the chart is larger than 50 MiB or 5,000 files, with what its archives hold: make it smaller"
            )


def is_archive(path: str) -> bool:
    """Say whether Helm would open a file: an archive right in a folder `charts`, by its path below the chart."""
    folder, _, name = path.rpartition("/")
    return name.endswith(ENDING) and name[0] not in "._" and (folder == "charts" or folder.endswith("/charts"))


def unpack(raw: bytes, shown: str, budget: Budget, depth: int = 1) -> Archive:
    """Open a chart's archive, and those in it.

    Raises:
        RenderFailed: it is no such archive, or holds what we do not accept.
    """
    if depth > DEEPEST:
        raise RenderFailed(f"{shown}: archives stand more than {DEEPEST} deep in each other: unpack them")
    found: Files = {}
    for name, content in _members(raw, shown, budget):
        if name in found:
            raise RenderFailed(f"{shown} holds {printable(name)} twice: make it anew with `helm package`")
        nested = is_archive(name)
        found[name] = unpack(content, f"{shown}/{name}", budget, depth + 1) if nested else content
    if not found:
        raise RenderFailed(f"{shown} is an empty archive: make it anew with `helm package`")
    return Archive(found, shown)


def pack(archive: Archive) -> bytes:
    """Make an archive, the same bytes for the same files."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, content in archive.files.items():
            raw = content if isinstance(content, bytes) else pack(content)
            member = tarfile.TarInfo(f"chart/{name}")
            member.size = len(raw)
            tar.addfile(member, io.BytesIO(raw))
    return packed.getvalue()


class _TooLarge(Exception):
    pass


class _Bounded(io.RawIOBase):
    """A stream that ends with an error where it goes on for too long: gzip makes a gigabyte of a megabyte."""

    def __init__(self, inner: gzip.GzipFile, most: int) -> None:
        self._inner, self._left = inner, most

    def read(self, size: int = -1) -> bytes:
        found = self._inner.read(_AT_ONCE if size < 0 else min(size, _AT_ONCE))
        self._left -= len(found)
        if self._left < 0:
            raise _TooLarge
        return found


def _members(raw: bytes, shown: str, budget: Budget) -> Iterator[tuple[str, bytes]]:
    most = budget.size + _HEADERS_OF_ONE * budget.files
    try:
        with (
            gzip.GzipFile(fileobj=io.BytesIO(raw)) as unzipped,
            tarfile.open(fileobj=_Bounded(unzipped, most), mode="r|") as tar,
        ):
            for member in tar:
                if member.isdir():
                    continue
                _demand_plain(member, shown)
                budget.take(member.size, f"{shown}/{member.name}")
                content = tar.extractfile(member)
                assert content is not None
                yield member.name.partition("/")[2], content.read().removeprefix(_BYTE_ORDER_MARK)
    except _TooLarge:
        raise RenderFailed(f"{shown} is larger than a chart may be when it is unpacked: make it smaller") from None
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, OverflowError) as error:
        raise RenderFailed(f"{shown} is no archive of a chart: make it anew with `helm package`") from error


def _demand_plain(member: tarfile.TarInfo, shown: str) -> None:
    """Accept plain files below the archive's one folder only."""
    name = member.name
    if not name.isprintable() or "\\" in name or name.startswith("/") or {"", ".", ".."} & set(name.split("/")):
        raise RenderFailed(f"{shown} holds a file whose name leads elsewhere ({printable(name)!r}): make it anew")
    if not member.isreg():
        raise RenderFailed(f"{shown}: {printable(name)} is a link or a device, and charts hold plain files only")
    if "/" not in name:
        raise RenderFailed(f"{shown}: {printable(name)} stands beside the chart's folder: make it anew")
