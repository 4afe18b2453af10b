"""Releases that no store has any more, from where they were committed: they become releases of this store again.

Secrets are in no commit. What comes back knows that they belong to it, so that none of them is taken for departed.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from cli.recovering.targets import Left
from pushboat.config.environment import as_released, place_of
from pushboat.config.operator import Limits
from pushboat.errors import PushboatError, Unavailable
from pushboat.model import published
from pushboat.model.deployment import Lane
from pushboat.model.manifest import Ref
from pushboat.model.published import NotOurs, Published
from pushboat.model.release import Render
from pushboat.model.remnant import Remnant
from pushboat.model.times import clock
from pushboat.store import deployments, rebuilding, releases
from workers.cluster.objects import digest
from workers.deploying.packing import named
from workers.source import publishing
from workers.tools import Tools

LEFT_OUT = "left out"
"""Stands for the digest of a Secret of which nobody knows the content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What a repository has of an environment, in its ref."""

    lane: Lane
    limits: Limits
    repository: str
    render: Published

    @property
    def age(self) -> str:
        """Say which deployment it is of: whoever may push there may put an earlier one of ours back."""
        return f"of deployment {self.render.deployment}, which ended {clock(self.render.at)}"

    @property
    def place(self) -> str:
        """Name the ref."""
        return f"{published.ref_of(self.lane)} of {self.repository}"


@dataclass(slots=True, kw_only=True)
class Found:
    """What the refs have, and of whom nobody could say; `silent` says that somebody did not answer who may tomorrow."""

    committed: list[Committed] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    silent: bool = False


def look(tools: Tools, left: Iterable[Left], *, unknown_too: bool) -> Found:
    """Read the refs of environments of which this store has no render; of those that it never knew, if asked to."""
    found = Found()
    for each in left:
        repository = tools.renders_of(each.lane.repository)
        limits = tools.operator.limits(each.lane.repository, each.lane.environment)
        if not repository or limits is None or not (each.lost or (unknown_too and each.unknown)):
            continue
        try:
            there = publishing.restored(tools, repository, each.lane)
        except (PushboatError, NotOurs) as trouble:
            why = trouble.summary if isinstance(trouble, PushboatError) else str(trouble)
            away = isinstance(trouble, Unavailable)
            found.silent = found.silent or away
            done = "could not be read" if away else "is not taken"
            found.troubles.append(f"{published.ref_of(each.lane)} of {repository} {done}: {why}")
            continue
        if there is not None:
            found.committed.append(Committed(lane=each.lane, limits=limits, repository=repository, render=there))
    found.committed.sort(key=lambda each: each.render.deployment)  # so that each has its number again
    return found


def keep(tools: Tools, found: Iterable[Committed], who: str) -> list[str]:
    """Make a release of each, of the deployment that it was of; give what is not done or not sure, and why."""
    return [why for each in found if (why := _kept(tools, each, who))]


def _kept(tools: Tools, found: Committed, who: str) -> str:
    store, lane, of = tools.store, found.lane, found.render
    known = deployments.running_in(store, lane)
    if known is None:
        manifests = of.content["manifests"]
        remnant = Remnant(lane=lane, cluster="", inventory=found.place, sha=of.sha, ref=of.ref)
        rebuilding.rebuild(store, replace(remnant, deployment=of.deployment, objects=len(manifests)), who, anew=False)
    runs = deployments.running_in(store, lane)
    if runs is None or runs.sha != of.sha:
        ran = runs.sha[:7] if runs else "nothing"
        return f"{found.place} has {of.sha[:7]}, and {ran} is what ran in {lane.environment}: it is not taken"
    with store.writing() as tx:
        if releases.newest_in(tx, lane) is None:
            releases.keep(tx, runs, _render(found))
    if known and of.deployment < known.id:
        return (
            f"{found.place} has {of.sha[:7]} as deployment {of.deployment} brought it, and {known.id} ran last in "
            f"{lane.environment}: the same commit, and perhaps not the same content"
        )
    return ""


def _render(found: Committed) -> Render:
    content = found.render.content
    said = content["environment"]
    contents = {
        Ref(*item["ref"]): digest(item["body"]) if "body" in item else LEFT_OUT for item in content["manifests"]
    }
    return Render(
        contents=contents,
        packed=publishing.packed(found.render),
        said=named(said),
        place=json.dumps(place_of(as_released(found.limits, said))),
    )
