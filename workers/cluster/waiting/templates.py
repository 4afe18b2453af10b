"""Whether a pod was made from a template as it is now, where no controller writes that down. Pure.

Defaults are in both. Admission adds to pods what no template has: a service account's volume, tolerations, limits. What
a container runs must be the same to the letter; whoever injects containers into bare pods reads that they differ.
"""

from collections.abc import Mapping, Sequence
from typing import Any

_TO_THE_LETTER = (
    "image",
    "command",
    "args",
    "env",
    "envFrom",
    "workingDir",
    "ports",
    "lifecycle",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
)
_OF_THE_ACCOUNT = "kube-api-access-"


def is_made_from(template: Mapping[str, Any], pod: Mapping[str, Any]) -> bool:
    """Say whether a pod has all that a template asks for, and runs nothing else."""
    asked, found = template.get("spec") or {}, pod.get("spec") or {}
    wanted = template.get("metadata") or {}
    marks = {name: wanted.get(name) or {} for name in ("labels", "annotations")}
    return (
        _holds(pod["metadata"], marks)
        and _holds(found, asked)
        and all(_same_containers(asked.get(name), found.get(name)) for name in ("containers", "initContainers"))
        and _volumes(asked) == _volumes(found)
    )


def _same_containers(asked: Sequence[Mapping[str, Any]] | None, found: Sequence[Mapping[str, Any]] | None) -> bool:
    wanted = {each.get("name"): each for each in asked or ()}
    there = {each.get("name"): each for each in found or ()}
    return wanted.keys() == there.keys() and all(
        there[name].get(key) == each.get(key) for name, each in wanted.items() for key in _TO_THE_LETTER
    )


def _volumes(spec: Mapping[str, Any]) -> set[str]:
    names = {str(each.get("name")) for each in spec.get("volumes") or ()}
    return {name for name in names if not name.startswith(_OF_THE_ACCOUNT)}


def _holds(found: Any, asked: Any) -> bool:
    if isinstance(asked, Mapping):
        if not asked:
            return True
        return isinstance(found, Mapping) and all(_holds(found.get(key), each) for key, each in asked.items())
    if isinstance(asked, list) and asked and all(isinstance(each, Mapping) for each in asked):
        return isinstance(found, list) and all(any(_holds(its, each) for its in found) for each in asked)
    return bool(found == asked)
