"""An environment brings kinds and the operator that looks after them: it goes without stranding anything."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
import yaml

from pushboat.model.state import State
from tests.cluster.definitions import definition
from tests.removal.conftest import Site
from tests.waves.conftest import Body, config_map
from tests.written import deployment

FINALIZER = "boats.example.com/held"
MERGE = "application/merge-patch+json"
WHILE = 10
"""Looks, of which there are ten a second, until the operator lets go of a child whose parent is gone."""


class Harbour:
    """A kind of its own for one test, with those who have objects of it."""

    def __init__(self, site: Site) -> None:
        self.site, self.group = site, f"b{uuid4().hex[:8]}.example.com"

    @property
    def brought(self) -> tuple[Body, ...]:
        """What the repository has: the kind, its operator, and an object."""
        return definition(self.group), yaml.safe_load(deployment("operator")), self.boat("one", held=True)

    def boat(self, name: str, *, held: bool = False, **metadata: Any) -> Body:
        """Write an object of the kind."""
        more = {"finalizers": [FINALIZER]} if held else {}
        return {"apiVersion": f"{self.group}/v1", "kind": "Boat", "metadata": {"name": name, **more, **metadata}}

    def path(self, namespace: str, name: str = "") -> str:
        """Give the path of one, or of all."""
        return f"/apis/{self.group}/v1/namespaces/{namespace}/boats{f'/{name}' if name else ''}"

    def add(self, body: Body, namespace: str = "") -> Body:
        """Make one as somebody else."""
        where = self.path(namespace or self.site.yard.namespace)
        made: Body = self.site.yard.cluster.request("POST", where, body)
        return made

    def let_go(self, name: str, namespace: str = "") -> None:
        """Take the finalizer off."""
        where = self.path(namespace or self.site.yard.namespace, name)
        self.site.yard.cluster.request("PATCH", where, {"metadata": {"finalizers": None}}, MERGE)

    def is_defined(self) -> bool:
        """Say whether the cluster has the kind."""
        path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/boats.{self.group}"
        return self.site.yard.cluster.get(path) is not None

    @contextmanager
    def operated(self) -> Iterator[list[str]]:
        """Be the operator, as long as its Deployment is there: delete the child of what is deleted, and let go of both,
        of the child a while after its parent."""
        over, released, waited = threading.Event(), list[str](), 0

        def work() -> None:
            nonlocal waited
            view, space = self.site.yard.cluster, self.site.yard.namespace
            while not over.wait(0.1):
                boats = (view.get(self.path(space)) or {"items": []})["items"]
                going = [each["metadata"] for each in boats if "deletionTimestamp" in each["metadata"]]
                if not view.deployment(space, "operator"):
                    continue
                for metadata in going:
                    if metadata["name"] == "one":
                        view.request("DELETE", self.path(space, "child"))
                    elif len(boats) > 1 or not released or (waited := waited + 1) < WHILE:
                        continue  # its parent first
                    self.let_go(metadata["name"])
                    released.append(metadata["name"])

        worker = threading.Thread(target=work)
        worker.start()
        try:
            yield released
        finally:
            over.set()
            worker.join()


@pytest.fixture
def harbour(site: Site) -> Iterator[Harbour]:
    """A kind that nobody has yet; it is gone after the test."""
    made = Harbour(site)
    yield made
    path = f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/boats.{made.group}"
    site.yard.cluster.request("DELETE", path)


@pytest.mark.proves("removal")
def test_an_operator_lives_until_all_that_it_holds_is_let_go(site: Site, harbour: Harbour) -> None:
    """My object and the child that my operator made of it are let go by the operator, before it and its kind go."""
    site.settle()
    assert site.yard.push(*harbour.brought).state is State.SUCCEEDED
    parent = site.yard.cluster.get(harbour.path(site.yard.namespace, "one"))
    owner = {"apiVersion": f"{harbour.group}/v1", "kind": "Boat", "name": "one", "uid": parent["metadata"]["uid"]}
    harbour.add(harbour.boat("child", held=True, ownerReferences=[owner]))
    with harbour.operated() as released:
        ended = site.destroyed()
    assert ended.state is State.SUCCEEDED, f"{ended.reason}\n{ended.details}"
    assert released == ["one", "child"]
    assert not harbour.is_defined()
    assert (site.stays(ended), site.inventories()) == ({}, [])


@pytest.mark.proves("removal")
def test_a_kind_that_others_use_stays_with_their_objects(site: Site, harbour: Harbour) -> None:
    """Somebody's object of the kind that I brought is not deleted with it; I read whose, and may come back later."""
    site.yard.push(harbour.brought[0], harbour.boat("one"))
    harbour.add(harbour.boat("theirs"), "default")
    ended = site.destroyed()
    assert ended.state is State.SUCCEEDED, ended.reason
    why = "stays: objects of its kind would go with it: Boat/default/theirs"
    home = "stays: the inventory of what stays is in it"
    crd = f"CustomResourceDefinition/boats.{harbour.group}"
    assert site.stays(ended) == {crd: why, f"Namespace/{site.yard.namespace}": home}
    assert "Boat/one" in site.gone(ended)
    assert site.yard.cluster.get(harbour.path("default", "theirs"))
    site.yard.cluster.request("DELETE", harbour.path("default", "theirs"))
    again = site.destroyed()
    assert (again.state, site.stays(again)) == (State.SUCCEEDED, {})
    assert not harbour.is_defined()
    assert site.namespace() is None


@pytest.mark.proves("removal")
def test_what_nobody_lets_go_is_named_and_the_next_time_goes_on(site: Site, harbour: Harbour) -> None:
    """Where nobody takes a finalizer off I read which, and the operator stays for it; once it is off, all goes."""
    site.settle()
    assert site.yard.push(*harbour.brought, config_map("a")).state is State.SUCCEEDED
    site.yard.wait = "5s"  # not before its rollout is over, which may take longer
    assert site.yard.push(*harbour.brought, config_map("a")).state is State.SUCCEEDED
    ended = site.destroyed()
    assert ended.state is State.ERRORED
    boat = f"Boat/{site.yard.namespace}/one"
    assert ended.reason.startswith(f"{boat} is not gone: still being deleted: finalizer {FINALIZER}")
    behind = f"stays: it may be what {boat} needs to go, which is still being deleted"
    assert site.stays(ended) == {
        "Boat/one": f"stays: still being deleted: finalizer {FINALIZER}",
        f"CustomResourceDefinition/boats.{harbour.group}": behind,
        "Deployment/operator": behind,
        "ConfigMap/a": behind,
    }
    assert "pushboat destroy github/acme/shop staging` goes on" in ended.details
    assert len(site.inventories()) == 1
    harbour.let_go("one")
    again = site.destroyed()
    assert (again.state, site.stays(again)) == (State.SUCCEEDED, {}), again.reason
    assert site.inventories() == []
    assert not harbour.is_defined()
