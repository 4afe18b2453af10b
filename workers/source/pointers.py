"""Files that a commit holds only as Git LFS pointers: refused where they are read, and never there for a renderer.

What a kustomization reads, only kustomize knows; so the pointer is left out, and who looks for it is told why it is not
there. A chart reads whatever lies in it, by patterns that would pass over a missing file in silence.
"""

import posixpath
from collections.abc import Mapping

from pushboat.errors import CheckoutFailed
from workers.manifests.pointers import POINTER, is_pointer
from workers.source.closure import Closure
from workers.source.git.entry import Entry

_CHART = "Chart.yaml"
_LEADING = (_CHART, "kustomization.yaml", "kustomization.yml", "Kustomization")
"""Without one of these, a folder would be taken for what it is not."""


def kept_elsewhere(found: Closure, contents: Mapping[Entry, bytes]) -> dict[str, str]:
    """Give the pointers that are left out, each with its sentence.

    Raises:
        CheckoutFailed: some are among what is surely read.
    """
    pointers = sorted(entry.path for entry, content in contents.items() if is_pointer(content))
    charts = {posixpath.dirname(entry.path) for entry in contents if posixpath.basename(entry.path) == _CHART}
    read = [path for path in pointers if found.all_is_read or path in found.asked or _is_read(path, charts)]
    if read:
        at = f" ({found.linked[read[0]]}, over a symbolic link)" if read[0] in found.linked else ""
        more = f" (as are {', '.join(read[1:6])}{' and more' if len(read) > 6 else ''})" if read[1:] else ""
        raise CheckoutFailed(f"{read[0]}:1: this{at} is {POINTER}{more}")
    return {path: f"{path} is {POINTER}" for path in pointers}


def _is_read(path: str, charts: set[str]) -> bool:
    folder, name = posixpath.split(path)
    return name in _LEADING or any(not chart or f"{folder}/".startswith(f"{chart}/") for chart in charts)
