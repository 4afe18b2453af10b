"""One row for an annotation and a value: what it means there, in our words, and how ours compares with it.

`same`: it means what it means there. `better`: what it asks for happens always, or more safely. `refused`: named, with
the reason. Documents show these rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workers.manifests.directives.words import (
    NOTHING,
    DeleteWhen,
    Dependency,
    Directives,
    Hook,
    Keep,
    Occasion,
    Phase,
    Recreate,
)

SAME, BETTER, REFUSED = "same", "better", "refused"

ARGO, HELM, FLUX = "argocd.argoproj.io", "helm.sh", "kustomize.toolkit.fluxcd.io"

KAPP, CLI, WERF = "kapp.k14s.io", "config.kubernetes.io", "werf.io"

SYNCS = frozenset({Occasion.FIRST, Occasion.LATER, Occasion.ROLLBACK})


@dataclass(frozen=True, kw_only=True)
class Row:
    """An annotation, what it means to us, and how that compares; `says` is part of a refusal."""

    key: str
    value: str
    means: Directives = NOTHING
    verdict: str = SAME
    says: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)
    kind: str = "Job"

    def __str__(self) -> str:
        """Name it as it is written."""
        return f"{self.key}: {self.value[:40]}"


def hooks(*found: Hook) -> Directives:
    return Directives(is_hook=True, hooks=found)


def argo(phase: Phase, said: str) -> Hook:
    return Hook(phase, SYNCS, said)


def once(phase: Phase, occasion: Occasion, said: str) -> Hook:
    return Hook(phase, frozenset({occasion}), said)


def kept(key: str, said: str, *, asks: bool = False) -> Directives:
    return Directives(keeps=(Keep(key=key, said=said, asks=asks),))


def recreated(key: str, how: Recreate) -> Directives:
    return Directives(recreate=how, recreate_key=key)


def deleted(*when: DeleteWhen) -> Directives:
    return Directives(delete_when=frozenset(when))


def waits(key: str, **named: object) -> Directives:
    return Directives(dependencies=(Dependency(key=key, **named),))  # type: ignore[arg-type]  # the row says which


def row(key: str, value: str, means: Directives = NOTHING, verdict: str = SAME, **more: object) -> Row:
    return Row(key=key, value=value, means=means, verdict=verdict, **more)  # type: ignore[arg-type]


def refused(key: str, value: str, says: str) -> Row:
    return Row(key=key, value=value, verdict=REFUSED, says=says)
