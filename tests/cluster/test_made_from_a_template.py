"""Whether a pod is old is told from what it runs, and what admission added to it makes it no older."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from workers.cluster.waiting.templates import is_made_from

Change = Callable[[dict[str, Any]], object]


def container(**more: Any) -> dict[str, Any]:
    return {"name": "app", "image": "app:1", "env": [{"name": "A", "value": "1"}], "args": ["serve"], **more}


TEMPLATE: dict[str, Any] = {
    "metadata": {"labels": {"app": "web"}, "annotations": {"checksum": "a"}},
    "spec": {"containers": [container()], "volumes": [{"name": "data", "emptyDir": {}}], "restartPolicy": "Always"},
}
POD: dict[str, Any] = {
    "metadata": {"name": "web-1", **copy.deepcopy(TEMPLATE["metadata"])},
    "spec": {
        **copy.deepcopy(TEMPLATE["spec"]),
        "nodeName": "node-1",
        "tolerations": [{"operator": "Exists"}],
        "containers": [container(volumeMounts=[{"name": "kube-api-access-x"}], resources={"limits": {"cpu": "1"}})],
        "volumes": [*TEMPLATE["spec"]["volumes"], {"name": "kube-api-access-x", "projected": {}}],
    },
}


def changed(change: Change) -> dict[str, Any]:
    template = copy.deepcopy(TEMPLATE)
    change(template)
    return template


def test_what_admission_added_makes_no_pod_old() -> None:
    """My pod has its account's volume, tolerations and a limit that no template of mine asks for: it is not old."""
    assert is_made_from(TEMPLATE, POD)


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it["spec"]["containers"][0].update(image="app:2"),
        lambda it: it["spec"]["containers"][0]["env"].append({"name": "B", "value": "2"}),
        lambda it: it["spec"]["containers"][0]["env"].clear(),
        lambda it: it["spec"]["containers"][0].pop("args"),
        lambda it: it["spec"]["containers"].append(container(name="sidecar")),
        lambda it: it["spec"]["containers"].clear(),
        lambda it: it["spec"].update(initContainers=[container(name="migrate")]),
        lambda it: it["spec"]["volumes"].clear(),
        lambda it: it["spec"]["volumes"][0].update(emptyDir={"medium": "Memory"}),
        lambda it: it["spec"].update(serviceAccountName="other"),
        lambda it: it["metadata"]["annotations"].update(checksum="b"),
        lambda it: it["metadata"]["labels"].update(tier="front"),
    ],
)
def test_a_template_that_changed_makes_its_pods_old(change: Change) -> None:
    """I change, add or remove anything that my pods run: those that run are of the old template."""
    assert not is_made_from(changed(change), POD)
