"""Which pods a selector takes: looked up by one of their labels, for there may be as many selectors as pods."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from pushboat.model.manifest import Manifest
from pushboat.policy.pods import pod_in
from pushboat.policy.words import Body, listing, mapping, mappings


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector, read once: labels that have to be there, and what else is asked, as key, operator and values."""

    pairs: Body
    others: tuple[tuple[str, Any, AbstractSet[Any]], ...] = ()

    def takes(self, labels: Body) -> bool:
        """Say whether it takes labels; one that is empty takes all."""
        if any(key not in labels or labels[key] != value for key, value in self.pairs.items()):
            return False
        return all(_holds(key, operator, values, labels) for key, operator, values in self.others)


def selector_in(written: Any) -> Selector:
    """Read a LabelSelector."""
    selector = mapping(written)
    expressions = (each for _, each in mappings(selector.get("matchExpressions")))
    return Selector(
        mapping(selector.get("matchLabels")),
        tuple((str(each.get("key")), each.get("operator"), scalars(each.get("values"))) for each in expressions),
    )


def selects(written: Any, labels: Body) -> bool:
    """Say whether a LabelSelector takes labels."""
    return selector_in(written).takes(labels)


def scalars(written: Any) -> frozenset[Any]:
    """Give what a list has of texts and numbers; anything else is no value of a label, nor a port."""
    return frozenset(each for each in listing(written) if is_scalar(each))


def is_scalar(value: Any) -> bool:
    """Say whether it is a text or a number, or nothing."""
    return value is None or isinstance(value, str | int | float)


class Pods:
    """All pods of some manifests, by their numbers: owners and labels, and where each label is."""

    def __init__(self, manifests: Sequence[Manifest]) -> None:
        found = [(each, pod.labels) for each in manifests if (pod := pod_in(each)) is not None]
        self.owners = [owner for owner, _ in found]
        self._labels = [labels for _, labels in found]
        self._in_space: dict[str, list[int]] = {}
        self._with: dict[tuple[str, str, Any], list[int]] = {}
        for number, (owner, labels) in enumerate(found):
            space = owner.ref.namespace
            self._in_space.setdefault(space, []).append(number)
            for key, value in labels.items():
                if is_scalar(value):
                    self._with.setdefault((space, key, value), []).append(number)

    def taken(self, space: str, selector: Selector) -> Iterator[int]:
        """Give the numbers of the pods in a namespace that a selector takes."""
        return (number for number in self._near(space, selector) if selector.takes(self._labels[number]))

    def _near(self, space: str, selector: Selector) -> Sequence[int]:
        """Give as few as can be looked up, with all that it takes among them."""
        choices = [self._having(space, key, (value,)) for key, value in selector.pairs.items()]
        choices += [self._having(space, key, values) for key, operator, values in selector.others if operator == "In"]
        return min(choices, key=len, default=self._in_space.get(space, ()))

    def _having(self, space: str, key: str, values: AbstractSet[Any] | Sequence[Any]) -> Sequence[int]:
        return [each for value in values if is_scalar(value) for each in self._with.get((space, key, value), ())]


def _holds(key: str, operator: Any, values: AbstractSet[Any], labels: Mapping[str, Any]) -> bool:
    match operator:
        case "In":
            return key in labels and is_scalar(labels[key]) and labels[key] in values
        case "NotIn":
            return not (key in labels and is_scalar(labels[key]) and labels[key] in values)
        case "Exists":
            return key in labels
        case "DoesNotExist":
            return key not in labels
    return False
