"""`pushboat why` and `pushboat logs` on a real control plane: what is wrong in a sentence, what containers write."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import yaml

from pushboat.model.changeset import Action, Change
from pushboat.model.manifest import Ref
from pushboat.model.state import State
from tests.cli.conftest import OPERATOR, Finished, Pushboat
from tests.cluster_view import ClusterView
from tests.fresh_store import fresh_store
from tests.pages.ledger import Ledger
from tests.sweeping import sweep
from tests.until import until
from tests.written import deployment

Applied = Callable[..., None]


@pytest.fixture
def namespace(cluster: ClusterView, home: Path, kubeconfig: Path) -> Iterator[str]:
    """A namespace that the operator's staging has."""
    name = f"why-{uuid4().hex[:8]}"
    cluster.request("POST", "/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    configure(home, kubeconfig, name)
    yield name
    sweep(cluster.request, name)


def configure(home: Path, kubeconfig: Path, namespace: str, **limits: object) -> None:
    """Write the operator's file."""
    file = yaml.safe_load(OPERATOR)
    file["clusters"]["dev"]["kubeconfig"] = str(kubeconfig)
    file["projects"][0]["environments"]["staging"] |= {"namespaces": [namespace], **limits}
    (home / "pushboat.yaml").write_text(yaml.safe_dump(file))


@pytest.fixture
def create(cluster: ClusterView, namespace: str) -> Applied:
    """Create a Deployment, and wait until its pods are in a state."""

    def create_it(name: str, status: str, count: int = 1, **how: str) -> None:
        body = yaml.safe_load(deployment(name, replicas=count, **how))
        cluster.request("POST", f"/apis/apps/v1/namespaces/{namespace}/deployments", body)

        def there() -> bool:
            pods = cluster.get(f"/api/v1/namespaces/{namespace}/pods?labelSelector=app={name}")["items"]
            return sum(status in json.dumps(each["status"]) for each in pods) == count

        until(there, what=f"{count} pods of {name} with {status}")

    return create_it


def why(pushboat: Pushboat, namespace: str, what: str, *words: str) -> Finished:
    """Ask why."""
    return pushboat("why", what, "-n", namespace, *words)


def test_what_crashes_is_told_with_its_last_lines(pushboat: Pushboat, namespace: str, create: Applied) -> None:
    """I name the object as with kubectl: the sentence, the conditions, the events and the lines; exit code 1."""
    create("web", "CrashLoopBackOff", behaviour="crash-loop", message="no database", logs="connecting\nno database")

    def told() -> Finished | None:
        said = why(pushboat, namespace, "deploy/web")
        assert said.returncode == 1, said.stderr
        return said if "event BackOff" in said.stdout else None

    asked = until(told, what="the event, which a kubelet tells a moment after the status")
    first = asked.stdout.splitlines()[0]
    assert first.startswith(f"✗ Degraded: Deployment/{namespace}/web: pod web-")
    assert "container web: CrashLoopBackOff (exit 1" in first
    assert "event BackOff" in asked.stdout
    assert "Available is False (MinimumReplicasUnavailable" in asked.stdout
    assert asked.stdout.endswith(", container web:\n  connecting\n  no database\n")

    form = json.loads(why(pushboat, namespace, "Deployment.apps/web", "--json").stdout)
    assert (form["ref"], form["health"]) == (f"Deployment/{namespace}/web", "Degraded")
    assert form["reason"].endswith(": no database")
    assert form["logs"][0]["lines"] == ["connecting", "no database"]


def test_what_runs_is_told_to_run(pushboat: Pushboat, namespace: str, create: Applied) -> None:
    """A healthy object: exit code 0. One that is not there, or a kind that nobody knows: not the same."""
    create("web", '"Ready"')
    until(lambda: why(pushboat, namespace, "deployments/web").returncode == 0, what="web to be healthy")
    missing = why(pushboat, namespace, "deployment/none")
    assert missing.returncode == 1
    assert f"Missing: Deployment/{namespace}/none: is not in the cluster" in missing.stdout
    assert why(pushboat, namespace, "deploymint/web").returncode == 2
    assert why(pushboat, namespace, "web").returncode == 2


def test_who_cannot_find_out_says_so(pushboat: Pushboat, home: Path, kubeconfig: Path, namespace: str) -> None:
    """The environment's account may not look, or nobody answers: exit code 3 and who must do what."""
    configure(home, kubeconfig, namespace, service_account=f"{namespace}/nobody")
    refused = why(pushboat, namespace, "deployment/web")
    assert refused.returncode == 3
    assert f"system:serviceaccount:{namespace}:nobody may not get deployments.apps" in refused.stderr
    configure(home, home / "kubeconfig", namespace)
    away = why(pushboat, namespace, "deployment/web")
    assert away.returncode == 3
    assert "does not answer" in away.stderr


def test_without_a_namespace_it_is_looked_for(pushboat: Pushboat, home: Path, namespace: str, create: Applied) -> None:
    """I name no namespace: those of the file's environments are asked, and the one that has it answers."""
    create("web", "CrashLoopBackOff", behaviour="crash-loop", message="no database", logs="no database")
    file = yaml.safe_load((home / "pushboat.yaml").read_text())
    environments = file["projects"][0]["environments"]
    environments["other"] = {**environments["staging"], "namespaces": ["kube-public", f"{namespace}-none"]}
    (home / "pushboat.yaml").write_text(yaml.safe_dump(file))

    found = pushboat("why", "deploy/web")
    assert (found.returncode, found.stderr) == (1, "")
    assert found.stdout.startswith(f"✗ Degraded: Deployment/{namespace}/web: pod web-")
    missing = pushboat("why", "deploy/none")
    assert missing.returncode == 1
    places = f"kube-public, {namespace} and {namespace}-none"
    assert missing.stdout == f"∅ Missing: Deployment/none: is in none of {places}; to look elsewhere, add -n\n"

    both = pushboat("why", "configmap/kube-root-ca.crt")
    assert both.returncode == 2
    assert f"configmap/kube-root-ca.crt is in kube-public and {namespace}: add -n" in both.stderr
    assert pushboat("why", "configmap/kube-root-ca.crt", "-n", namespace).returncode == 0
    assert "Namespace/kube-public" in pushboat("why", "namespace/kube-public").stdout
    assert pushboat("why", "deploymint/web").returncode == 2


def deployed(home: Path, namespace: str, *names: str) -> None:
    """Put a deployment of these Deployments into the store."""
    (home / "var").mkdir(exist_ok=True)
    store = fresh_store(home / "var")
    changes = [Change(ref=Ref("apps", "Deployment", namespace, name), action=Action.CREATED) for name in names]
    Ledger(store).ended(State.SUCCEEDED, "healthy", changes=changes)
    store.close()


def test_the_logs_of_new_pods_are_read(pushboat: Pushboat, home: Path, namespace: str, create: Applied) -> None:
    """One replica by default, all of them where I say so, and then each line says whose it is; nothing but lines."""
    create("web", '"Ready"', 2, logs="one\n\x1b[1mtwo\x1b[0m")
    deployed(home, namespace, "web")
    one = pushboat("logs", "github/acme/shop", "staging", "--no-follow")
    assert (one.returncode, one.stdout, one.stderr) == (0, "one\ntwo\n", "")
    every = pushboat("logs", "github/acme/shop", "staging", "--all", "--no-follow")
    assert sorted(line.partition("/web | ")[2] for line in every.stdout.splitlines()) == ["one", "one", "two", "two"]
    assert pushboat("logs", "github/acme/shop", "staging", "--container", "x", "--no-follow").returncode == 1
    assert pushboat("logs", "github/acme/shop", "stagging").returncode == 2


def test_logs_are_followed_also_those_of_a_pod_that_comes_later(
    home: Path, namespace: str, create: Applied, cluster: ClusterView, environ: dict[str, str]
) -> None:
    """I leave it open: a pod that takes the other's place is followed too, until Ctrl-C."""
    create("web", '"Ready"', logs="hello")
    deployed(home, namespace, "web")
    command = [sys.executable, "-m", "cli.main", "logs", "github/acme/shop", "staging"]
    with subprocess.Popen(command, cwd=home, env=environ, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        try:
            assert running.stdout.readline() == "hello\n"
            pods = f"/api/v1/namespaces/{namespace}/pods"
            cluster.request("DELETE", f"{pods}/{cluster.get(pods)['items'][0]['metadata']['name']}")
            assert running.stdout.readline().endswith("/web | hello\n")
        finally:
            running.terminate()
