"""A wave that waits for a kind which only a later wave may define is named before anything is written."""

from collections.abc import Iterator, Sequence

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest
from workers.cluster.client.connection import Cluster
from workers.deploying.waves import Part, Parts
from workers.manifests.directives.reading import directives_in
from workers.review.arriving import may_arrive
from workers.review.schema.definitions import is_definition, subject_of


def refuse_too_early(cluster: Cluster, parts: Parts) -> None:
    """Let no wave come before the one that defines its kinds; a CRD of the push stands where it is needed anyway.

    Raises:
        InvalidManifest: names each object, what it waits for, and the wave to move.
    """
    found = list(_too_early(cluster, parts.waves))
    if found:  # a final no rests on what the cluster says now, not on what it said some seconds ago
        cluster.kinds.refresh()
        found = list(_too_early(cluster, parts.waves))
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise InvalidManifest(f"{found[0]}{more}", "\n".join(f"- {each}" for each in found))


def _too_early(cluster: Cluster, waves: Sequence[Part]) -> Iterator[str]:
    if len(waves) == 1:
        return
    defined = {subject_of(each) for part in waves for each in part.manifests if is_definition(each)}
    so_far: list[Manifest] = []
    for number, part in enumerate(waves, 1):
        so_far += part.manifests
        for each in part.manifests:
            if (each.ref.group, each.ref.kind) in defined or _is_known(cluster, each):
                continue
            if later := _who_may_define(each, so_far, waves[number:]):
                kind = f"kind {each.ref.kind} of {each.api_version}"
                where = f"only {later.name} ({later.first}) may define: move one of them"
                yield f"{each.place}: {each.ref}: {part.name} waits for {kind}, which {where}"


def _is_known(cluster: Cluster, manifest: Manifest) -> bool:
    """Say whether a kind is served, or said to come from anywhere."""
    ref = manifest.ref
    return (
        cluster.kinds.find(ref.group, manifest.version, ref.kind) is not None
        or directives_in(manifest.body).may_be_unknown
    )


def _who_may_define(manifest: Manifest, so_far: Sequence[Manifest], later: Sequence[Part]) -> Part | None:
    """Find the first later wave that may define a kind, where no wave so far may."""
    group, kind, known = manifest.ref.group, manifest.ref.kind, list(so_far)
    if may_arrive(known, group, kind):
        return None
    for part in later:
        known += part.manifests
        if may_arrive(known, group, kind):
            return part
    return None
