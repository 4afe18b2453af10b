"""What a removal would delete, and what would stay, as the cluster looks now; for whoever is asked if it is meant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pushboat.model.manifest import Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.objects import PART_OF, Object, labels, ref_of
from workers.cluster.planning.removal import Removal
from workers.cluster.planning.words import Stale
from workers.cluster.removing.members import WITH_IT, is_definition
from workers.cluster.removing.namespaces import foretold
from workers.cluster.removing.remains import of_definition, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What goes, namespaces last, and what stays with its reason."""

    goes: tuple[Ref, ...] = ()
    stays: tuple[Stale, ...] = ()


def foresee(cluster: Cluster, removal: Removal, spaces: Sequence[Stale]) -> Foreseen:
    """Look ahead; nothing is written."""
    parent, kept = removal.inventory.parent, {each.ref for each in removal.kept}
    home = Ref("", "Secret", parent.namespace, parent.name)

    def goes_with_it(live: Object) -> bool:
        return ref_of(live) == home or (labels(live).get(PART_OF) == parent.id and ref_of(live) not in kept)

    stays, goes = [*removal.kept, *removal.others], []
    for each in removal.to_delete:
        left = sentence(of_definition(cluster, each.live, goes_with_it), passing=False) if is_definition(each) else ""
        if left:
            stays.append(replace(each, kept=f"{WITH_IT}{left}"))
        else:
            goes.append(each.ref)
    for space in spaces:
        if why := foretold(cluster, space, goes_with_it):
            stays.append(replace(space, kept=why))
        else:
            goes.append(space.ref)
    return Foreseen(goes=tuple(goes), stays=tuple(stays))
