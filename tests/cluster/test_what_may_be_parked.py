"""What is parked and what is not: only what nothing else stands on, or what the push itself can bring up."""

import json
from dataclasses import replace

import pytest

from pushboat.errors import ApplyRejected, ClusterUnavailable, PushboatError
from pushboat.model.changeset import Action
from pushboat.model.manifest import Manifest, Ref
from workers.cluster.client.refusals import translate
from workers.cluster.inventory import Inventory, Parent
from workers.cluster.inventory.words import Owner
from workers.cluster.planning.fitting import wish
from workers.cluster.planning.rules import Rules
from workers.cluster.planning.words import Plan, Step
from workers.cluster.writing.parking import Parking, parked
from workers.cluster.writing.patching import NotServed

CALL = (
    'failed calling webhook "a.hook.example": failed to call webhook: Post "https://hook.shop.svc:443/x?timeout=10s": '
)


def step(kind: str = "Boat", group: str = "x.example", name: str = "one") -> Step:
    """Plan an object."""
    body = {"apiVersion": f"{group}/v1" if group else "v1", "kind": kind, "metadata": {"name": name}}
    manifest = Manifest(ref=Ref(group, kind, "shop", name), version="v1", body=body, file="a.yaml", line=1)
    wishes = wish(manifest, "applyset-1", Rules())
    return Step(manifest=manifest, wishes=wishes, action=Action.CREATED, body=wishes.body)


def plan(*steps: Step) -> Plan:
    """Make a plan of one stage."""
    parent, owner = Parent(name="pushboat-a", namespace="shop"), Owner(repository="local/shop", environment="staging")
    return Plan(inventory=Inventory(parent=parent, owner=owner), stages=(steps,))


def answer(words: str, code: int = 500) -> PushboatError:
    """Say what an API server says."""
    body = {"kind": "Status", "code": code, "message": words, "reason": "InternalError"}
    return translate("PATCH", code, json.dumps(body).encode(), "", "dev")


def placed(error: PushboatError) -> PushboatError:
    """Have it told with its object, as it is when an apply ends."""
    told = ClusterUnavailable(error.summary)
    told.__cause__ = error
    return told


@pytest.mark.parametrize(
    "why",
    [
        "dial tcp 127.0.0.1:9: connect: connection refused",
        'no endpoints available for service "hook"',
        'service "hook" not found',
        "context deadline exceeded",
        "x509: certificate signed by unknown authority",
        "EOF",
    ],
)
def test_a_webhook_that_does_not_answer_is_named_with_its_service_and_reason(why: str) -> None:
    """However a webhook is not up, I read which one, where its server should be, and what happened."""
    for error in (answer(CALL + why), placed(answer(f"Internal error occurred: {CALL}{why}"))):
        found = parked(plan(step()), step(), error)
        assert found is not None
        assert found.what == "webhook a.hook.example (Service/shop/hook)"
        assert found.why == why
        assert found.webhook


@pytest.mark.parametrize(
    "error",
    [
        answer('admission webhook "a.hook.example" denied the request: no', 403),
        answer("etcdserver: leader changed"),
        answer("the server is currently unable to handle the request", 503),
        ClusterUnavailable("cluster dev does not answer"),
        ApplyRejected("a.yaml:1: unknown field"),
    ],
    ids=str,
)
def test_nothing_else_is_parked(error: PushboatError) -> None:
    """A no is a no, and a cluster that is away is an outage; both are told as they were before."""
    assert parked(plan(step()), step(), error) is None


def test_what_others_stand_on_is_not_left_for_later() -> None:
    """Workloads must not start with yesterday's settings because somebody else's webhook is down.

    Where the push brings the webhook's server, it has to start first.
    """
    settings, error = step("ConfigMap", ""), answer(CALL + "EOF")
    assert parked(plan(settings), settings, error) is None
    assert parked(plan(settings, step("Service", "", "other")), settings, error) is None
    assert parked(plan(settings, step("Service", "", "hook")), settings, error)
    workload = step("Deployment", "apps")
    assert parked(plan(workload), workload, error)


def test_a_kind_is_named_with_its_version() -> None:
    """I read which kind of which group is waited for."""
    found = parked(plan(step()), step(), NotServed("a.yaml:1: Boat/shop/one: the cluster does not serve x.example/v1"))
    assert found is not None
    assert found.what == "kind Boat of x.example/v1"
    assert not found.webhook


def test_a_secret_is_not_told() -> None:
    """Whatever a webhook's error prints, a Secret's value is not in it."""
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "one"}, "stringData": {"a": "hunter2hunter2"}}
    plain = step("Secret", "")
    secret = replace(plain, body={**body, "data": {"a": "aHVudGVyMmh1bnRlcjI="}})
    found = parked(plan(secret, step("Service", "", "hook")), secret, answer(f"{CALL}hunter2hunter2 is odd"))
    assert found is not None
    assert "hunter2" not in found.why


def test_a_webhook_is_not_asked_for_each_of_many() -> None:
    """What a webhook has kept one object of a kind from is not tried for all the others, each of which may take half a
    minute; built-in kinds are tried all the same, for among them is what brings it up."""
    parking = Parking(plan())
    assert not parking.expects(step())
    assert parking.takes(step(), answer(CALL + "EOF"))
    assert parking.expects(step(name="two"))
    assert {ref.name for ref in parking.refs} == {"one", "two"}
    assert not parking.expects(step("Ship"))
    workload = step("Deployment", "apps")
    assert parking.takes(workload, answer(CALL + "EOF"))
    assert not parking.expects(step("Deployment", "apps", "operator"))


def test_a_kind_that_is_not_served_is_no_webhook() -> None:
    """A kind may be served from one moment to the next; asking costs nothing."""
    parking = Parking(plan())
    assert parking.takes(step(), NotServed("not served"))
    assert not parking.expects(step(name="two"))
