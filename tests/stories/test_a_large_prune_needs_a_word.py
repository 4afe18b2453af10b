"""Four of five objects leave git at once: nothing is deleted until somebody who may says that it is meant."""

import pytest

from tests.stories.conftest import Shop
from tests.stories.test_a_comment_deploys import replies
from tests.stories.test_a_pull_request_is_planned import opened
from tests.until import until
from tests.written import config_map

FIVE = "---\n".join(config_map(f"m{number}", a=str(number)) for number in range(5))


@pytest.mark.proves("prune-guard")
def test_a_writer_says_that_it_is_meant(any_shop: Shop, environ: dict[str, str]) -> None:
    """A reader's word does not count; a writer's, on the merged pull request, holds for one deployment."""
    any_shop.ended(any_shop.push({"deploy/all.yaml": FIVE}))
    number, _ = opened(any_shop, {"deploy/all.yaml": config_map("m0", a="0")})
    any_shop.forge.projects[any_shop.name].permissions.update({"wendy": "write", "rita": "read"})

    any_shop.forge.comment(any_shop.name, number, "rita", "/deploy staging --prune")
    [refusal] = until(lambda: replies(any_shop, number), what="the refusal")
    assert "rita may not deploy staging" in refusal

    merged = any_shop.forge.merge(any_shop.name, number).sha
    refused = any_shop.ended(merged)
    assert refused["state"] == "failed"
    assert refused["reason"].startswith("say `/deploy staging --prune` if it is meant, else restore the files")
    assert any_shop.cluster.names(any_shop.namespace) >= {f"m{number}" for number in range(5)}

    any_shop.forge.comment(any_shop.name, number, "wendy", "/deploy staging --prune")
    consented = until(
        lambda: any_shop.served.get(
            f"/api/v1/deployments?repository={any_shop.repository}&state=succeeded&sha={merged}"
        )["items"],
        within=120,
        what="the deployment with consent",
    )
    assert consented[0]["objects"]["deleted"] == 4
    newest = any_shop.served.get(f"/api/v1/deliveries?repository={any_shop.repository}&limit=1")["items"][0]
    (asked,) = newest["asks"]
    assert (asked["who"], asked["arguments"]) == ("wendy", {"prune": "yes"})
    assert "may delete most of what is there" in asked["reason"]

    restored = any_shop.push({"deploy/all.yaml": FIVE})
    any_shop.ended(restored)
    again = any_shop.push({"deploy/all.yaml": config_map("m0", a="0")})
    assert any_shop.ended(again)["state"] == "failed", "the word was for one deployment"
    asked_again = any_shop.served.command("deploy", any_shop.repository, "staging", "--prune", env=environ)
    assert asked_again.returncode == 0, asked_again.stderr
    assert any_shop.cluster.names(any_shop.namespace).isdisjoint({f"m{number}" for number in range(1, 5)})
