"""One commit, proposed twice: each required check reads the worst answer, until nobody asks any more."""

from tests.stories.conftest import Shop
from tests.stories.test_a_pull_request_is_planned import GREEN, PLAN, RED, opened
from tests.until import until
from tests.written import config_map

SUMMARY = "pushboat/plan"


def newest(shop: Shop, sha: str, context: str) -> tuple[str, str]:
    """Give the state and the sentence that a commit shows now."""
    return shop.states(sha, context)[-1], shop.descriptions(sha, context)[-1]


def test_a_red_plan_stays_red_until_it_is_proposed_no_more(any_shop: Shop) -> None:
    """I propose my mistake to dev as well, which nobody follows: main's check stays red, and closing lets it go."""
    green, red = GREEN[any_shop.forge_name], RED[any_shop.forge_name]
    any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a")}))
    any_shop.push({"notes.md": "x"}, branch="dev")
    first, sha = opened(any_shop, {"deploy/a.yaml": "nonsense: ["})
    any_shop.status(sha, red, context=SUMMARY)
    second = any_shop.forge.open_pull_request(any_shop.name, "feature", base="dev")
    assert second.sha == sha
    of_ours = f"/api/v1/deliveries?repository={any_shop.repository}&limit=1"
    delivery = any_shop.served.get(of_ours)["items"][0]["id"]
    until(
        lambda: "nothing is affected" in any_shop.served.get(f"/api/v1/deliveries/{delivery}")["reason"],
        what="the second pull request's answer",
    )
    assert newest(any_shop, sha, SUMMARY)[0] == red

    any_shop.forge.change_pull_request(any_shop.name, first, "closed")
    assert any_shop.status(sha, green, context=PLAN) == "no longer proposed"
    assert "nothing is affected" in any_shop.status(sha, green, context=SUMMARY)
    any_shop.forge.change_pull_request(any_shop.name, first, "reopened")
    any_shop.status(sha, red, context=PLAN)
    assert any_shop.status(sha, red, context=SUMMARY).startswith(f"#{first}: staging: ")
