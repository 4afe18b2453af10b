"""What a rollback leaves as it is in the cluster: definitions of kinds, and Secrets that it cannot read any more."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pushboat.model.deployment import Deployment
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.client.connection import Cluster
from workers.cluster.objects import APPLIED, annotations, declared, digest, is_secret
from workers.cluster.planning.sharing import Sharing
from workers.cluster.planning.words import Plan
from workers.cluster.reading.live import Live
from workers.deploying.sources import Wanted
from workers.deploying.summaries import LOCKED, Back

NEWER = "a rollback takes no definition back, for objects may need what it says now"


def spared(wanted: Wanted, live: Live) -> Mapping[Ref, str]:
    """Say of objects why a rollback does not touch them; nothing where it is none."""
    if wanted.stored is None:
        return {}
    definitions = _newer_definitions(wanted.manifests, live)
    return {**dict.fromkeys(wanted.locked, LOCKED), **dict.fromkeys(definitions, NEWER)}


def back(deployment: Deployment, wanted: Wanted, plan: Plan) -> Back:
    """Say what is brought back, and which Secrets cannot be read and are not there either: nobody can bring those."""
    stays = {each.ref for each in plan.stale}
    missing = tuple(ref for ref in wanted.locked if ref not in stays)
    return Back(release=deployment.again, heals=deployment.heals, missing=missing)


def secrets(cluster: Cluster, wanted: Wanted, plan: Plan) -> Iterator[Mapping[str, Any]]:
    """Give the Secrets that pods may print; of those that are not written, no manifest says what they hold now."""
    yield from (each.body for each in wanted.manifests if is_secret(each.body))
    kind = cluster.kinds.preferred("", "Secret")
    left_alone = (each.ref for each in plan.alone if (each.ref.group, each.ref.kind) == ("", "Secret"))
    for ref in dict.fromkeys((*wanted.locked, *left_alone)) if kind else ():
        live = cluster.find(kind.path(ref.namespace, ref.name)) if kind else None
        if live is not None:
            yield live


def without(manifests: Sequence[Manifest], kept: Collection[Ref]) -> tuple[Manifest, ...]:
    """Leave out what is not touched."""
    return tuple(manifest for manifest in manifests if manifest.ref not in kept)


def keeping(sharing: Sharing, kept: Mapping[Ref, str]) -> Sharing:
    """Let nothing of it be taken for what has left."""
    return replace(sharing, wanted={**sharing.wanted, **kept})


def _newer_definitions(manifests: Sequence[Manifest], live: Live) -> Iterator[Ref]:
    for manifest in manifests:
        there = live.find(manifest.ref) if manifest.ref.kind == "CustomResourceDefinition" else None
        if there is not None and annotations(there).get(APPLIED) != digest(declared(manifest)):
            yield manifest.ref
