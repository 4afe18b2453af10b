"""Which objects of a revision are not written, by a word on them: in git, or as they stand; pure."""

from collections.abc import Iterator, Sequence

from pushboat.model.changeset import Left
from pushboat.model.manifest import Manifest
from workers.cluster.objects import APPLIED, Object, annotations, declared, digest
from workers.cluster.planning.words import Alone
from workers.cluster.reading.live import Live
from workers.manifests.directives.checking import Directed
from workers.manifests.directives.flux import stopped
from workers.manifests.directives.reading import mode_key
from workers.manifests.directives.words import Mode

DIFFERS = (Left("everything"),)
"""What is not as git has it, of an object that nobody compares field by field."""


def left_alone(objects: Sequence[Directed], live: Live) -> Iterator[Alone]:
    """List what is not written this time, each with the word that says so."""
    for each in objects:
        found = None if each.directives.is_hook else _alone(each, live.find(each.manifest.ref), live)
        if found is not None:
            yield found


def _alone(each: Directed, there: Object | None, live: Live) -> Alone | None:
    manifest, mode = each.manifest, each.directives.mode
    ours = manifest.ref in live.members
    said = mode_key(manifest.body, mode) if mode is not Mode.APPLY else ""
    if mode is Mode.IGNORE:
        return Alone(ref=manifest.ref, why=f"it is annotated {said}", ours=ours)
    if mode is Mode.EXPECT:
        state = "" if there is not None else ", and is not there yet"
        return Alone(ref=manifest.ref, why=f"it must be there already ({said}){state}", ours=ours)
    if there is None:
        return None
    if word := stopped(there):
        why = f"it is annotated {word} in the cluster"
        return Alone(ref=manifest.ref, why=why, ours=ours, left=_left(manifest, there))
    if mode is Mode.CREATE:
        why = f"it is there, and made only where it is missing ({said})"
        return Alone(ref=manifest.ref, why=why, ours=ours, awaited=ours, left=_left(manifest, there))
    return None


def _left(manifest: Manifest, there: Object) -> tuple[Left, ...]:
    return () if annotations(there).get(APPLIED) == digest(declared(manifest)) else DIFFERS
