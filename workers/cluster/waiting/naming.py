"""Name what is waited for besides the first: every object in one line, or all kinds where that has no room for them."""

from collections import Counter
from collections.abc import Sequence

from pushboat.model.health import Finding

LONGEST_NAMED = 1_000
"""Characters of names in one line; a larger crowd is counted by kind and namespace."""


def also(others: Sequence[Finding]) -> str:
    """Write the end of a sentence about the first one; nothing where there is no other."""
    if not others:
        return ""
    names = ", ".join(str(each.ref) for each in others)
    return f"; also {names if len(names) <= LONGEST_NAMED else _counted(others)}"


def _counted(others: Sequence[Finding]) -> str:
    places = Counter((each.ref.kind, each.ref.namespace) for each in others)
    return ", ".join(
        f"{number} of kind {kind}" + (f" in {namespace}" if namespace else "")
        for (kind, namespace), number in places.most_common()
    )
