"""Which of an object's values are the server's defaults of before: pure, from what a fresh object would get.

Server-side apply computes a default once. When the manifest changes what it depended on (the image's tag, the type of a
strategy, the rules of a policy), the old value stays, because nobody owns it. So what nobody owns, the manifest does
not say, and a fresh object would not have, is put into our own books before the apply: what we own and leave out is
removed, and the server gives the field its default of today. A mere null would not do: it never removes a mapping.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pushboat.model.changeset import Left
from pushboat.model.manifest import Ref
from workers.cluster.fieldsets import Entry, Fields, Steps, entries_of, matches, spelled, union
from workers.cluster.objects import Object
from workers.cluster.planning.books import Books
from workers.cluster.planning.fitting import REPLICAS, Wishes
from workers.cluster.planning.managers import OURS, Holder, holder_of
from workers.cluster.planning.owners import APPLY
from workers.cluster.planning.rules import among

NOT_DEFAULTS = ("apiVersion", "kind", "metadata", "status")
"""What says which object it is, and what controllers and webhooks note about it."""

FIXED: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("", "Service"): {
        "spec.clusterIP": "allocated", "spec.clusterIPs": "allocated", "spec.ports[*].nodePort": "allocated",
        "spec.healthCheckNodePort": "allocated", "spec.ipFamilies": "goes with the addresses",
        "spec.ipFamilyPolicy": "goes with the addresses", "spec.loadBalancerClass": "forbidden to change",
        "spec.loadBalancerIP": "allocated",
    },
    ("", "PersistentVolumeClaim"): {
        "spec.volumeName": "says which volume it is bound to", "spec.storageClassName": "chosen when it was created",
        "spec.volumeMode": "forbidden to change", "spec.dataSource": "forbidden to change",
        "spec.dataSourceRef": "forbidden to change",
    },
    ("", "PersistentVolume"): {"spec": "forbidden to change, but for little"},
    ("", "Pod"): {"spec": "forbidden to change, but for little"},
    ("", "Secret"): {"type": "forbidden to change"},
    ("", "ServiceAccount"): {"secrets": "allocated"},
    ("", "Namespace"): {"spec.finalizers": "ties to what runs"},
    ("apps", "Deployment"): {"spec.selector": "forbidden to change"},
    ("apps", "DaemonSet"): {"spec.selector": "forbidden to change"},
    ("apps", "StatefulSet"): {
        "spec.selector": "forbidden to change", "spec.serviceName": "forbidden to change",
        "spec.podManagementPolicy": "forbidden to change", "spec.volumeClaimTemplates": "forbidden to change",
    },
    ("batch", "Job"): {
        "spec.selector": "allocated", "spec.template": "forbidden to change", "spec.manualSelector": "with selector",
        "spec.completionMode": "forbidden to change",
    },
    ("networking.k8s.io", "Ingress"): {"spec.ingressClassName": "chosen when it was created"},
    ("storage.k8s.io", "StorageClass"): {
        "reclaimPolicy": "forbidden to change", "volumeBindingMode": "forbidden to change",
    },
}  # fmt: skip
"""What the server allocates, or forbids to change: a fresh object's value says nothing about the one that is there."""

SCALED = REPLICAS
"""Who scales an object that does not say its replicas leaves no trace in its books, so no count is ever a default."""

NAMED_BY_CONTENT = {("apiextensions.k8s.io", "CustomResourceDefinition"), ("apiregistration.k8s.io", "APIService")}
"""Kinds whose name follows from their content, so that no fresh one can be tried beside the one that is there."""
_NOTHING: Any = object()


@dataclass(frozen=True, slots=True)
class Default:
    """A value that the server filled in once: where it stands, and what it is."""

    steps: Steps
    value: Any

    @property
    def removed(self) -> bool:
        """Say whether only its removal makes room: a null leaves a mapping or a list as it is."""
        return isinstance(self.value, dict | list)

    def __str__(self) -> str:
        """Say that it goes."""
        return f"{spelled(self.steps)}: default of before taken back"


def unowned(wishes: Wishes, live: Object, books: Books | None, left: Sequence[Left]) -> tuple[Default, ...]:
    """List all values that might be old defaults; where there are none, nobody needs to ask for a fresh object."""
    return tuple(_differing(wishes, live, {}, books, left))


def stale(
    wishes: Wishes, live: Object, fresh: Sequence[Object], books: Books | None, left: Sequence[Left]
) -> tuple[Default, ...]:
    """List the values that nobody owns, git does not say and a fresh object would not have.

    What differs between two fresh objects is allocated, not defaulted, and stays.
    """
    found = [tuple(_differing(wishes, live, each, books, left)) for each in fresh]
    first, *others = found or [()]
    if len(fresh) > 1 and first:
        first = tuple(each for each in first if _at(fresh[0], each.steps) == _at(fresh[1], each.steps))
    return tuple(each for each in first if all(each in other for other in others))


def taken_back(live: Object, body: Object, books: Books | None, defaults: Sequence[Default]) -> Books:
    """Give the books with old defaults in our own entry, from where the next apply removes them."""
    entries = list(books.entries if books else live["metadata"].get("managedFields") or ())
    ours = next((each for each in entries if is_our_apply(each)), None)
    fields: Fields = ours["fieldsV1"] if ours else {}
    for each in defaults:
        fields = union(fields, _tree(each.steps, each.value)) if fields else _tree(each.steps, each.value)
    model = ours or {"manager": OURS, "operation": APPLY, "apiVersion": body["apiVersion"], "fieldsType": "FieldsV1"}
    rewritten = (*(each for each in entries if each is not ours), {**model, "fieldsV1": fields})
    return replace(books, entries=rewritten) if books else Books(entries=rewritten)


def comparable(live: Object, body: Object, books: Books | None) -> bool:
    """Say whether our books, the object and the manifest speak of one version, so that their paths mean the same."""
    ours = [each for each in _entries(live, books) if is_our_apply(each)]
    return all(each.get("apiVersion") == body["apiVersion"] for each in (live, *ours))


def is_null(body: Object, steps: Steps) -> bool:
    """Say whether a body has a null at a path."""
    return _at(body, steps) is None


def _differing(
    wishes: Wishes, live: Object, fresh: Mapping[str, Any], books: Books | None, left: Sequence[Left]
) -> Iterator[Default]:
    entries = _entries(live, books)
    mine: list[Fields] = [each["fieldsV1"] for each in entries if is_our_apply(each)]
    others: list[Fields] = [each["fieldsV1"] for each in entries if not is_our_apply(each)]
    fixed = _fixed(wishes, left)
    there, body = ({key: each for key, each in one.items() if key not in NOT_DEFAULTS} for one in (live, wishes.body))
    yield from _walk(there, fresh, body, _Owned(mine, others, fixed), ())


@dataclass(frozen=True, slots=True)
class _Owned:
    """Whose the fields below a place are, and which of them are fixed."""

    mine: Sequence[Fields]
    others: Sequence[Fields]
    fixed: Callable[[Steps], bool]

    def below(self, step: str) -> "_Owned":
        mine, others = ([node[step] for node in side if step in node] for side in (self.mine, self.others))
        return _Owned(mine, others, self.fixed)

    @property
    def whole(self) -> bool:
        """Say whether somebody owns it as a whole."""
        return not all((*self.mine, *self.others))


def _walk(there: Any, fresh: Any, body: Any, owned: _Owned, at: Steps) -> Iterator[Default]:
    if isinstance(there, dict):
        for key, value in there.items():
            step = f"f:{key}"
            if not owned.fixed((*at, step)):
                now, wanted = (
                    each.get(key, _NOTHING) if isinstance(each, dict) else _NOTHING for each in (fresh, body)
                )
                yield from _field(value, now, wanted, owned.below(step), (*at, step))
    elif isinstance(there, list):
        for step in dict.fromkeys(key for node in (*owned.mine, *owned.others) for key in node if key[:2] == "k:"):
            item, now, wanted = (_item(each, step) for each in (there, fresh, body))
            if _NOTHING not in (item, wanted) and not owned.fixed((*at, step)):
                yield from _walk(item, now, wanted, owned.below(step), (*at, step))


def _field(value: Any, fresh: Any, wanted: Any, owned: _Owned, at: Steps) -> Iterator[Default]:
    if value == fresh or owned.whole:
        return
    undeclared = wanted is _NOTHING or wanted is None
    both = isinstance(value, dict) and isinstance(fresh, dict)
    if undeclared and not owned.others and not both:
        if not owned.mine or any(_walk(value, fresh, wanted, owned, at)):
            yield Default(at, value)
    elif isinstance(value, dict | list):
        yield from _walk(value, fresh, wanted, owned, at)


def _fixed(wishes: Wishes, left: Sequence[Left]) -> Callable[[Steps], bool]:
    ref: Ref = wishes.manifest.ref
    return among((SCALED, *FIXED.get((ref.group, ref.kind), ()), *wishes.rules.ignored(ref), *map(str, left)))


def _item(items: Any, step: str) -> Any:
    found = items if isinstance(items, list) else ()
    return next((item for item in found if matches(step, item)), _NOTHING)


def _at(value: Any, steps: Steps) -> Any:
    for step in steps:
        value = value.get(step[2:], _NOTHING) if isinstance(value, dict) else _item(value, step)
    return value


def _tree(steps: Steps, value: Any) -> Fields:
    tree = _leaves(value)
    for step in reversed(steps):
        tree = {step: tree}
    return tree


def _leaves(value: Any) -> Fields:
    if not isinstance(value, dict) or not value:
        return {}
    return {".": {}, **{f"f:{key}": _leaves(each) for key, each in value.items()}}


def _entries(live: Object, books: Books | None) -> list[Entry]:
    return list(books.entries) if books else entries_of(live)


def is_our_apply(entry: Entry) -> bool:
    """Say whether an entry of an object's books is that of our applies."""
    return holder_of(entry) == Holder(OURS) and entry.get("operation") == APPLY
