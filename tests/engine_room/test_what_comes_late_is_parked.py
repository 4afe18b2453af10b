"""A kind that an operator of the same push defines, a webhook that is not up: parked, while the rest comes up."""

import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pushboat.config.operator import ClusterAccess, Limits, Project
from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from pushboat.store import deployments, progress_lines
from tests.cluster_view import ClusterView
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, deploy
from tests.until import until
from tests.written import config_map, definition, deployment
from workers.app import make_tools
from workers.deploying import story
from workers.tools import Tools

CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
HOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
ROLES = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
DEAD = {"url": "https://127.0.0.1:9/"}
"""Where nobody listens."""
LIMITS: dict[str, Any] = {"create_namespaces": True, "cluster_scoped": ("ClusterRole", "CustomResourceDefinition")}


@dataclass
class Room:
    """A worker with one place, whose staging and testing follow main, and the API group of this test."""

    tools: Tools
    github: FakeGitHub
    repository: Repository
    cluster: ClusterView
    space: str

    @property
    def group(self) -> str:
        return f"{self.space}.example"

    def boat(self, kind: str = "Boat", version: str = "v1") -> str:
        return f"apiVersion: {self.group}/{version}\nkind: {kind}\nmetadata: {{name: one}}\n"

    def operator(self, **behaviour: str) -> dict[str, str]:
        """Write an operator: what may define kinds, and what runs."""
        rule = {"apiGroups": ["apiextensions.k8s.io"], "resources": ["customresourcedefinitions"], "verbs": ["create"]}
        role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole"}
        return {
            "role.yaml": yaml.safe_dump({**role, "metadata": {"name": f"o-{self.space}"}, "rules": [rule]}),
            "operator.yaml": deployment("operator", **behaviour),
        }

    def push(self, files: Mapping[str, str], environment: str = "staging", wait: str = "5m") -> Deployment:
        """Push what is below the environment's folder; give its deployment."""
        environments = {name: {"branch": "main", "path": name, "wait": wait} for name in ("staging", "testing")}
        written = {f"{environment}/{name}": text for name, text in files.items()}
        file = {".pushboat.yaml": yaml.safe_dump({"environments": environments})}
        sha = self.github.push("acme/shop", "main", {**file, **written}, deliver=False).sha
        return self.repository.route(deploy(sha, environment))[0]

    @contextmanager
    def deploying(self, one: Deployment) -> Iterator[None]:
        """Deploy in a thread of its own, which has ended afterwards."""
        thread = threading.Thread(target=story.deploy, args=(self.tools, one.id))
        thread.start()
        try:
            yield
        finally:
            thread.join(60)
        assert not thread.is_alive()

    def said(self, one: Deployment) -> str:
        return "\n".join(each.text for each in progress_lines.listed(self.tools.store, one.id))

    def ended(self, one: Deployment) -> Deployment:
        found = deployments.find(self.tools.store, one.id)
        assert found
        return found

    def define(self, scope: str = "Namespaced") -> None:
        """Define the kind, as the operator does when it has started."""
        body = yaml.safe_load(definition("boats", "Boat", self.group))
        body["spec"]["scope"] = scope
        self.cluster.request("POST", CRDS, body)

    def define_two_versions(self) -> None:
        """Define the kind in a version that is kept, and one that is made of it."""
        body = yaml.safe_load(definition("boats", "Boat", self.group))
        (version,) = body["spec"]["versions"]
        body["spec"]["versions"].append({**version, "name": "v2", "storage": False})
        self.cluster.request("POST", CRDS, body)
        until(lambda: self.cluster.get(f"/apis/{self.group}/v2"), what="the version to be served")

    def convert(self, client: Mapping[str, Any] | None) -> None:
        """Have a webhook convert, or the API server itself, and wait until it does so."""
        webhook = {"clientConfig": client, "conversionReviewVersions": ["v1"]} if client else None
        conversion = {"strategy": "Webhook" if client else "None", "webhook": webhook}
        path, body = f"{CRDS}/boats.{self.group}", {"spec": {"conversion": conversion}}
        self.cluster.request("PATCH", path, body, "application/merge-patch+json")
        if client:
            until(self._is_not_converted, what="the webhook to be asked")

    def image(self) -> str:
        live = self.cluster.deployment(f"{self.space}-staging", "operator")
        return str(live["spec"]["template"]["spec"]["containers"][0]["image"])

    def hook(self, service: Mapping[str, Any] | None = None) -> None:
        """Have boats looked at by a webhook that nobody serves."""
        rule = {"apiGroups": [self.group], "apiVersions": ["*"], "operations": ["*"], "resources": ["boats"]}
        client = {"service": dict(service)} if service else DEAD
        hook = {"name": "boats.hook.example", "clientConfig": client, "rules": [rule], "sideEffects": "None",
                "admissionReviewVersions": ["v1"]}  # fmt: skip
        body = {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration"}
        self.cluster.request("POST", HOOKS, {**body, "metadata": {"name": f"h-{self.space}"}, "webhooks": [hook]})
        until(self._is_asked, what="the webhook to be asked")

    def unhook(self) -> None:
        self.cluster.request("DELETE", f"{HOOKS}/h-{self.space}")

    def _is_asked(self) -> bool:
        """Try an object; the API server hears of a new webhook a moment later."""
        path = f"/apis/{self.group}/v1/namespaces/default/boats"
        try:
            self.cluster.request("POST", f"{path}?dryRun=All", yaml.safe_load(self.boat()))
        except Exception as refused:  # noqa: BLE001  whatever the client makes of a 500
            return "boats.hook.example" in str(refused)
        return False

    def _is_not_converted(self) -> bool:
        path = f"/apis/{self.group}/v2/namespaces/default/boats"
        try:
            self.cluster.request("POST", f"{path}?dryRun=All", yaml.safe_load(self.boat(version="v2")))
        except Exception as refused:  # noqa: BLE001  whatever the client makes of a 500
            return "conversion webhook" in str(refused)
        return False

    def clean(self) -> None:
        for path in (f"{HOOKS}/h-{self.space}", f"{CRDS}/boats.{self.group}", f"{ROLES}/o-{self.space}"):
            try:
                self.cluster.request("DELETE", path)
            except Exception:  # noqa: BLE001  it was never there
                continue


@pytest.fixture
def room(
    tools: Tools, kubeconfig: Path, cluster: ClusterView, github: FakeGitHub, repository: Repository, tmp_path: Path
) -> Iterator[Room]:
    """One place to work in, and an API group that nobody has heard of."""
    space = f"p-{uuid.uuid4().hex[:8]}"
    limits = {
        name: Limits(environment=name, cluster="dev", namespaces=(f"{space}-{name}",), **LIMITS)
        for name in ("staging", "testing")
    }
    operator = replace(
        tools.operator,
        workers=1,
        clusters={"dev": ClusterAccess(name="dev", kubeconfig=kubeconfig)},
        projects={NAME: Project(repository=NAME, environments=Allowed(limits))},
    )
    made = make_tools(operator, tools.store, tools.leases, tmp_path, threading.Event())
    opened = Room(made, github, repository, cluster, space)
    yield opened
    opened.clean()


@pytest.mark.proves("parked", "pain-9")
def test_a_kind_that_an_operator_of_the_push_defines_is_waited_for(room: Room) -> None:
    """My push brings an operator and an object of its kind: the object comes as soon as the kind does, and is green.

    Meanwhile somebody else's deployment ends, although there is only one place to work in.
    """
    one = room.push({**room.operator(), "boat.yaml": room.boat()})
    with room.deploying(one):
        until(lambda: f"waiting for kind Boat of {room.group}/v1" in room.said(one), what="the wait for the kind")
        assert room.cluster.deployment(f"{room.space}-staging", "operator"), "the operator was not applied"
        other = room.push({"settings.yaml": config_map()}, "testing")
        story.deploy(room.tools, other.id)
        assert room.ended(other).state is State.SUCCEEDED
        room.define()
    ended = room.ended(one)
    assert ended.state is State.SUCCEEDED, ended.reason
    assert ended.counts.created == 3
    assert room.cluster.get(f"/apis/{room.group}/v1/namespaces/{room.space}-staging/boats/one")


def test_nobody_waits_for_what_is_not_waited_for(room: Room) -> None:
    """I said of one object that nobody waits for its health: a kind that comes late changes nothing about that."""
    slow = yaml.safe_load(deployment("slow", behaviour="unready"))
    slow["metadata"]["annotations"] = {"argocd.argoproj.io/ignore-healthcheck": "true"}
    one = room.push({**room.operator(), "boat.yaml": room.boat(), "slow.yaml": yaml.safe_dump(slow)}, wait="5m")
    with room.deploying(one):
        until(lambda: "waiting for kind Boat" in room.said(one), what="the wait for the kind")
        room.define()
    ended = room.ended(one)
    assert (ended.state, ended.counts.created) == (State.SUCCEEDED, 4), ended.reason


def test_a_restart_goes_on_with_the_wait(room: Room) -> None:
    """Pushboat is restarted while my push waits for a kind: the next process waits on, and brings the object."""
    one = room.push({**room.operator(), "boat.yaml": room.boat()})
    with room.deploying(one):
        until(lambda: "waiting for kind Boat" in room.said(one), what="the wait for the kind")
        room.tools.stopping.set()
    assert room.ended(one).state is State.QUEUED
    room.tools.stopping.clear()
    room.define()
    story.deploy(room.tools, one.id)
    ended = room.ended(one)
    assert (ended.state, ended.counts.created) == (State.SUCCEEDED, 3), ended.reason


def test_a_kind_that_turns_out_to_live_outside_of_namespaces_is_not_written(room: Room) -> None:
    """What the operator of the file allowed in a namespace is never written outside, whoever defines the kind."""
    one = room.push({**room.operator(), "boat.yaml": room.boat()})
    with room.deploying(one):
        until(lambda: "waiting for kind Boat" in room.said(one), what="the wait for the kind")
        room.define("Cluster")
    ended = room.ended(one)
    assert ended.state is State.FAILED
    assert "the cluster keeps Boat outside of namespaces" in ended.reason
    assert room.cluster.get(f"/apis/{room.group}/v1/boats")["items"] == []


@pytest.mark.proves("parked")
def test_a_webhook_that_is_not_up_is_waited_for(room: Room) -> None:
    """A webhook refuses my object because its server is not up: everything else is applied, the object comes later."""
    room.define()
    room.hook()
    one = room.push({"settings.yaml": config_map(), "boat.yaml": room.boat()})
    with room.deploying(one):
        until(lambda: "waiting for webhook boats.hook.example" in room.said(one), what="the wait for the webhook")
        assert room.cluster.config_map(f"{room.space}-staging", "settings")
        assert "connection refused" in room.said(one)
        room.unhook()
    ended = room.ended(one)
    assert (ended.state, ended.counts.created) == (State.SUCCEEDED, 2), ended.reason


def test_many_wait_for_one_webhook(room: Room) -> None:
    """Sixty objects of one kind wait for one webhook: one line says so, and all come when it is gone."""
    room.define()
    room.hook()
    many = "---\n".join(room.boat().replace("one", f"boat-{number}") for number in range(60))
    one = room.push({"boats.yaml": many})
    with room.deploying(one):
        until(lambda: "and 59 more need" in room.said(one), what="the wait for the webhook")
        room.unhook()
    ended = room.ended(one)
    assert (ended.state, ended.counts.created) == (State.SUCCEEDED, 60), ended.reason


def test_a_conversion_that_is_not_up_is_waited_for(room: Room) -> None:
    """The kind has two versions and nobody converts between them yet: my object comes when somebody does."""
    room.define_two_versions()
    room.convert(DEAD)
    one = room.push({"settings.yaml": config_map(), "boat.yaml": room.boat(version="v2")})
    with room.deploying(one):
        until(lambda: "waiting for webhook for the conversion of Boat" in room.said(one), what="the wait")
        assert room.cluster.config_map(f"{room.space}-staging", "settings")
        room.convert(None)
    ended = room.ended(one)
    assert (ended.state, ended.counts.created) == (State.SUCCEEDED, 2), ended.reason


@pytest.mark.proof  # the API server itself takes seconds to give a conversion up
def test_a_push_can_mend_who_converts(room: Room) -> None:
    """Whoever converts my objects is down, and so they cannot be read as I write them: the push that mends it is green.

    What it changes of them comes once they can be converted again.
    """
    room.define_two_versions()
    files = {"operator.yaml": deployment("operator"), "boat.yaml": room.boat(version="v2")}
    first = room.push(files, wait="0")
    story.deploy(room.tools, first.id)
    assert room.ended(first).state is State.SUCCEEDED, room.ended(first).reason
    room.convert(DEAD)
    mended = deployment("operator", image="registry.example/operator:2")
    changed = room.boat(version="v2").replace("one", "one, labels: {a: b}")
    one = room.push({"operator.yaml": mended, "boat.yaml": changed}, wait="0")
    with room.deploying(one):
        until(lambda: room.image() == "registry.example/operator:2", what="the operator to be mended")
        until(lambda: "waiting for webhook for the conversion of Boat" in room.said(one), what="the wait")
        room.convert(None)
    ended = room.ended(one)
    assert (ended.state, ended.counts.configured) == (State.SUCCEEDED, 2), ended.reason


def test_no_commit_is_blamed_for_a_webhook_that_never_comes(room: Room) -> None:
    """When the time is over the status is an error, not a failure, and names the webhook and who must act."""
    room.define()
    room.hook({"name": "boats", "namespace": "nowhere"})
    one = room.push({"settings.yaml": config_map(), "boat.yaml": room.boat()}, wait="2s")
    story.deploy(room.tools, one.id)
    ended = room.ended(one)
    assert ended.state is State.ERRORED
    assert ended.reason.startswith(
        "1 of 2 written, then the administrator of cluster dev must bring up webhook boats.hook.example "
        "(Service/nowhere/boats), which was not there within 2 s"
    )
    assert 'service "boats" not found' in ended.reason


def test_a_kind_that_never_comes_is_named(room: Room) -> None:
    """The operator runs and defines something else: I read which kind is missing, and that my commit must say it."""
    one = room.push({**room.operator(), "boat.yaml": room.boat()}, wait="15s")
    story.deploy(room.tools, one.id)
    ended = room.ended(one)
    assert ended.state is State.FAILED
    assert f"nothing in this push defined kind Boat of {room.group}/v1 within 15 s" in ended.reason
    assert "staging/boat.yaml:1: Boat/" in ended.reason


def test_an_operator_that_does_not_come_up_is_the_reason(room: Room) -> None:
    """The kind does not come because the operator crashes: I read of the operator, and below what waits for it."""
    one = room.push({**room.operator(behaviour="unready"), "boat.yaml": room.boat()}, wait="3s")
    story.deploy(room.tools, one.id)
    ended = room.ended(one)
    assert ended.state is State.FAILED
    assert f"Deployment/{room.space}-staging/operator" in ended.reason
    assert "waiting for kind Boat" in ended.details


def test_a_newer_commit_does_not_wait_for_a_kind(room: Room) -> None:
    """I mend the push while it waits for a kind: it gives way at once."""
    one = room.push({**room.operator(), "boat.yaml": room.boat()})
    with room.deploying(one):
        until(lambda: "waiting for kind Boat" in room.said(one), what="the wait for the kind")
        newer = room.push({"boat.yaml": config_map()})
    assert room.ended(one).state is State.SUPERSEDED
    story.deploy(room.tools, newer.id)
    assert room.ended(newer).state is State.SUCCEEDED


@pytest.mark.proves("parked")
@pytest.mark.parametrize("wait", ["60s", "0"])
def test_a_misspelt_kind_is_named_at_once(room: Room, wait: str) -> None:
    """Nothing in my push could define such a kind: it fails before anything is written."""
    one = room.push({"web.yaml": deployment(), "boat.yaml": room.boat("Baot")}, wait=wait)
    story.deploy(room.tools, one.id)
    ended = room.ended(one)
    assert ended.state is State.FAILED
    assert f"the cluster does not know Baot ({room.group}/v1): is its CRD missing here?" in ended.reason
    assert not room.cluster.deployment(f"{room.space}-staging", "web")


def test_a_slip_of_the_pen_is_not_waited_for_although_an_operator_comes(room: Room) -> None:
    """The group is served and has a kind of nearly that name: I read which one I meant."""
    room.define()
    until(lambda: room.cluster.get(f"/apis/{room.group}/v1"), what="the group to be served")
    one = room.push({**room.operator(), "boat.yaml": room.boat("Boats")})
    story.deploy(room.tools, one.id)
    assert "did you mean Boat?" in room.ended(one).reason
