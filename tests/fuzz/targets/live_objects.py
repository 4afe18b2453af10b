"""Objects as they come back from the cluster: our own annotations, other writers' books, an inventory's words."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from pushboat.errors import ClusterRefused
from pushboat.model.manifest import Manifest
from tests.fuzz.demanding import demand
from tests.fuzz.objects import Object, as_served, read
from tests.fuzz.target import Target, words_of
from workers.cluster.fieldsets import entries_of, paths
from workers.cluster.inventory.words import ID, Owner, Parent, body_of, inventory_in, owner_in
from workers.cluster.objects import fence_of, is_original, labels
from workers.cluster.planning.fitting import Fit, fit, wish
from workers.cluster.planning.managers import OURS
from workers.cluster.planning.owners import mark_of
from workers.cluster.planning.rules import Rules
from workers.manifests.directives.reading import directives_in
from workers.manifests.reading import read_manifests

_MANIFEST = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}, annotations: {note: hello}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "web:1", ports: [{containerPort: 80, protocol: TCP}], env: [{name: A, value: b}]}
"""
_RULES = (Rules(), Rules(environment="production", adopt=("any",), people=("dash*",)))
_OWNER = Owner(repository="github/acme/shop", environment="production")
Fence = Callable[[Mapping[str, Any]], int]


def _check(fence: Fence, data: bytes) -> None:
    live = as_served(read(data))
    if live is None:
        return
    kept = copy.deepcopy(live)
    number = fence(live)
    demand(number >= 0, "number >= 0")
    is_original(live)
    directives_in(live)
    mark_of(live, {"metadata": {}})
    _may_be_an_inventory(live)
    for manifest in read_manifests(_MANIFEST, "app.yaml"):
        for rules in _RULES:
            for ours in (True, False):
                found = _fitted(manifest, live, rules, ours=ours)
                demand(found == _fitted(manifest, live, rules, ours=ours), "fitted twice, and not the same")
                _books_lose_nobodys_fields(found, live)
    demand(kept == live, "looking at an object changed it")


def _fitted(manifest: Manifest, live: Object, rules: Rules, *, ours: bool) -> Fit:
    found = fit(wish(manifest, "applyset-x", rules), live, ours=ours)
    for words in (*found.notes, *(each.field for each in found.left)):
        words.encode()
    json.dumps(found.body, allow_nan=False)
    return found


def _may_be_an_inventory(live: Object) -> None:
    """Read it as one, with its own id if need be; what is written of it is read as the same."""
    parent = Parent(namespace=live["metadata"]["namespace"], name=live["metadata"]["name"])
    owner_in(live)
    marked = {**live, "metadata": {**live["metadata"], "labels": {**labels(live), ID: parent.id}}}
    try:
        found = inventory_in(parent, _OWNER, marked)
    except ClusterRefused as refused:
        refused.summary.encode()
        return
    again = inventory_in(parent, _OWNER, body_of(found))
    demand(
        (again.kinds, again.namespaces, again.recorded) == (found.kinds, found.namespaces, found.recorded),
        "another inventory",
    )


def _books_lose_nobodys_fields(found: Fit, live: Object) -> None:
    """What anybody owned before the books were rewritten is owned afterwards, by them or by us."""
    if found.books is None or found.left:
        return
    before = {(str(each.get("apiVersion")), steps) for each in entries_of(live) for steps in _owned(each)}
    after = {(str(each.get("apiVersion")), steps) for each in found.books.entries for steps in _owned(each)}
    whole = {(version, steps[:size]) for version, steps in after for size in range(len(steps) + 1)}
    gone = {steps for _, steps in before - whole}
    demand(all(any("last-applied" in step for step in steps) for steps in gone), f"nobody owns {gone} any more")
    others = [each for each in entries_of(live) if each.get("manager") == "kube-controller-manager"]
    demand(all(each in found.books.entries for each in others), "a controller's entry was changed")
    ours = [each for each in found.books.entries if (each.get("manager"), each.get("operation")) == (OURS, "Apply")]
    demand(len(ours) <= 1, "two entries of ours")


def _owned(entry: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    fields = entry["fieldsV1"]
    yield from paths(fields) if isinstance(fields, dict) and fields else ()


def _reads_any_digits(live: Mapping[str, Any]) -> int:
    text = (live["metadata"].get("annotations") or {}).get("pushboat.dev/fence", "")
    return int(text) if text.isdigit() else 0


TARGET = Target(
    check=partial(_check, fence_of),
    bugs={"digits-of-another-script": partial(_check, _reads_any_digits)},
    words=(*words_of("live_objects"), "9" * 30),
    shape="json",
    steps=400_000,
    steps_per_byte=4_000,
)
