"""Which members leave, and why some of them stay all the same: nothing is kept without a word."""

from collections.abc import Collection, Iterator

from pushboat.model.manifest import Ref
from workers.cluster.objects import Object
from workers.cluster.planning.order import NEVER_PRUNED
from workers.cluster.planning.sharing import Sharing
from workers.cluster.planning.words import Stale
from workers.cluster.reading.live import Live
from workers.manifests.directives.reading import directives_in

PRUNE_IS_OFF = "prune is off for this environment"


def leaving(wanted: Collection[Ref], live: Live, sharing: Sharing, *, prune: bool, consent: bool) -> Iterator[Stale]:
    """List the members that the revision has no more, each with the reason for which it stays, where it does."""
    for ref, there in sorted(live.members.items()):
        if ref not in wanted:
            yield Stale(ref=ref, live=there, kept=_kept(ref, there, sharing, prune=prune, consent=consent))


def _kept(ref: Ref, there: Object, sharing: Sharing, *, prune: bool, consent: bool) -> str:
    if ref in sharing.wanted:
        return sharing.wanted[ref]
    if not prune:
        return PRUNE_IS_OFF
    return NEVER_PRUNED.get(ref.kind, "") or protected(there, consent=consent)


def protected(there: Object, *, consent: bool = False) -> str:
    """Name the annotation by which somebody keeps an object from being deleted, where there is one.

    Some ask for a person's word only, which the consent to a large prune is.
    """
    keeps = directives_in(there).keeps
    return next((f"it is annotated {keep.key}: {keep.said}" for keep in keeps if not (keep.asks and consent)), "")
