"""Read what the API server says of a quota that is used up, and say it as people count: so many of so many.

Many small objects that are too much together are refused one by one; each is told the same, and where the count stands.
"""

import re

_EXCEEDED = re.compile(
    r"exceeded quota: (?P<name>[^,\s]+), requested: (?P<asked>.+), used: (?P<used>.+), limited: (?P<limit>.+)"
)


def counted(message: str) -> str:
    """Say which quota is used up, by how much of what; empty where the message is about something else."""
    found = _EXCEEDED.search(message)
    if found is None:
        return ""
    asked, used, limit = (_amounts(found[part]) for part in ("asked", "used", "limit"))
    counts = (
        f"{used.get(what, '?')} of {most} {what} used, {asked.get(what, '?')} more asked for"
        for what, most in limit.items()
    )
    return f"exceeded quota: {found['name']}, {'; '.join(counts)}"


def _amounts(text: str) -> dict[str, str]:
    """Read `limits.cpu=2,pods=1`."""
    return {what: amount for what, _, amount in (each.partition("=") for each in text.strip().split(","))}
