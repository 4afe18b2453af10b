"""Give a controller time for its first word about an object that this deployment wrote, where it has a place for one.

Nobody knows whether there is a controller at all, so the time is bounded, and what stayed mute is called unverified.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pushboat.model.health import Finding, Health, Judgement
from pushboat.model.manifest import Ref
from workers.cluster.client.kinds import BUILT_IN, Kinds
from workers.cluster.health.reading import condition

SPEAKS_WITHIN = 10.0
"""Seconds for the first word about an object; most controllers need less than one."""
REPEATS_WITHIN = 3.0
"""Seconds for another word about an object that has changed, where nothing says which version the old one is about."""


class Hearing:
    """Remembers what controllers had said when the wait began."""

    def __init__(self, written: Collection[Ref], kinds: Kinds) -> None:
        self._written = frozenset(written)
        self._kinds = kinds
        self._said: dict[Ref, Any] = {}
        self.mute: frozenset[Ref] = frozenset()
        """The objects about which nothing has been said yet."""

    def left(self, findings: Sequence[Finding], objects: Mapping[Ref, Mapping[str, Any]], elapsed: float) -> float:
        """Say for how many seconds of the wait a word may still come; 0 or less: none is waited for."""
        seconds = {
            each.ref: self._time_for(each, objects[each.ref]) - elapsed
            for each in findings
            if each.ref in self._written and each.ref in objects
        }
        unsaid = [ref for ref in seconds if not objects[ref].get("status")]
        self.mute = frozenset(ref for ref in unsaid if self._has_place(objects[ref]))
        return max(seconds.values(), default=0.0)

    def accepted(self, finding: Finding) -> Finding:
        """Call what stayed mute by its name."""
        if finding.ref not in self.mute or finding.judgement.health is not Health.UNVERIFIED:
            return finding
        words = f"its controller has said nothing about it within {SPEAKS_WITHIN:g} s"
        return Finding(finding.ref, Judgement(Health.UNVERIFIED, words))

    def _time_for(self, finding: Finding, live: Mapping[str, Any]) -> float:
        said = live.get("status")
        first = self._said.setdefault(finding.ref, said)
        if not self._has_place(live):
            return 0.0
        if not said:
            return SPEAKS_WITHIN if finding.judgement.health is Health.UNVERIFIED else 0.0
        good = finding.judgement.health in (Health.HEALTHY, Health.UNVERIFIED)
        return REPEATS_WITHIN if good and said == first and not _says_what_it_is_about(live) else 0.0

    def _has_place(self, live: Mapping[str, Any]) -> bool:
        group, _, version = str(live.get("apiVersion", "")).rpartition("/")
        kind = self._kinds.find(group, version, str(live.get("kind")))
        # How Kubernetes' own controllers speak is known kind by kind.
        return kind is not None and kind.has_status and "." in group and group not in BUILT_IN


def _says_what_it_is_about(live: Mapping[str, Any]) -> bool:
    """Say whether the status is about the newest version: it says so, or there never was another."""
    generation = live["metadata"].get("generation")
    about = (live.get("status") or {}).get("observedGeneration"), condition(live, "Ready").get("observedGeneration")
    return generation in (None, 1) or any(each is not None for each in about)
