"""What a render may bring from outside of its repository: what the lock file pins and the operator allows."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

from pushboat.config import locked
from pushboat.config.locked import LOCK_NAME
from pushboat.config.operator import Operator
from pushboat.config.sources import canonical
from pushboat.forges.protocol import Client
from pushboat.model.outside import Locked, Outside
from workers.source.bases import Known, Ours, planting
from workers.source.outside.fetching import bringing
from workers.source.outside.words import Bring
from workers.source.planted import Plant


def from_outside(operator: Operator, root: Path, known: Known) -> tuple[Bring, Plant]:
    """Bring from outside what the lock file of a checkout pins; it is read only where something is asked for."""

    @cache
    def lock() -> Mapping[Outside, Locked]:
        file = root / LOCK_NAME
        return locked.parse(file.read_bytes()) if file.is_file() else {}

    allowed, state = operator.sources, operator.state
    return (
        lambda outside: bringing(lock(), allowed, state / "outside")(outside),
        lambda *what: planting(lock(), allowed, state / "bases", known)(*what),
    )


def ours(operator: Operator, clients: Callable[[str], Client], address: str) -> Ours | None:
    """Say which repository of a forge of ours has an address."""
    for name, forge in operator.forges.items():
        if forge.url and address.startswith(f"{canonical(forge.url)}/"):
            path = address.removeprefix(f"{canonical(forge.url)}/")
            remote = partial(clients(name).remote, path)
            return Ours(name=f"{name}/{path}", remote=remote, caches=operator.state / "git")
    return None
