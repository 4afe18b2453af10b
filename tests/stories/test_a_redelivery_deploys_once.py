"""A delivery that arrives again and again is one deployment."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.stories.conftest import Shop
from tests.until import until
from tests.written import config_map


@pytest.mark.proves("same-commit")
def test_the_same_delivery_five_times_at_once_deploys_once(any_shop: Shop) -> None:
    """GitHub redelivers, a proxy repeats: whatever comes five times at once happens once."""
    pushed = any_shop.forge.push(
        any_shop.name,
        "main",
        {
            ".pushboat.yaml": "environments: {staging: {branch: main, path: deploy}}",
            "deploy/settings.yaml": config_map(),
        },
        deliver=False,
    )
    url, any_shop.forge.hook_url = any_shop.forge.hook_url, ""
    again = any_shop.forge.push(any_shop.name, "main", {"README.md": "same folder"})
    any_shop.forge.hook_url = url
    with ThreadPoolExecutor(5) as pool:
        answers = [sent.response for sent in pool.map(any_shop.forge.redeliver, [again.sent[0]] * 5)]

    assert all(answer is not None for answer in answers)
    codes = sorted(answer.status_code for answer in answers if answer is not None)
    bodies = [answer.json() for answer in answers if answer is not None]
    assert codes == [200, 200, 200, 200, 202]
    assert len({body["delivery"] for body in bodies}) == 1
    assert sum(body.get("duplicate", False) for body in bodies) == 4

    any_shop.ended(again.sha)
    assert [row["sha"] for row in any_shop.served.deployments(any_shop.repository)] == [again.sha]
    assert pushed.sha != again.sha


def test_a_merge_arrives_twice_and_deploys_once(any_shop: Shop) -> None:
    """A merge sends a closed pull request and a push for one commit; my environment is deployed once."""
    any_shop.ended(any_shop.push({"deploy/settings.yaml": config_map()}))
    any_shop.push({"deploy/settings.yaml": config_map(greeting="hi")}, branch="feature")
    number = any_shop.forge.open_pull_request(any_shop.name, "feature").number
    merged = any_shop.forge.merge(any_shop.name, number)
    any_shop.ended(merged.sha)

    def both_told() -> bool:
        found = any_shop.served.get(f"/api/v1/deliveries?repository={any_shop.repository}")["items"]
        return sum(1 for row in found if merged.sha[:7] in row["reason"]) >= 2

    until(both_told, what="both deliveries to say what they led to")
    rows = [row for row in any_shop.served.deployments(any_shop.repository) if row["sha"] == merged.sha]
    assert len(rows) == 1
