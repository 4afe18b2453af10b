"""Rules over all objects look a label up where it is: twice as many objects are twice the work, not four times."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from pushboat.model.manifest import Manifest
from pushboat.policy.availability import without_budget
from pushboat.policy.selecting import Selector, selects
from pushboat.policy.wiring import Found, about_nobody, unguarded, without_backends, without_pods
from tests.policy.bodies import manifest_of


class Counted(Mapping[str, Any]):
    """A mapping that counts how often somebody asks it for something."""

    def __init__(self, fields: dict[str, Any], asked: list[int]) -> None:
        self._fields, self._asked = fields, asked

    def __getitem__(self, key: str) -> Any:
        self._asked[0] += 1
        return self._fields[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


def of(kind: str, name: str, spec: dict[str, Any]) -> Manifest:
    return manifest_of(
        {"apiVersion": kind.partition(" ")[0], "kind": kind.partition(" ")[2], "metadata": {"name": name}, "spec": spec}
    )


def deployment(number: int, asked: list[int]) -> Manifest:
    labels = Counted({"part-of": "shop", "app": f"a{number}"}, asked)
    return of(
        "apps/v1 Deployment", f"a{number}", {"template": {"metadata": {"labels": labels}, "spec": {"containers": []}}}
    )


def pairs(number: int) -> dict[str, str]:
    return {"part-of": "shop", "app": f"a{number}"}


def service(number: int, _: list[int]) -> Manifest:
    return of("v1 Service", f"s{number}", {"selector": pairs(number)})


def policy(number: int, _: list[int]) -> Manifest:
    among = {"key": "app", "operator": "In", "values": [f"a{number}"]}
    selector = {"matchLabels": {"part-of": "shop"}, "matchExpressions": [among]}
    spec = {"podSelector": selector, "policyTypes": ["Ingress", "Egress"]}
    return of("networking.k8s.io/v1 NetworkPolicy", f"p{number}", spec)


def budget(number: int, _: list[int]) -> Manifest:
    return of("policy/v1 PodDisruptionBudget", f"b{number}", {"selector": {"matchLabels": pairs(number)}})


Make = Callable[[int, list[int]], Manifest]


@pytest.mark.parametrize(
    ("look", "selecting"),
    [(without_pods, service), (about_nobody, policy), (unguarded, policy), (without_budget, budget)],
    ids=lambda each: each.__name__,
)
def test_as_many_selectors_as_pods_are_no_square(look: Callable[[list[Manifest]], Found], selecting: Make) -> None:
    def steps(many: int) -> int:
        asked = [0]
        assert not list(look([make(number, asked) for number in range(many) for make in (deployment, selecting)]))
        return asked[0]

    assert steps(100) <= 2 * steps(50)


def test_as_many_backends_as_ports_are_no_square() -> None:
    def steps(many: int) -> int:
        asked = [0]
        ports = [Counted({"port": number, "name": f"p{number}"}, asked) for number in range(many)]
        paths = [{"backend": {"service": {"name": "s", "port": {"number": number}}}} for number in range(many)]
        ingress = of("networking.k8s.io/v1 Ingress", "i", {"rules": [{"http": {"paths": paths}}]})
        assert not list(without_backends([of("v1 Service", "s", {"ports": ports}), ingress]))
        return asked[0]

    assert steps(100) <= 2 * steps(50)


ODD: list[Any] = [{"a": "b"}, ["a"], {}, [[]]]


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_what_is_no_label_is_selected_by_nobody_and_breaks_nothing(odd: Any) -> None:
    """Everything pushed may stand where a label or a port should."""
    pod = of(
        "apps/v1 Deployment", "a", {"template": {"metadata": {"labels": {"app": odd}}, "spec": {"containers": []}}}
    )
    assert len(list(without_pods([pod, of("v1 Service", "s", {"selector": {"app": odd}})]))) == 1
    among = {"matchExpressions": [{"key": "app", "operator": "In", "values": [odd, "a"]}]}
    assert len(list(about_nobody([pod, of("networking.k8s.io/v1 NetworkPolicy", "p", {"podSelector": among})]))) == 1
    assert not selects(among, {"app": odd})
    assert Selector({}).takes({"app": odd})
    backend = {"service": {"name": "s", "port": {"number": odd, "name": odd}}}
    ingress = of("networking.k8s.io/v1 Ingress", "i", {"defaultBackend": backend})
    assert len(list(without_backends([of("v1 Service", "s", {"ports": [{"port": odd, "name": odd}]}), ingress]))) == 1
