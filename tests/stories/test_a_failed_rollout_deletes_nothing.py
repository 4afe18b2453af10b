"""What leaves git stays in the cluster until what takes its place is healthy."""

import pytest
import yaml

from tests.stories.conftest import Shop
from tests.written import config_map, repository_file


def job(behaviour: str) -> str:
    template = {
        "metadata": {"annotations": {"devcluster.pushboat.dev/behaviour": behaviour}},
        "spec": {"restartPolicy": "Never", "containers": [{"name": "app", "image": "registry.example/migrate:1"}]},
    }
    spec = {"backoffLimit": 0, "template": template}
    return yaml.safe_dump({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "migrate"}, "spec": spec})


@pytest.mark.proves("prune-after-health", "pain-3")
def test_what_left_git_stays_until_the_rest_is_healthy(shop: Shop) -> None:
    """My migration fails: the settings that the same push removes are still there; the fix removes them."""
    shop.ended(shop.push({"deploy/kept.yaml": config_map("kept"), "deploy/old.yaml": config_map("old")}))
    files = {".pushboat.yaml": repository_file(), "deploy/kept.yaml": config_map("kept")}
    sha = shop.push({**files, "deploy/job.yaml": job("fail")}, replace=True)
    assert "Job/" in shop.status(sha, "failure")
    assert shop.cluster.config_map(shop.namespace, "old") is not None
    shop.status(shop.push(files, replace=True), "success")
    assert shop.cluster.config_map(shop.namespace, "old") is None
