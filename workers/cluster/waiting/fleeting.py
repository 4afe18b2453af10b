"""Jobs that remove themselves once they have ended: how one ended is known from what was seen before it went."""

from collections.abc import Sequence

from pushboat.model.health import Health, Judgement
from pushboat.model.manifest import Manifest
from workers.cluster.health import assess
from workers.cluster.health.reading import progressing
from workers.cluster.objects import Object

HEARD_OF_WITHIN = 3.0
"""Seconds that the news of a Job which was just written may take; without a watch there may be none."""

UNSEEN = Judgement(
    Health.UNVERIFIED, "was cleaned up before we saw how it ended: a longer ttlSecondsAfterFinished helps"
)


def is_fleeting(manifest: Manifest) -> bool:
    """Say whether an object goes by itself once it has done its work."""
    ref = manifest.ref
    return (ref.group, ref.kind) == ("batch", "Job") and "ttlSecondsAfterFinished" in (manifest.body.get("spec") or {})


def remembered(
    live: Object | None, ended: Object | None, pods: Sequence[Object], *, is_expected: bool = False
) -> Judgement:
    """Judge a Job as it is, or as it was when it went; one that is being cleaned up is what it was.

    `is_expected`: it was just written, so what happens to it is still to be heard of.
    """
    if live is not None:
        return assess(_as_if_it_stayed(live), pods)
    if ended is None:
        return progressing("has not been seen yet") if is_expected else UNSEEN
    was = assess(_as_if_it_stayed(ended))
    if was.health is Health.HEALTHY:
        return Judgement(Health.HEALTHY, "finished and cleaned up")
    return was if was.certain else UNSEEN


def _as_if_it_stayed(live: Object) -> Object:
    metadata = {key: each for key, each in live["metadata"].items() if key != "deletionTimestamp"}
    return {**live, "metadata": metadata}
