"""What will run nothing, or nothing new: a count that falls to zero, and what is suspended or paused."""

from collections.abc import Iterator

from workers.cluster.planning.warnings.templates import replicas
from workers.cluster.planning.warnings.words import Prospect, Prospects, part

_WAKES_FROM_ZERO = ("keda.sh", "ScaledObject")
_SWITCHES = {
    ("batch", "CronJob", "suspend"): "starts no more jobs",
    ("batch", "Job", "suspend"): "starts no pods",
    ("apps", "Deployment", "paused"): "rolls nothing out any more",
    ("argoproj.io", "Rollout", "paused"): "rolls nothing out any more",
    ("kustomize.toolkit.fluxcd.io", "Kustomization", "suspend"): "applies nothing any more",
    ("helm.toolkit.fluxcd.io", "HelmRelease", "suspend"): "applies nothing any more",
}
"""Fields below spec that stop something, and what stops."""


def scaled_to_zero(prospect: Prospect, prospects: Prospects) -> Iterator[str]:
    """Warn of a workload whose last pod goes; not of one that had none, nor of one that is woken when it is needed."""
    if not prospect.comes_or_changes or prospect.before is None or "replicas" not in part(prospect.after, "spec"):
        return
    before = replicas(prospect.before)
    if before > 0 and replicas(prospect.after) == 0 and not _is_woken(prospect, prospects):
        yield f"{prospect.ref} will run nothing: spec.replicas falls from {before} to 0"


def suspended(prospect: Prospect, _prospects: Prospects) -> Iterator[str]:
    """Warn of what is stopped; not of what was, nor of what begins that way."""
    if not prospect.comes_or_changes or prospect.before is None:
        return
    for (group, kind, name), stops in _SWITCHES.items():
        if (prospect.ref.group, prospect.ref.kind) == (group, kind):
            was, will = (part(body, "spec").get(name) is True for body in (prospect.before, prospect.after))
            if will and not was:
                yield f"{prospect.ref} {stops}: spec.{name} becomes true"


def _is_woken(prospect: Prospect, prospects: Prospects) -> bool:
    targets = (
        part(each.after, "spec", "scaleTargetRef")
        for each in prospects.beside(prospect)
        if (each.ref.group, each.ref.kind) == _WAKES_FROM_ZERO
    )
    return any(
        (each.get("kind", "Deployment"), each.get("name")) == (prospect.ref.kind, prospect.ref.name) for each in targets
    )
