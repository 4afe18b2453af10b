"""What kubectl, a real Helm or an Argo CD runs in a cluster moves to a repository: nothing restarts, git decides."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster.desk import Desk, actions
from tests.cluster.makers import Body, bodies
from tests.corpus.kubectl import Administrator
from tests.engine.conftest import Desks
from tests.until import until
from workers.cluster.objects import LAST_APPLIED

pytestmark = pytest.mark.proof  # Helm is built on its first use, which takes minutes

CHART = Path(__file__).parent.parent / "data" / "chart"
RELEASE = "shop"
OBJECTS = {
    "settings": "/api/v1/namespaces/{}/configmaps/shop-settings",
    "service": "/api/v1/namespaces/{}/services/shop",
    "deployment": "/apis/apps/v1/namespaces/{}/deployments/shop",
    "budget": "/apis/policy/v1/namespaces/{}/poddisruptionbudgets/shop",
}
Maker = Callable[[Desk], None]
TRACKED = "argocd.argoproj.io/tracking-id"


class Others:
    """The other tools, run as their users run them."""

    def __init__(self, kubeconfig: Path, helm: Path, folder: Path) -> None:
        self.kubeconfig, self.helm, self.folder = kubeconfig, helm, folder

    def rendered(self, desk: Desk, *settings: str) -> str:
        """Render the chart as a repository would keep it."""
        more = [word for each in settings for word in ("--set", each)]
        return self._helm("template", RELEASE, str(CHART), "-n", desk.namespace, *more)

    def kubectl(self, *options: str) -> Maker:
        """Apply with kubectl."""
        return lambda desk: self._apply(desk, bodies(self.rendered(desk)), *options)

    def helm_install(self, *options: str) -> Maker:
        """Make a release, and upgrade it once."""

        def make(desk: Desk) -> None:
            where = ("--kubeconfig", str(self.kubeconfig), "-n", desk.namespace, *options)
            self._helm("install", RELEASE, str(CHART), *where, "--set", "replicas=1")
            self._helm("upgrade", RELEASE, str(CHART), *where, "--set", "replicas=2")

        return make

    def argo_cd(self, *options: str) -> Maker:
        """Apply as its controller does: with kubectl's library under a name of its own, and a tracking annotation."""

        def make(desk: Desk) -> None:
            tracked = bodies(self.rendered(desk))
            for body in tracked:
                mark = f"shop:{body['kind']}:{desk.namespace}/{body['metadata']['name']}"
                body["metadata"].setdefault("annotations", {})[TRACKED] = mark
            self._apply(desk, tracked, "--field-manager=argocd-controller", *options)

        return make

    def _apply(self, desk: Desk, objects: list[Body], *options: str) -> None:
        (self.folder / "all.yaml").write_text(yaml.safe_dump_all(objects))
        administrator = Administrator(self.kubeconfig, self.folder, desk.namespace)
        administrator.kubectl(" ".join(("apply", "-n", "$NS", "-f", "all.yaml", *options)))

    def _helm(self, *words: str) -> str:
        done = subprocess.run([self.helm, *words], capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, f"helm {words}: {done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def others(kubeconfig: Path, helm: Path, tmp_path_factory: pytest.TempPathFactory) -> Others:
    """Helm and kubectl."""
    return Others(kubeconfig, helm, tmp_path_factory.mktemp("others"))


@pytest.fixture
def desk(desks: Desks) -> Desk:
    """An environment in an empty namespace."""
    return desks()


MAKERS: dict[str, tuple[tuple[str, ...], Callable[[Others], Maker]]] = {
    "kubectl apply": (("kubectl",), lambda others: others.kubectl()),
    "kubectl apply, server-side": (("kubectl",), lambda others: others.kubectl("--server-side")),
    "a release of Helm": (("kubectl", "helm"), lambda others: others.helm_install()),
    "a release of Helm, client-side": (("kubectl", "helm"), lambda others: others.helm_install("--server-side=false")),
    "an application of Argo CD": (("kubectl", "argocd"), lambda others: others.argo_cd()),
    "an application of Argo CD, server-side": (
        ("kubectl", "argocd"),
        lambda others: others.argo_cd("--server-side", "--force-conflicts"),
    ),
}


@pytest.mark.proves("client-side-migration")
@pytest.mark.parametrize("maker", MAKERS)
def test_what_runs_moves_over_without_a_restart(desk: Desk, others: Others, maker: str) -> None:
    """The same objects and pods go on; fields that git keeps do not move, and one that git drops later leaves."""
    adopt, make = MAKERS[maker]
    make(others)(desk)
    pods = until(lambda: running(desk), within=120, what="two running pods")
    before = live(desk)
    desk = desk.allowing(adopt=adopt)
    desk.deploy(others.rendered(desk))
    taken = live(desk)
    for name, was in before.items():
        assert taken[name]["metadata"]["uid"] == was["metadata"]["uid"], name
        assert taken[name].get("spec") == was.get("spec"), name
        assert taken[name].get("data") == was.get("data"), name
        marks = taken[name]["metadata"].get("annotations", {})
        assert not {LAST_APPLIED, TRACKED, "meta.helm.sh/release-name"} & marks.keys(), name
    assert set(actions(desk.deploy(others.rendered(desk))).values()) == {"unchanged"}
    desk.deploy(others.rendered(desk, "without=true"))
    after = live(desk)
    assert after["settings"]["data"] == {"colour": "red"}
    assert [each["name"] for each in after["service"]["spec"]["ports"]] == ["http"]
    assert "example.com/dropped" not in after["service"]["metadata"].get("annotations", {})
    assert "minReadySeconds" not in after["deployment"]["spec"]
    assert "unhealthyPodEvictionPolicy" not in after["budget"]["spec"]
    assert after["service"]["spec"]["clusterIP"] == before["service"]["spec"]["clusterIP"]
    assert running(desk) == pods, "no pod was replaced"


def live(desk: Desk) -> dict[str, Any]:
    """Read every object of the release."""
    found = {name: desk.cluster.find(path.format(desk.namespace)) for name, path in OBJECTS.items()}
    assert all(found.values()), found
    return found


def running(desk: Desk) -> dict[str, int]:
    """Give the uid and restarts of the ready pods, once there are two."""
    items = desk.cluster.request("GET", f"/api/v1/namespaces/{desk.namespace}/pods").data["items"]
    ready = {
        pod["metadata"]["uid"]: sum(each["restartCount"] for each in pod["status"].get("containerStatuses", ()))
        for pod in items
        if any(each["type"] == "Ready" and each["status"] == "True" for each in pod["status"].get("conditions", ()))
    }
    return ready if len(ready) == 2 else {}
