"""Which repository of the operator's file a delivery is about. Names change hands; the forge's own id tells who it is.

Whoever is renamed goes on under the name that the operator granted something to. Whoever takes a name that was
another's gets nothing of what that one was granted.
"""

from collections.abc import Sequence
from dataclasses import replace

from pushboat.events import Event
from pushboat.model.repository import Identity, Recognised
from pushboat.model.wording import printable


def recognise(
    event: Event, name: str, spelled: str, holder: Identity | None, earlier: Sequence[tuple[str, Identity]] = ()
) -> Recognised:
    """Decide whose delivery it is.

    Args:
        name: the repository's name of today, as the forge compares it, with the forge's name.
        spelled: the path in the operator's file that means this name, or empty.
        holder: who had this name first.
        earlier: the names of the operator's file that this repository had, with their paths there.
    """
    if not event.repository_id:
        return Recognised(repository=spelled)
    if spelled and (holder is None or holder.id == event.repository_id):
        identity = holder or _new(event, name)
        return Recognised(repository=spelled, identity=replace(identity, path=event.repository))
    for path, identity in earlier:
        if identity.name != name:
            moved = replace(identity, path=event.repository, rival="")  # a rival stays noted where it was
            return Recognised(repository=path, renamed=event.repository, identity=moved)
    if spelled and holder is not None:
        rival = replace(holder, rival=event.repository_id)
        return Recognised(repository=spelled, refusal=_refusal(event, holder), identity=rival)
    return Recognised()


def called_now(repository: str, path: str) -> str:
    """Say that a repository of the operator's file has another name, and what to change."""
    return (
        f"{printable(repository, 120)} is called {printable(path, 120)} now: "
        "change its `repository` under projects in pushboat.yaml"
    )


def acceptance(name: str, rival: str) -> str:
    """Give the command by which the operator takes the other repository for the one that is meant."""
    return f"pushboat repository accept {name} {rival}"


def _new(event: Event, name: str) -> Identity:
    return Identity(name=name, forge=name.partition("/")[0], id=event.repository_id, path=event.repository)


def _refusal(event: Event, holder: Identity) -> str:
    return (
        f"refused: this is another {printable(event.repository, 80)} than the one that the operator's file means "
        f"(the forge's id is {event.repository_id}, not {holder.id}); "
        f"to take it instead: {acceptance(holder.name, event.repository_id)}"
    )
