"""Flux's annotations and labels: what is applied, how, and what is kept. Their values are compared without case.

https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources
"""

from collections.abc import Mapping
from typing import Any

from workers.manifests.directives.marks import Mark, Tool, choice, said
from workers.manifests.directives.words import NOTHING, Directives, Keep, Mode, Recreate

DOMAIN = "kustomize.toolkit.fluxcd.io"
RELEASES = "helm.toolkit.fluxcd.io"
_FORCE = f"{DOMAIN}/force"
_PRUNE = f"{DOMAIN}/prune"
_RECONCILE = f"{DOMAIN}/reconcile"
_SSA = f"{DOMAIN}/ssa"
_UNTOUCHED = Directives(mode=Mode.IGNORE, keeps=(Keep(key=_RECONCILE, said="disabled"),))
"""What Flux neither applies nor deletes."""

TOOL = Tool(
    name="Flux",
    domains=(DOMAIN, RELEASES),
    labels=True,
    meanings={
        _SSA: choice(
            {
                "override": NOTHING,
                "merge": Directives(mode=Mode.MERGE),
                "ifnotpresent": Directives(mode=Mode.CREATE),
                "ignore": Directives(mode=Mode.IGNORE),
            },
            folded=True,
        ),
        _RECONCILE: choice({"enabled": NOTHING, "disabled": _UNTOUCHED}, folded=True),
        _PRUNE: choice(
            {"enabled": NOTHING, "disabled": Directives(keeps=(Keep(key=_PRUNE, said="disabled"),))}, folded=True
        ),
        _FORCE: choice(
            {
                "disabled": NOTHING,
                "enabled": Directives(recreate=Recreate.WHERE_IMMUTABLE, recreate_key=_FORCE),
            },
            folded=True,
        ),
    },
    inert={
        f"{DOMAIN}/name": "Flux's own mark; `adopt: [flux]` takes the object over",
        f"{DOMAIN}/namespace": "Flux's own mark; `adopt: [flux]` takes the object over",
        f"{DOMAIN}/checksum": "Flux's own mark",
        f"{DOMAIN}/substitute": "nothing in a manifest is substituted here",
        f"{RELEASES}/name": "Flux's own mark; `adopt: [flux]` takes the object over",
        f"{RELEASES}/namespace": "Flux's own mark; `adopt: [flux]` takes the object over",
        f"{RELEASES}/driftDetection": "it is about a HelmRelease's own objects",
    },
)


def stopped(body: Mapping[str, Any]) -> str:
    """Name the word on an object in a cluster by which somebody told Flux to leave it alone; empty without one."""
    metadata = body.get("metadata") or {}
    for key in (_RECONCILE, _SSA):
        for place in ("annotations", "labels"):
            value = (metadata.get(place) or {}).get(key)
            mark = Mark(key=key, value=str(value), body=body)
            if value is not None and TOOL.read(mark).mode is Mode.IGNORE:
                return said(mark)
    return ""
