"""Pushes drawn by chance: annotations of all tools on many objects, and the keys that tests say most often."""

import random
from typing import Any

from tests.directives.objects import all_of, body
from workers.manifests.directives.checking import Directed

HOOK, WAVE, HELM = "argocd.argoproj.io/hook", "argocd.argoproj.io/sync-wave", "helm.sh/hook"
DEPENDS, GROUP, RULE = "config.kubernetes.io/depends-on", "kapp.k14s.io/change-group", "kapp.k14s.io/change-rule"
SELECT = "werf.io/deploy-dependency-x"


def waiting(name: str, *others: str) -> dict[str, Any]:
    said = {DEPENDS: ",".join(f"batch/namespaces/shop/Job/{other}" for other in others)} if others else {}
    return body(name=name, annotations=said)


SOME = [
    {}, {WAVE: "1"}, {WAVE: "-1"}, {HOOK: "PreSync"}, {HOOK: "PreSync,PostSync"}, {HOOK: "SyncFail"}, {HOOK: "Skip"},
    {HELM: "pre-install,pre-upgrade"}, {HELM: "post-delete"}, {HELM: "pre-install", "helm.sh/hook-weight": "-3"},
    {"kapp.k14s.io/noop": ""}, {GROUP: "g"}, {"werf.io/weight": "4"},
]  # fmt: skip


WITH_THE_DEPLOYMENT = [number for number, said in enumerate(SOME) if not {HOOK, HELM, "kapp.k14s.io/noop"} & set(said)]
"""What an object without a number may wait for."""


def drawn(seed: int) -> tuple[Directed, ...]:
    """Draw a push: annotations of all tools, and dependencies of objects on earlier ones with the same annotations."""
    chance = random.Random(seed)  # which pushes are tried is no secret
    bodies: list[dict[str, Any]] = []
    alike: dict[int, list[str]] = {}
    for number in range(chance.randrange(40)):
        which = chance.randrange(len(SOME))
        said = dict(SOME[which])
        before = (
            alike.setdefault(which, [])
            if said
            else [name for each in WITH_THE_DEPLOYMENT for name in alike.get(each, [])]
        )
        if before and chance.random() < 0.5:
            wanted = chance.sample(before, chance.randint(1, min(3, len(before))))
            said[DEPENDS] = ",".join(f"batch/namespaces/shop/Job/{name}" for name in wanted)
        alike.setdefault(which, []).append(f"j{number}")
        bodies.append(body(name=f"j{number}", annotations=said))
    chance.shuffle(bodies)
    return all_of(*bodies)
