"""Who must act on a hook that is refused is said as it is of any other object, and no sooner or later."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from pushboat.model.state import State
from tests.until import until
from tests.waves.conftest import Yard, job
from workers.deploying import letting_go

HOOK = {"argocd.argoproj.io/hook": "PreSync"}
WEBHOOKS = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"


@contextmanager
def refusing(yard: Yard, name: str, operation: str) -> Iterator[None]:
    """Hold a webhook that is asked about this operation on every Job of the namespace, and that nobody answers for.

    The API server asks it a moment after it was made: it is asked about limits as well, of which nobody makes any.
    """
    client = {"service": {"namespace": yard.namespace, "name": "nobody", "path": "/"}}
    rule = {"apiGroups": ["batch"], "apiVersions": ["v1"], "operations": [operation], "resources": ["jobs"]}
    tried = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["limitranges"]}
    one = {
        "name": name,
        "clientConfig": client,
        "rules": [rule, tried],
        "sideEffects": "None",
        "admissionReviewVersions": ["v1"],
        "failurePolicy": "Fail",
        "timeoutSeconds": 1,
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": yard.namespace}},
    }
    yard.cluster.request("POST", "/api/v1/namespaces", {"metadata": {"name": yard.namespace}})
    yard.cluster.request("POST", WEBHOOKS, {"metadata": {"name": name}, "webhooks": [one]})
    until(lambda: is_asked(yard), what="the webhook to be asked")
    try:
        yield
    finally:
        yard.cluster.request("DELETE", f"{WEBHOOKS}/{name}")


def is_asked(yard: Yard) -> bool:
    """Say whether the API server asks the webhook by now: then nothing that it is asked about can be made."""
    limits = f"/api/v1/namespaces/{yard.namespace}/limitranges?dryRun=All"
    try:
        made = yard.cluster.request("POST", limits, {"metadata": {"name": "few"}, "spec": {"limits": []}})
    except AssertionError as refused:
        assert "failed calling webhook" in str(refused)  # noqa: PT017 - how the view of the cluster says it
        return True
    assert made, "the namespace is there"
    return False


@pytest.fixture(params=["CREATE", "UPDATE"])
def webhook_away(yard: Yard, request: pytest.FixtureRequest) -> Iterator[str]:
    """One that is asked when a Job is made, or when it is let run."""
    name = f"{yard.namespace}.example.com"
    with refusing(yard, name, request.param):
        yield name


@pytest.mark.parametrize("more", [{}, {"ttlSecondsAfterFinished": 600}], ids=["stays", "removes-itself"])
def test_a_hook_waits_for_a_webhook_as_long_as_its_environment_does(
    yard: Yard, webhook_away: str, more: dict[str, Any]
) -> None:
    """A webhook that never comes up stops my hook: after `wait` I read whose it is, not after ten minutes of outage."""
    yard.wait = "3s"
    ended = yard.push(job("migrate", HOOK, **more))
    assert ended.state is State.ERRORED, ended.reason
    assert ended.reason.startswith(f"the administrator of cluster dev must bring up webhook {webhook_away} (")
    assert "Job/" in ended.reason
    said = yard.said(ended)
    assert f"waiting for webhook {webhook_away}" in said
    assert "running Job/" not in said, "it never ran"
    assert yard.runs("migrate") == 0
    yard.cluster.request("DELETE", f"{WEBHOOKS}/{webhook_away}")
    until(lambda: not is_asked(yard), what="the webhook to be asked no more")
    letting_go.let_go(yard.tools, ended.id)
    assert yard.job("migrate") is None, "what was made and never ran is gone as soon as it can be"


def test_a_hook_runs_once_its_webhook_is_there(yard: Yard) -> None:
    """The webhook goes away while my hook waits to be let run: it runs once, and my push is green."""
    name = f"{yard.namespace}.example.com"
    with refusing(yard, name, "UPDATE"), ThreadPoolExecutor(1) as pool:
        ends = pool.submit(yard.push, job("migrate", HOOK))
        until(lambda: yard.job("migrate"), what="the hook to be made")
        yard.cluster.request("DELETE", f"{WEBHOOKS}/{name}")
        ended = ends.result()
    assert ended.state is State.SUCCEEDED, ended.reason
    assert yard.runs("migrate", 1) == 1


@pytest.mark.parametrize(
    ("refusal", "words"),
    [("quota", "ask for less or have the quota raised"), ("invalid", "Job/")],
)
def test_a_hook_that_is_refused_is_the_commits_fault(yard: Yard, refusal: str, words: str) -> None:
    """A quota or a wrong value refuses my hook: the push has failed at once, and says what to change."""
    more: dict[str, Any] = {"completions": -1} if refusal == "invalid" else {}
    yard.push(job("first", {}))
    if refusal == "quota":
        spec = {"hard": {"count/jobs.batch": "1"}}
        yard.cluster.request(
            "POST", f"/api/v1/namespaces/{yard.namespace}/resourcequotas", {"metadata": {"name": "few"}, "spec": spec}
        )
        until(lambda: (yard.find("resourcequotas", "few") or {}).get("status", {}).get("used"))
    ended = yard.push(job("first", {}), job("migrate", HOOK, **more))
    assert ended.state is State.FAILED, ended.reason
    assert words in ended.reason
