"""What a hook's object is called in one run of it: the same in every attempt, another in the next run."""

import hashlib

from pushboat.model.manifest import Manifest
from workers.manifests.directives.words import Phase

LONGEST = 63
"""A Job's name becomes a label of its pods, and a label has no room for more."""
_DIGEST = 10


def is_generated(manifest: Manifest) -> bool:
    """Say whether a manifest leaves its name to whoever makes it; its ref has the beginning of it instead."""
    metadata = manifest.body["metadata"]
    return not metadata.get("name") and bool(metadata.get("generateName"))


def name_of(hook: Manifest, phase: Phase, run: str) -> str:
    """Name a hook's object in one run: its own name, or what begins as it says and ends in a digest of the run.

    `run` names the run whatever attempt it is in, such as the deployment's number.
    """
    if not is_generated(hook):
        return hook.ref.name
    identity = "\0".join((run, phase.name, hook.ref.group, hook.ref.kind, hook.ref.namespace, hook.ref.name))
    beginning = hook.ref.name[: LONGEST - _DIGEST]
    return f"{beginning}{hashlib.sha256(identity.encode()).hexdigest()[:_DIGEST]}"
