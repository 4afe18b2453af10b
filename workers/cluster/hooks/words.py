"""The nouns of hooks: one run of one hook, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from pushboat.model.hook import VERIFY
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.objects import PART_OF, Object, declared, labels
from workers.manifests.directives.checking import Directed
from workers.manifests.directives.hook_names import name_of
from workers.manifests.directives.words import DeleteWhen, Phase, Propagation

RUN = "pushboat.dev/hook-run"
"""A label: the run that an object was made in. Whoever comes after a crash finds it, and makes no second one."""
FINALIZER = "pushboat.dev/hook"
"""Keeps an object that would remove itself until we have seen how it ended."""

HELD = "pushboat.dev/hook-held"
"""An annotation of a Job that is made but does not run yet."""


class Outcome(Enum):
    """How a run ended."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a hook: `manifest` has the name of this run's object, `id` is the same in every attempt.

    `said` is the tool's own word for the phase.
    """

    manifest: Manifest
    phase: Phase
    id: str
    said: str
    deleted_when: frozenset[DeleteWhen]
    propagation: Propagation = Propagation.BACKGROUND
    body: Object = field(repr=False)

    @property
    def ref(self) -> Ref:
        """Name this run's object."""
        return self.manifest.ref

    @property
    def is_hook(self) -> bool:
        """Say whether a tool's word runs it; what verifies is nobody's hook."""
        return self.said != VERIFY

    @property
    def called(self) -> str:
        """Call it by its tool's word."""
        return f"hook {self.said}" if self.is_hook else self.said

    @property
    def key(self) -> str:
        """Name the run among those of its deployment."""
        return f"{self.phase.name.lower()} {self.ref}"

    @property
    def held(self) -> Object:
        """Give the object as it is made. A Job does not run until it is let run by a write that only one can make: a
        worker that was frozen with the first write in its hands makes it when another one has run the hook already."""
        spec = self.body.get("spec") or {}
        if (self.ref.group, self.ref.kind) != ("batch", "Job") or "suspend" in spec:
            return self.body
        metadata = self.body["metadata"]
        marks = {**(metadata.get("annotations") or {}), HELD: ""}
        return {**self.body, "metadata": {**metadata, "annotations": marks}, "spec": {**spec, "suspend": True}}

    def made(self, live: Object) -> bool:
        """Say whether an object is this run's."""
        return labels(live).get(RUN) == self.id

    def may_replace(self, live: Object) -> bool:
        """Say whether an object is one that an earlier run of this environment left."""
        return RUN in labels(live) and labels(live).get(PART_OF) == labels(self.body)[PART_OF]


def run_of(hook: Directed, phase: Phase, run: str, part_of: str) -> Run:
    """Make a run of a hook in one phase of a deployment: what ran before is not what runs after."""
    mark = f"{run}-{phase.name.lower()}"
    said = next(each.said for each in hook.directives.hooks if each.phase is phase)
    manifest = _named(hook.manifest, name_of(hook.manifest, phase, run))
    return Run(
        manifest=manifest,
        phase=phase,
        id=mark,
        said=said,
        deleted_when=hook.directives.deleted_when,
        propagation=hook.directives.propagation or Propagation.BACKGROUND,
        body=_body(manifest, mark, part_of),
    )


def is_held(live: Object) -> bool:
    """Say whether a Job was made and was not let run yet."""
    return HELD in (live["metadata"].get("annotations") or {})


def removes_itself(body: Mapping[str, Any]) -> bool:
    """Say whether an object goes once it has ended, whether somebody has seen that or not."""
    return body.get("kind") == "Job" and "ttlSecondsAfterFinished" in (body.get("spec") or {})


def _named(manifest: Manifest, name: str) -> Manifest:
    metadata = {key: each for key, each in manifest.body["metadata"].items() if key != "generateName"}
    body = {**manifest.body, "metadata": {**metadata, "name": name}}
    return replace(manifest, ref=replace(manifest.ref, name=name), body=body)


def _body(manifest: Manifest, run: str, part_of: str) -> Object:
    said = declared(manifest)
    metadata = said["metadata"]
    marked = {
        **metadata,
        "labels": {**(metadata.get("labels") or {}), PART_OF: part_of, RUN: run},
    }
    if removes_itself(said):
        marked["finalizers"] = [*(metadata.get("finalizers") or ()), FINALIZER]
    return {**said, "metadata": marked}
