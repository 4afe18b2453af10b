"""Every file that a chart is made of, with what stands in its archives: what Helm will read, read before Helm does."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workers.manifests.pointers import is_pointer
from workers.render.helm.archives import LARGEST_MEMBER, Budget, Files, is_archive, pack, unpack
from workers.render.helm.ignoring import IGNORE_FILE, ignoring

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class ChartFile:
    """One file: `inner` is its path below its chart's folder, or its archive's; `shown` the one in the repository."""

    inner: str
    shown: str
    raw: bytes

    @property
    def name(self) -> str:
        """Give its own name."""
        return self.inner.rpartition("/")[2]


def read(folder: Path, shown: str, budget: Budget) -> Files:
    """Read a chart's folder, archives in `charts/` and those inside of them included.

    What `.helmignore` leaves out comes along all the same, as Helm judges that, unless it is too large for it.

    Raises:
        RenderFailed: an archive is not one, or all of it together is too large.
    """
    found: Files = {}
    rules = folder / IGNORE_FILE
    ignored = ignoring(rules.read_text("utf-8", "replace") if rules.is_file() else "")
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        inner = path.relative_to(folder).as_posix()
        where, size = beside(shown, inner), path.stat().st_size
        if size > LARGEST_MEMBER and ignored(inner):
            continue
        budget.take(size, where)
        raw = path.read_bytes().removeprefix(_BYTE_ORDER_MARK)
        opened = is_archive(inner) and not is_pointer(raw)
        found[inner] = unpack(raw, where, budget) if opened else raw
    return found


def flat(files: Files, shown: str) -> Iterator[ChartFile]:
    """List all files, those in archives and of charts beside this one included."""
    for name, content in files.items():
        if isinstance(content, bytes):
            yield ChartFile(name, beside(shown, name), content)
        else:
            yield from flat(content.files, content.shown)


def write(files: Files, folder: Path) -> None:
    """Write a chart's files below a folder, archives packed anew."""
    for name, content in files.items():
        at = folder / name
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_bytes(content if isinstance(content, bytes) else pack(content))


def beside(folder: str, name: str) -> str:
    """Join a folder, maybe the root, and what is in it."""
    return f"{folder}/{name}" if folder else name
