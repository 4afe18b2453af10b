"""An environment that is deployed, looked at, and destroyed, by one worker's story in this process."""

from dataclasses import dataclass
from typing import Any

import pytest

from pushboat.model.changeset import Action
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.state import Kind, Trigger
from pushboat.store import change_sets, deployments
from tests.store.repository import NAME, deploy
from tests.waves.conftest import Body, Yard, store, yard

__all__ = ["store", "yard"]


STAGING = Lane(repository=NAME, environment="staging")


@dataclass
class Site:
    """A yard whose environment may be destroyed."""

    yard: Yard

    def settle(self) -> None:
        """Let the namespace be somebody's already: it stays, and its end, which takes seconds, is not waited for."""
        self.yard.cluster.request("POST", "/api/v1/namespaces", {"metadata": {"name": self.yard.namespace}})

    def asked(self, **more: Any) -> Deployment:
        """Ask for the removal."""
        last = next(each for each in deployments.running_by_lane(self.yard.tools.store) if each.lane == STAGING)
        act = deploy(last.sha, kind=Kind.REMOVAL, trigger=Trigger.COMMAND, **more)
        return self.yard.repository.route(act)[0]

    def destroyed(self, **more: Any) -> Deployment:
        """Ask for the removal, and carry it out."""
        return self.yard.carry_out(self.asked(**more))

    def gone(self, ended: Deployment) -> set[str]:
        """Name what a removal says it deleted."""
        made = change_sets.listed(self.yard.tools.store, ended.id)
        return {f"{each.ref.kind}/{each.ref.name}" for each in made if each.action is Action.DELETED}

    def stays(self, ended: Deployment) -> dict[str, str]:
        """Say what a removal named, and why that stays."""
        made = change_sets.listed(self.yard.tools.store, ended.id)
        return {f"{each.ref.kind}/{each.ref.name}": each.notes[0] for each in made if each.action is Action.UNCHANGED}

    def inventories(self) -> list[Body]:
        """List the inventories in the environment's namespace."""
        path = f"/api/v1/namespaces/{self.yard.namespace}/secrets?labelSelector=applyset.kubernetes.io/id"
        return list(self.yard.cluster.get(path)["items"])

    def namespace(self) -> Body | None:
        """GET the environment's namespace."""
        found: Body | None = self.yard.cluster.get(f"/api/v1/namespaces/{self.yard.namespace}")
        return found


@pytest.fixture
def site(yard: Yard) -> Site:
    """Nothing is there yet."""
    return Site(yard)
