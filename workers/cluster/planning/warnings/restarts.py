"""Which pods a plan restarts, and which go on with a configuration that is no longer there."""

from collections.abc import Iterator, Mapping
from typing import Any

from pushboat.model.changeset import Action
from pushboat.model.wording import counted, listed
from workers.cluster.planning.warnings.templates import ROLLED_OUT, replicas, template
from workers.cluster.planning.warnings.words import Prospect, Prospects, items, part

MOST_NAMED = 2
"""Fields, or keys; the diff has the rest."""
_TEMPLATE = "spec.template"
_REFERENCES = {"ConfigMap": ("configMapKeyRef", "configMapRef"), "Secret": ("secretKeyRef", "secretRef")}
_VOLUMES = {"ConfigMap": ("configMap", "name"), "Secret": ("secret", "secretName")}
_RELOADED = "reload"
"""A part of the annotations by which other controllers restart pods for a changed configuration."""


def restarts(prospect: Prospect, _prospects: Prospects) -> Iterator[str]:
    """Say which workload replaces its pods, and because of what."""
    if prospect.action is Action.RECREATED and template(prospect.ref, prospect.after):
        yield f"{prospect.ref} stops its pods and starts new ones: it is deleted and made anew"
    if not _is_rolled_out(prospect) or prospect.action is not Action.CONFIGURED:
        return
    changed = prospect.changed(_TEMPLATE)
    if not changed or part(prospect.after, "spec").get("paused") is True or _runs_nothing(prospect):
        return
    names = [each.path.removeprefix(f"{_TEMPLATE}.").removeprefix("spec.") for each in changed]
    rest = len(names) - MOST_NAMED
    why = listed([*names[:MOST_NAMED], *([counted(rest, "other field")] if rest > 0 else [])]) + " changed"
    if part(prospect.after, "spec", "updateStrategy").get("type") == "OnDelete":
        yield f"{prospect.ref} keeps its pods as they are until somebody deletes them (OnDelete): {why}"
    else:
        yield f"{prospect.ref} restarts {_its_pods(prospect)}: {why}"


def stale_configuration(prospect: Prospect, prospects: Prospects) -> Iterator[str]:
    """Warn of pods that read a changed ConfigMap or Secret once, when they start, and do not start anew."""
    if prospect.ref.group or prospect.ref.kind not in _REFERENCES or prospect.action is not Action.CONFIGURED:
        return
    keys = {_key(each.path) for each in prospect.changed("data", "binaryData")}
    for each in prospects.beside(prospect) if keys else ():
        if not _is_rolled_out(each) or _starts_anew(each) or _runs_nothing(each):
            continue
        if any(key in keys or key == "" for key in _read_once(each, prospect.ref.kind, prospect.ref.name)):
            restart = f"kubectl rollout restart {each.ref.kind.lower()}/{each.ref.name} -n {each.ref.namespace}"
            again = f": `{restart}`" if each.ref.group == "apps" else ""
            yield f"{each.ref} reads {prospect.ref} when its pods start, and they do not restart{again}"


def _is_rolled_out(prospect: Prospect) -> bool:
    return (prospect.ref.group, prospect.ref.kind) in ROLLED_OUT and prospect.after is not None


def _starts_anew(prospect: Prospect) -> bool:
    if prospect.action in (Action.CREATED, Action.RECREATED) or prospect.changed(_TEMPLATE):
        return True
    marks = [
        part(prospect.after, "metadata", "annotations"),
        part(template(prospect.ref, prospect.after), "metadata", "annotations"),
    ]
    return any(_RELOADED in str(key).lower() for each in marks for key in each)


def _runs_nothing(prospect: Prospect) -> bool:
    return prospect.ref.kind != "DaemonSet" and replicas(prospect.after) == 0


def _its_pods(prospect: Prospect) -> str:
    number = replicas(prospect.after)
    if prospect.ref.kind == "DaemonSet":
        return "its pods on every node"
    return "its pod" if number == 1 else f"its {number} pods"


def _key(path: str) -> str:
    """Name the key of a ConfigMap or Secret that a path is about: `data.a` or `data[a.yaml]`; nothing for all."""
    _, _, rest = path.partition("ata")
    return rest[1:-1] if rest.startswith("[") else rest.removeprefix(".")


def _read_once(workload: Prospect, kind: str, name: str) -> Iterator[str]:
    """List the keys that a workload's pods read when they start, an empty one for all."""
    spec = part(template(workload.ref, workload.after), "spec")
    one, all_ = _REFERENCES[kind]
    volumes = {each.get("name") for each in items(spec, "volumes") if _is_of(each, kind, name)}
    for container in (*items(spec, "containers"), *items(spec, "initContainers")):
        for variable in items(container, "env"):
            reference = part(variable, "valueFrom", one)
            if reference.get("name") == name:
                yield str(reference.get("key"))
        if any(part(each, all_).get("name") == name for each in items(container, "envFrom")):
            yield ""
        for mount in items(container, "volumeMounts"):
            if mount.get("name") in volumes and mount.get("subPath"):
                yield str(mount["subPath"])


def _is_of(volume: Mapping[str, Any], kind: str, name: str) -> bool:
    source, called = _VOLUMES[kind]
    return part(volume, source).get(called) == name
