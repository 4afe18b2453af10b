"""A folder with a dashboard, a values file and a link to a shared file deploys, with the one line that it takes."""

import json
import re

from tests.fakes.bare import Link
from tests.stories.conftest import Shop
from tests.written import config_map, repository_file


def test_what_is_no_manifest_is_named_and_left_out(shop: Shop) -> None:
    """The first push says which line to add; with it, what I share by a link is deployed, and follows its file."""
    files = {
        "shared/settings.yaml": config_map(greeting="hello"),
        "deploy/settings.yaml": Link("../shared/settings.yaml"),
        "deploy/values.yaml": "image: {tag: v1}\n",
        "deploy/dashboards/cpu.json": json.dumps({"title": "CPU", "panels": []}),
    }
    refused = shop.push(files)  # type: ignore[arg-type]
    line = 'exclude: ["dashboards/", "values.yaml"]'
    sentence = shop.status(refused, "failure")
    assert sentence.startswith(f"add `{line}` to staging in .pushboat.yaml: deploy/dashboards/cpu.json and 1 more are")

    wanted = f"environments:\n  staging:\n    branch: main\n    path: deploy\n    {line}\n"
    added = shop.ended(shop.push({".pushboat.yaml": wanted}))
    assert (added["state"], added["objects"]["created"]) == ("succeeded", 1)
    assert shop.cluster.config_map(shop.namespace, "settings")["data"] == {"greeting": "hello"}
    page = shop.served.page(f"/deployments/{added['id']}")
    assert re.search(r"left out by \.pushboat\.yaml: deploy/dashboards/, deploy/values\.yaml", page)

    changed = shop.ended(shop.push({"shared/settings.yaml": config_map(greeting="good evening")}))
    assert (changed["state"], changed["objects"]["configured"]) == ("succeeded", 1)
    assert shop.cluster.config_map(shop.namespace, "settings")["data"] == {"greeting": "good evening"}

    alone = shop.ended(shop.push({".pushboat.yaml": repository_file(path="deploy/settings.yaml")}))
    assert (alone["state"], alone["objects"]["unchanged"]) == ("succeeded", 1)
