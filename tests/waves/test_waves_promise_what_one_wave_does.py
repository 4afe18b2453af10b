"""What holds for a push of one wave holds for one of many: no secret comes out, and green means that all of it runs."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pushboat.model.state import State
from tests.until import until
from tests.waves.conftest import Body, Yard, job

HOOK, WAVE = "argocd.argoproj.io/hook", "argocd.argoproj.io/sync-wave"
PASSWORD = "hunter2-hunter2-hunter2"


def secret(marks: dict[str, str]) -> Body:
    """Write a Secret with one value."""
    metadata = {"name": "login", "annotations": marks}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": {"password": PASSWORD}}


def web(name: str, marks: dict[str, str], **does: Any) -> Body:
    """Write a Deployment of one simulated pod."""
    told = {f"devcluster.pushboat.dev/{key.replace('_', '-')}": value for key, value in does.items()}
    pods = {
        "metadata": {"labels": {"app": name}, "annotations": told},
        "spec": {"containers": [{"name": "c", "image": "registry.example/web:1"}]},
    }
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": name}}, "template": pods}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "annotations": marks},
        "spec": spec,
    }


def test_a_secret_of_an_earlier_wave_is_not_told(yard: Yard) -> None:
    """My workload crashes with a password in its last words: nobody reads it, in whichever wave the Secret came."""
    yard.wait = "12s"
    ended = yard.push(
        secret({WAVE: "-1"}), web("web", {}, behaviour="crash-loop", message=f"login {PASSWORD}", logs=f"as {PASSWORD}")
    )
    assert ended.state is State.FAILED
    assert "crash" in ended.reason.lower(), ended.reason
    assert PASSWORD not in f"{ended.reason}{ended.details}{ended.logs}"


def test_a_secret_of_an_earlier_hook_is_not_told(yard: Yard) -> None:
    """My migration fails with the password that another hook brought, or the push before: nobody reads it."""
    failing = job("migrate", {HOOK: "PreSync"}, does={"behaviour": "fail", "message": f"login {PASSWORD}"})
    ended = yard.push(secret({HOOK: "PreSync", WAVE: "-1"}), failing)
    assert ended.state is State.FAILED
    assert PASSWORD not in f"{ended.reason}{ended.details}{ended.logs}"
    ended = yard.push(secret({}), job("migrate", {HOOK: "Sync"}, does={"behaviour": "fail", "message": PASSWORD}))
    assert ended.state is State.FAILED
    assert PASSWORD not in f"{ended.reason}{ended.details}{ended.logs}"


def test_what_fails_while_a_later_wave_comes_up_is_not_green(yard: Yard) -> None:
    """The first wave came up and crashes while the second one starts: my commit is red, and names it."""
    yard.wait = "10s"
    made = yard.routed(web("first", {WAVE: "-1"}), web("second", {}, behaviour="unready"))
    with ThreadPoolExecutor(1) as threads:
        working = threads.submit(yard.carry_out, made)
        until(lambda: pods_of(yard, "second"), what="the second wave, which the first one is ready before")
        behave(yard, "first", "crash-loop")
        until(lambda: not is_ready(yard, "first"), what="the first one to be seen to crash")
        behave(yard, "second", None)
        ended = working.result()
    assert ended.state is State.FAILED, ended.reason
    assert "/first" in ended.reason


def pods_of(yard: Yard, name: str) -> list[Body]:
    """List the pods of a Deployment."""
    found = yard.cluster.get(f"/api/v1/namespaces/{yard.namespace}/pods?labelSelector=app%3D{name}")
    return list(found["items"])


def is_ready(yard: Yard, name: str) -> bool:
    """Say whether a Deployment's controller counts it as ready."""
    live = yard.find("deployments", name, "/apis/apps/v1") or {}
    return bool(live.get("status", {}).get("readyReplicas"))


def behave(yard: Yard, name: str, behaviour: str | None) -> None:
    """Let the pods of a Deployment behave otherwise from now on."""
    annotations = {"devcluster.pushboat.dev/behaviour": behaviour}
    for pod in pods_of(yard, name):
        path = f"/api/v1/namespaces/{yard.namespace}/pods/{pod['metadata']['name']}"
        yard.cluster.request("PATCH", path, {"metadata": {"annotations": annotations}}, "application/merge-patch+json")
