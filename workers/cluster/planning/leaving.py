"""Which members leave, and why some of them stay all the same: nothing is kept without a word."""

from collections.abc import Collection, Iterator, Mapping

from pushboat.model.manifest import Ref
from workers.cluster.objects import Object, annotations, labels
from workers.cluster.planning.order import NEVER_PRUNED
from workers.cluster.planning.sharing import Sharing
from workers.cluster.planning.words import Stale
from workers.cluster.reading.live import Live

PRUNE_IS_OFF = "prune is off for this environment"
PROTECTIONS: tuple[tuple[str, str], ...] = (
    ("argocd.argoproj.io/sync-options", "Prune=false"),
    ("argocd.argoproj.io/sync-options", "Delete=false"),
    ("argocd.argoproj.io/sync-options", "Prune=confirm"),
    ("argocd.argoproj.io/sync-options", "Delete=confirm"),
    ("kustomize.toolkit.fluxcd.io/prune", "disabled"),
    ("helm.sh/resource-policy", "keep"),
    ("kapp.k14s.io/delete-strategy", "orphan"),
    ("client.lifecycle.config.k8s.io/deletion", "detach"),
    ("cli-utils.sigs.k8s.io/on-remove", "keep"),
)
"""Annotation and word: what people wrote for other tools to say that an object must not be deleted."""
CONFIRMED = ("Prune=confirm", "Delete=confirm")
"""These ask for a person's word, which the consent to a large prune is."""


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
    """Name the annotation by which somebody keeps an object from being deleted, where there is one."""
    marks: Mapping[str, str] = {**labels(there), **annotations(there)}
    for key, word in PROTECTIONS:
        said = {each.strip() for each in marks.get(key, "").split(",")}
        if word in said and not (consent and word in CONFIRMED):
            return f"it is annotated {key}: {word}"
    return ""
