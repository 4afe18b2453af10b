"""A repository with waves and hooks of Argo CD and Helm is pushed unedited, and its commit says how it went."""

from pathlib import Path
from typing import Any

import yaml

from tests.stories.conftest import Shop
from tests.until import until

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "hooks"


def read(shop: Shop, path: str) -> dict[str, Any]:
    """Read an object that must be there."""
    found = shop.cluster.get(path.replace("$NS", f"namespaces/{shop.namespace}"))
    assert found, f"{path} is not there"
    return dict(found)


def completed(shop: Shop, name: str) -> int:
    """Say when a Job was written last, which is when it ended."""
    live = read(shop, f"/apis/batch/v1/$NS/jobs/{name}")
    assert live["status"]["succeeded"] == 1
    return int(live["metadata"]["resourceVersion"])


def ran(shop: Shop) -> set[str]:
    """Name the Jobs that came to their end, the deleted ones too; their controller writes that when it has time."""
    events = read(shop, "/api/v1/$NS/events")["items"]
    return {each["involvedObject"]["name"] for each in events if each["reason"] == "Completed"}


def test_a_repository_with_waves_and_hooks_deploys_unedited(shop: Shop) -> None:
    """Backup, migration, waves and smoke test come in their order; a migration that fails is named on the commit, and
    the alarm runs."""
    files = {str(file.relative_to(EXAMPLE)): file.read_text() for file in EXAMPLE.rglob("*") if file.is_file()}
    green = shop.push(files)
    assert shop.status(green, "success", within=120).startswith("2 objects: 2 created; healthy in ")
    settings = int(read(shop, "/api/v1/$NS/configmaps/shop")["metadata"]["resourceVersion"])
    assert completed(shop, "backup") < completed(shop, "migrate") < settings
    assert shop.cluster.get(f"/api/v1/namespaces/{shop.namespace}/secrets/backup") is None
    assert shop.cluster.names(shop.namespace, "jobs", "/apis/batch/v1") == {"backup", "migrate"}
    until(lambda: [name for name in ran(shop) if name.startswith("smoke-test-")], what="the event of the smoke test")

    bodies = list(yaml.safe_load_all(files["deploy/before.yaml"]))
    bodies[-1]["spec"]["template"]["metadata"] = {"annotations": {"devcluster.pushboat.dev/behaviour": "fail"}}
    settings_file = files["deploy/shop.yaml"].replace("LOG_LEVEL: info", "LOG_LEVEL: debug")
    red = shop.push({"deploy/before.yaml": yaml.safe_dump_all(bodies), "deploy/shop.yaml": settings_file})
    sentence = shop.status(red, "failure", within=120)
    assert sentence.startswith("hook PreSync failed: ")
    assert "/migrate" in sentence
    assert completed(shop, "alarm")
    assert read(shop, "/api/v1/$NS/configmaps/shop")["data"] == {"LOG_LEVEL": "info"}
