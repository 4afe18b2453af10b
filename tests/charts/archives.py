"""Archives of charts, well made and badly made."""

import gzip
import io
import tarfile
from collections.abc import Mapping


def archive(files: Mapping[str, str | bytes]) -> bytes:
    """Pack files by their names in the archive, whatever those are."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            raw = content if isinstance(content, bytes) else content.encode()
            member = tarfile.TarInfo(name)
            member.size = len(raw)
            tar.addfile(member, io.BytesIO(raw))
    return packed.getvalue()


def with_link(target: str, kind: bytes = tarfile.SYMTYPE) -> bytes:
    """Pack a chart whose values are a link to somewhere else."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        member = tarfile.TarInfo("sub/values.yaml")
        member.type, member.linkname = kind, target
        tar.addfile(member)
    return packed.getvalue()


def with_two_meanings(name: str, shown: str, text: str) -> bytes:
    """Pack a chart with a file that Go's reader finds under one name, and Python's under another one.

    A name that stands for all files that follow is none to Go.
    """
    packed, for_all = io.BytesIO(), {"path": f"sub/{shown}"}
    with tarfile.open(fileobj=packed, mode="w:gz", format=tarfile.PAX_FORMAT, pax_headers=for_all) as tar:
        for path, content, own in (
            ("sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 0.1.0\n", {"path": "sub/Chart.yaml"}),
            (f"sub/{name}", text, {}),
        ):
            member = tarfile.TarInfo(path)
            member.size, member.pax_headers = len(content), own
            tar.addfile(member, io.BytesIO(content.encode()))
    return packed.getvalue()


def bomb(size: int) -> bytes:
    """Pack one file of nothing but zeros, which takes a thousandth of its size."""
    head = tarfile.TarInfo("sub/templates/a.yaml")
    head.size = size
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as zipped:
        zipped.write(head.tobuf())
        for _ in range(size >> 20):
            zipped.write(bytes(1 << 20))
    return packed.getvalue()


def many(count: int) -> bytes:
    """Pack a chart of many empty files."""
    return archive({f"sub/templates/{number}.yaml": "" for number in range(count)})


def nested(depth: int) -> bytes:
    """Pack an archive in an archive, so often."""
    inner = archive({"sub/Chart.yaml": "name: sub\nversion: 0.1.0\n"})
    for _ in range(depth):
        inner = archive({"sub/Chart.yaml": "name: sub\nversion: 0.1.0\n", "sub/charts/sub.tgz": inner})
    return inner
