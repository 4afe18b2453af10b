"""What a rule denies is refused before anything is written, at its place; what it warns of stands beside the plan."""

import yaml

from tests.stories.conftest import Shop
from tests.written import config_map, deployment, repository_file

RULE = {
    "name": "team-label",
    "kinds": ["Deployment.apps"],
    "valid": "'team' in object.metadata.?labels.orValue({})",
    "message_expression": "'write the label team on ' + object.metadata.name",
    "field": "metadata.name",
}


def test_a_rule_of_my_repository_refuses_and_one_of_pushboats_warns(shop: Shop) -> None:
    """I ask for a label and forget it: the commit is red with file, line and the rule's words, and nothing is written.

    With the label it runs; that its container has no memory limit is said beside the plan, and refuses nothing.
    """
    file = yaml.safe_load(repository_file()) | {"rules": [RULE]}
    wrong = {".pushboat.yaml": yaml.safe_dump(file), "deploy/web.yaml": deployment(), "deploy/a.yaml": config_map("a")}
    refused = shop.push(wrong)
    sentence = shop.status(refused, "failure")
    assert sentence == f"deploy/web.yaml:4:9: Deployment/{shop.namespace}/web: write the label team on web (team-label)"
    assert shop.cluster.config_map(shop.namespace, "a") is None
    body = yaml.safe_load(deployment())
    body["metadata"]["labels"] = {"team": "shop"}
    ended = shop.ended(shop.push({"deploy/web.yaml": yaml.safe_dump(body)}))
    assert ended["state"] == "succeeded"
    page = shop.served.page(f"/deployments/{ended['id']}")
    assert "container web has no memory limit: write resources.limits.memory (memory-limit)" in page
    assert "(team-label)" not in page
