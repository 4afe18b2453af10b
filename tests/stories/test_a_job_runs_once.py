"""A Job that removes itself when it has ended has not left: it runs again when its manifest changes, and only then."""

import pytest
import yaml

from tests.stories.conftest import Shop


@pytest.mark.proves("health-job", "ended-work")
@pytest.mark.proves("job-cleaned-up-at-once", among=("the next push",))
def test_another_push_does_not_run_a_job_again_that_has_removed_itself(shop: Shop) -> None:
    """My migration ran and is gone: a push of something else leaves it at that, green."""
    pods = {"restartPolicy": "Never", "containers": [{"name": "app", "image": "registry.example/migrate:1"}]}
    spec = {"ttlSecondsAfterFinished": 0, "template": {"spec": pods}}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "once"}, "spec": spec}
    first = shop.ended(shop.push({"deploy/job.yaml": yaml.safe_dump(job)}))
    assert (first["state"], first["objects"]["created"]) == ("succeeded", 1), first["reason"]
    second = shop.ended(shop.push({"README.md": "hello"}))
    assert (second["state"], second["objects"]["unchanged"]) == ("succeeded", 1), second["reason"]
