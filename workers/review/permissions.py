"""What the operator would have to allow: every kind and namespace that a folder reaches for, in one answer.

Without this a pusher would ask the operator once per object, and be red once more for each.
"""

from collections.abc import Sequence

from pushboat.config.environment import Environment
from pushboat.model.manifest import Path, Ref
from workers.review.words import NotAllowed

_NAME: Path = ("metadata", "name")
_NAMESPACE: Path = ("metadata", "namespace")


def allow_inside(ref: Ref, environment: Environment) -> None:
    """Refuse an object in a namespace that is not the environment's."""
    if ref.namespace not in environment.namespaces:
        allowed = ", ".join(environment.namespaces)
        sentence = f"{ref.kind}/{ref.namespace}/{ref.name} is outside of this environment's namespaces ({allowed})"
        raise NotAllowed(sentence, _NAMESPACE, namespace=ref.namespace)


def allow_outside(ref: Ref, environment: Environment) -> None:
    """Refuse an object outside of namespaces unless the operator lists its kind."""
    is_namespace = (ref.group, ref.kind) == ("", "Namespace")
    foreign = ref.name if is_namespace and ref.name not in environment.namespaces else ""
    if {ref.kind, f"{ref.kind}.{ref.group}"}.isdisjoint(environment.cluster_scoped):
        sentence = f"{ref} is cluster-scoped: the operator must list {ref.kind} under cluster_scoped to allow it"
        raise NotAllowed(sentence, ("kind",), kind=ref.kind, namespace=foreign)
    if foreign:
        allowed = ", ".join(environment.namespaces)
        raise NotAllowed(f"{ref} is not one of this environment's namespaces ({allowed})", _NAME, namespace=foreign)


def asking(missing: Sequence[NotAllowed], environment: Environment) -> tuple[str, str]:
    """Say in one sentence what the operator would have to add, and give the lines that do it."""
    kinds = sorted({each.kind for each in missing if each.kind})
    spaces = sorted({each.namespace for each in missing if each.namespace})
    wanted = [f"cluster_scoped [{', '.join(kinds)}]"] * bool(kinds)
    wanted += [f"namespaces [{', '.join(spaces)}]"] * bool(spaces)
    sentence = f"the operator must add to {environment.name}: {', '.join(wanted)}"
    return sentence, _lines(kinds, spaces, environment)


def _lines(kinds: Sequence[str], spaces: Sequence[str], environment: Environment) -> str:
    lines = ["These lines in the operator's file would allow all of it:", "", "```yaml", f"{environment.name}:"]
    if spaces:
        lines.append(f"  namespaces: [{', '.join((*environment.namespaces, *spaces))}]")
    if kinds:
        lines.append(f"  cluster_scoped: [{', '.join((*environment.cluster_scoped, *kinds))}]")
    return "\n".join([*lines, "```"])
