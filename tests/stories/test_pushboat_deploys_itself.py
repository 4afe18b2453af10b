"""Pushboat deployed by Pushboat, from the overlay for high availability, takes a push.

The control plane is real, its nodes are simulated: so what the deployed pods would run is read back from the cluster
(their commands, their environment, their file) and run as processes of this machine, on a real Postgres and a real
Valkey. An address of the loopback network stands for each pod's, a folder for its volume, and a token of the deployed
account for the mounted one; the image, the user and the read-only root are not part of this.
"""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from pushboat.queue.embedded import server_command
from tests.cluster_view import ClusterView
from tests.fakes.github import FakeGitHub
from tests.ports import free_port
from tests.serving import ROOT, Served
from tests.store.postgres import server
from tests.stories.conftest import operators_file
from tests.until import until
from tests.written import config_map, repository_file

pytestmark = pytest.mark.proof
KUSTOMIZE = ROOT / "deploy/kustomize"
NAMESPACE = f"pushboat-{secrets.token_hex(3)}"
REPLICAS = {"web": 2, "dashboard": 2, "dispatcher": 2, "worker": 3, "reporter": 2}
MANIFESTS = f"/namespaces/{NAMESPACE}"


@dataclass(frozen=True)
class Pod:
    """One that the cluster has, as a process here."""

    component: str
    address: str
    spec: dict[str, Any]
    process: subprocess.Popen[bytes]
    log: Path

    def asks(self, probe: str) -> int:
        """Ask a probe of it as the kubelet does, and give the answer's code."""
        (container,) = self.spec["containers"]
        asked = container[probe]["httpGet"]
        port = next(each["containerPort"] for each in container["ports"] if each["name"] == asked["port"])
        try:
            with urllib.request.urlopen(f"http://{self.address}:{port}{asked['path']}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0

    def beats(self, probe: str) -> bool:
        """Run a probe's command where its container runs."""
        words = self.spec["containers"][0][probe]["exec"]["command"]
        here = [word.replace("/tmp/", f"{self.log.parent}/") for word in words]
        return subprocess.run(here, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def github(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeGitHub]:
    """A forge of its own."""
    with FakeGitHub(tmp_path_factory.mktemp("forge")) as forge:
        yield forge


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    """A store."""
    with server() as running:
        yield running.fresh()


@pytest.fixture(scope="module")
def broker_url() -> Iterator[str]:
    """A broker: a Valkey of its own, with a password, on this machine's loopback."""
    with tempfile.TemporaryDirectory(prefix="broker-") as folder:
        port, password = free_port(), secrets.token_hex(8)
        program = server_command(Path(folder))[0]
        (Path(folder) / "conf").write_text(
            f"port {port}\nbind 127.0.0.1\nrequirepass {password}\nmaxmemory-policy noeviction\n"
            f'dir {folder}\nsave ""\nloglevel warning\n'
        )
        running = subprocess.Popen([program, f"{folder}/conf"], stdout=subprocess.DEVNULL)
        yield f"redis://:{password}@127.0.0.1:{port}/0"
        running.terminate()
        running.wait(60)


def overlay_of_ours(github: FakeGitHub) -> dict[str, str]:
    """Write what somebody does who takes the overlay: an overlay of their own, with image, file and namespace."""
    files = {str(file.relative_to(ROOT)): file.read_text() for file in KUSTOMIZE.rglob("*.yaml")}
    ours = {
        "namespace": NAMESPACE,
        "nameSuffix": "-own",
        "resources": ["../high-availability"],
        "images": [{"name": "pushboat", "newName": "registry.example/pushboat", "newTag": "0.1.0"}],
        "configMapGenerator": [{"name": "pushboat", "behavior": "replace", "files": ["pushboat.yaml"]}],
    }
    shipped = yaml.safe_load(files["deploy/kustomize/overlays/high-availability/pushboat.yaml"])
    described = operators_file(Path("/var/lib/pushboat/kubeconfig"), {"github": github}, {}, {"github": 0})
    limits = {"cluster": "here", "namespaces": [f"{NAMESPACE}-shop"]}
    operator = {
        **shipped,
        "pages": "open",
        "forges": described["forges"],
        "clusters": {"here": {"kubeconfig": "/var/lib/pushboat/kubeconfig"}},
        "projects": [{"repository": "github/acme/shop", "environments": {"staging": limits}}],
    }
    folder = "deploy/kustomize/overlays/ours"
    return {
        **files,
        ".pushboat.yaml": yaml.safe_dump({"environments": {"own": {"branch": "main", "path": folder}}}),
        f"{folder}/kustomization.yaml": yaml.safe_dump(ours),
        f"{folder}/pushboat.yaml": yaml.safe_dump(operator),
    }


@pytest.fixture(scope="module")
def deployed(
    tmp_path_factory: pytest.TempPathFactory,
    kubeconfig: Path,
    cluster: ClusterView,
    github: FakeGitHub,
    postgres_url: str,
    broker_url: str,
) -> Iterator[dict[str, Any]]:
    """The overlay, pushed to a first Pushboat, whose last word on it this is."""
    values = {
        "PUSHBOAT_STORE": postgres_url,
        "PUSHBOAT_BROKER": broker_url,
        "PUSHBOAT_ENCRYPTION_KEY": secrets.token_hex(32),
        "GITHUB_WEBHOOK_SECRET": github.secret,
        "GITHUB_TOKEN": github.token,
    }
    for body in (
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": f"{NAMESPACE}-shop"}},
    ):
        cluster.request("POST", "/api/v1/namespaces?fieldManager=kubectl-create", body)
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "pushboat-secrets"}, "stringData": values}
    cluster.request("POST", f"/api/v1{MANIFESTS}/secrets", secret)
    limits = {
        "cluster": "dev",
        "namespaces": [NAMESPACE],
        "cluster_scoped": ["Namespace", "ClusterRole", "ClusterRoleBinding"],
        "adopt": ["kubectl"],
        "policy": {"rules": {"pod-security-restricted": "deny", "pod-security-baseline": "deny", "wiring": "deny"}},
    }
    config = operators_file(kubeconfig, {"github": github}, {}, {"github": 0})
    config["projects"] = [{"repository": "github/acme/platform", "environments": {"own": limits}}]
    secrets_of = {"GITHUB_WEBHOOK_SECRET": github.secret, "GITHUB_TOKEN": github.token}
    first = Served.start(tmp_path_factory.mktemp("first"), config, secrets_of)
    github.create_repository("acme/platform")
    github.hook_url = f"{first.url}/webhooks/github"
    sha = github.push("acme/platform", "main", overlay_of_ours(github)).sha
    yield first.ended("github/acme/platform", sha, "own", within=240)
    first.stop()


def test_it_is_healthy_in_a_restricted_namespace(deployed: dict[str, Any], cluster: ClusterView) -> None:
    """Everything of the overlay is up, in as many pods as it says, where only restricted pods are let in."""
    assert deployed["state"] == "succeeded", deployed["reason"]
    namespace = cluster.get(f"/api/v1/namespaces/{NAMESPACE}")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    live = {each["metadata"]["name"]: each for each in cluster.get(f"/apis/apps/v1{MANIFESTS}/deployments")["items"]}
    assert {name: each["status"].get("readyReplicas") for name, each in live.items()} == {
        f"pushboat-{component}-own": count for component, count in REPLICAS.items()
    }
    one_of_each_may_go = {f"pushboat-{component}-own": (count, 1) for component, count in REPLICAS.items()}
    # Their controller follows the pods, which a deployment waits for; nobody waits for what it counts.
    until(lambda: budgets(cluster) == one_of_each_may_go, what="the budgets to know all pods")
    services = cluster.get(f"/api/v1{MANIFESTS}/services")["items"]
    assert {each["metadata"]["name"] for each in services} == {"pushboat-web-own", "pushboat-dashboard-own"}


def budgets(cluster: ClusterView) -> dict[str, tuple[int, int]]:
    """Give for each budget how many pods are healthy, and how many of them may go."""
    items = cluster.get(f"/apis/policy/v1{MANIFESTS}/poddisruptionbudgets")["items"]
    found = {each["metadata"]["name"]: each["status"] for each in items}
    return {name: (each["currentHealthy"], each["disruptionsAllowed"]) for name, each in found.items()}


def test_what_was_deployed_takes_a_push(
    deployed: dict[str, Any], cluster: ClusterView, kubeconfig: Path, github: FakeGitHub, tmp_path: Path
) -> None:
    """Its pods' own commands, on their own file and Secret: both webs are ready, and a push through either one runs."""
    assert deployed["state"] == "succeeded", deployed["reason"]
    bind(cluster)
    with ExitStack() as stack:
        pods = stack.enter_context(running(cluster, kubeconfig, tmp_path))
        assert {component: sum(pod.component == component for pod in pods) for component in REPLICAS} == REPLICAS
        for pod in (pod for pod in pods if "ports" in pod.spec["containers"][0]):
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                until(lambda: pod.asks(probe) == 200 or ended(pod), within=90, what=f"{pod.component} {probe}")  # noqa: B023
        for pod in (pod for pod in pods if "ports" not in pod.spec["containers"][0]):
            for probe in ("startupProbe", "livenessProbe"):
                until(lambda: pod.beats(probe) or ended(pod), within=90, what=f"{pod.component} {probe}")  # noqa: B023
        assert not any(ended(pod) for pod in pods)
        github.create_repository("acme/shop")
        for number, web in enumerate(pod for pod in pods if pod.component == "web"):
            github.hook_url = f"http://{web.address}:8700/webhooks/github"
            files = {".pushboat.yaml": repository_file(), "deploy/it.yaml": config_map(number=str(number))}
            sha = github.push("acme/shop", "main", files).sha

            def status() -> bool:
                told = github.statuses("acme/shop", sha, "pushboat/staging")  # noqa: B023
                assert not told or told[-1][1] in ("pending", "success"), told
                return bool(told and told[-1][1] == "success")

            until(status, within=120, what="the commit to be green")
            live = cluster.config_map(f"{NAMESPACE}-shop", "settings")
            assert live
            assert live["data"] == {"number": str(number)}
            if number == 0:  # one of each may go: the second push is taken by who is left
                for component in ("dispatcher", "worker", "reporter"):
                    gone = next(pod for pod in pods if pod.component == component)
                    gone.process.kill()


def bind(cluster: ClusterView) -> None:
    """Allow the deployed account the shop's namespace, as the base says."""
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "pushboat-deployer-own"}
    body = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": {"name": "pushboat"},
        "roleRef": role,
        "subjects": [{"kind": "ServiceAccount", "name": "pushboat-own", "namespace": NAMESPACE}],
    }
    cluster.request("POST", f"/apis/rbac.authorization.k8s.io/v1/namespaces/{NAMESPACE}-shop/rolebindings", body)


@contextmanager
def running(cluster: ClusterView, kubeconfig: Path, folder: Path) -> Iterator[list[Pod]]:
    """Run what each pod of the namespace would, and end it."""
    pods: list[Pod] = []
    access = account(cluster, kubeconfig)
    found = cluster.get(f"/api/v1{MANIFESTS}/pods")["items"]
    network = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250)}"
    try:
        for number, pod in enumerate(sorted(found, key=lambda pod: str(pod["metadata"]["name"]))):
            home = folder / pod["metadata"]["name"]
            home.mkdir()
            if pod["spec"].get("automountServiceAccountToken", True):
                (home / "kubeconfig").write_text(access)
            pods.append(start(cluster, pod, home, f"{network}.{number + 2}"))
        yield pods
    finally:
        for pod in pods:
            pod.process.terminate()
        for pod in pods:
            pod.process.wait(60)


def start(cluster: ClusterView, pod: dict[str, Any], home: Path, address: str) -> Pod:
    """Run a pod's init containers to their end, and its container beside us."""
    spec = pod["spec"]
    (container,) = spec["containers"]
    for each in spec["initContainers"]:
        words = [sys.executable, "-m", "cli.main", *each["args"]]
        environ = environment(cluster, spec, each, home, address)
        done = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
    words = [sys.executable, "-m", "cli.main", *container["args"]]
    with (home / "log").open("wb") as log:
        environ = environment(cluster, spec, container, home, address)
        process = subprocess.Popen(words, cwd=ROOT, env=environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    return Pod(pod["metadata"]["labels"]["app.kubernetes.io/component"], address, spec, process, home / "log")


def environment(
    cluster: ClusterView, spec: dict[str, Any], container: dict[str, Any], home: Path, address: str
) -> dict[str, str]:
    """Give a container its variables, its mounted file, and nothing else of ours but where Python finds things."""
    found = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "PYTHONPATH") if name in os.environ}
    for source in container["envFrom"]:
        data = cluster.get(f"/api/v1{MANIFESTS}/secrets/{source['secretRef']['name']}")["data"]
        found |= {name: base64.b64decode(value).decode() for name, value in data.items()}
    (mount,) = [each for each in container["volumeMounts"] if each["mountPath"] == "/etc/pushboat"]
    (volume,) = [each for each in spec["volumes"] if each["name"] == mount["name"]]
    files = cluster.get(f"/api/v1{MANIFESTS}/configmaps/{volume['configMap']['name']}")["data"]
    text = files["pushboat.yaml"]
    (home / "pushboat.yaml").write_text(text.replace("0.0.0.0:", f"{address}:").replace("/var/lib/pushboat", str(home)))
    found |= {each["name"]: each["value"].replace("/tmp/", f"{home}/") for each in container.get("env", ())}
    return {**found, "PUSHBOAT_CONFIG": str(home / "pushboat.yaml")}


def account(cluster: ClusterView, kubeconfig: Path) -> str:
    """Write a kubeconfig with a token of the deployed account, as a pod has one mounted."""
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 3600}}
    token = cluster.request("POST", f"/api/v1{MANIFESTS}/serviceaccounts/pushboat-own/token", review)["status"]["token"]
    admins = yaml.safe_load(kubeconfig.read_text())
    admins["users"] = [{"name": admins["contexts"][0]["context"]["user"], "user": {"token": token}}]
    return str(yaml.safe_dump(admins))


def ended(pod: Pod) -> bool:
    """Fail where a process has ended, with its last words."""
    assert pod.process.poll() is None, f"{pod.component}: {pod.log.read_text()[-3000:]}"
    return False
