"""A pull request says what its merge would do, before it does it."""

import json

import pytest

from tests.stories.conftest import Shop
from tests.until import until
from tests.written import config_map, deployment

GREEN = dict.fromkeys(("github", "gitlab", "gitea"), "success")
RED = {"github": "failure", "gitlab": "failed", "gitea": "failure"}
PLAN = "pushboat/plan/staging"


def opened(shop: Shop, files: dict[str, str], branch: str = "feature", **how: str) -> tuple[int, str]:
    """Push a branch and open a pull request for it."""
    shop.push(files, branch=branch, parent=shop.forge.projects[shop.name].bare.resolve("refs/heads/main"))
    happened = shop.forge.open_pull_request(shop.name, branch, **how)
    return happened.number, happened.sha


@pytest.mark.proves("plan")
def test_a_plan_says_what_merging_would_do(any_shop: Shop) -> None:
    """I open a pull request and read: 1 to create, 1 to change, 0 to delete. Nothing is written."""
    any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a", greeting="hello")}))
    _, sha = opened(any_shop, {"deploy/a.yaml": config_map("a", greeting="bye"), "deploy/b.yaml": config_map("b")})
    green = GREEN[any_shop.forge_name]
    assert any_shop.status(sha, green, context=PLAN) == "1 to create, 1 to change, 0 to delete"
    summary = any_shop.status(sha, green, context="pushboat/plan")
    assert "staging" in summary
    assert "1 to create, 1 to change, 0 to delete" in summary
    assert any_shop.states(sha, PLAN)[0] == "pending"
    assert any_shop.states(sha, "pushboat/plan")[0] == "pending"
    assert any_shop.cluster.names(any_shop.namespace) >= {"a"}
    assert "b" not in any_shop.cluster.names(any_shop.namespace)
    assert any_shop.cluster.config_map(any_shop.namespace, "a")["data"] == {"greeting": "hello"}

    address = any_shop.forge.statuses(any_shop.name, sha, PLAN)[-1][3]
    page = any_shop.served.page(address.removeprefix(any_shop.served.url))
    for words in ("data.greeting", "-hello", "+bye", f"ConfigMap/{any_shop.namespace}/b"):
        assert words in page, words


def test_a_plan_of_an_update_replaces_the_one_before(shop: Shop) -> None:
    """I push a fix to my pull request: the new head has its own plan."""
    shop.ended(shop.push({"deploy/a.yaml": config_map("a")}))
    number, sha = opened(shop, {"deploy/a.yaml": "nonsense: ["})
    assert "deploy/a.yaml:" in shop.status(sha, "failure", context=PLAN)
    fixed = shop.forge.update_pull_request(shop.name, number, {"deploy/a.yaml": config_map("a", fixed="yes")}).sha
    assert shop.status(fixed, "success", context=PLAN) == "0 to create, 1 to change, 0 to delete"
    assert "staging" in shop.status(fixed, "success", context="pushboat/plan")


@pytest.mark.proof
def test_a_plan_follows_its_base(any_shop: Shop) -> None:
    """Somebody merges what my pull request would have created: my plan says so without my doing anything."""
    any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a")}))
    _, sha = opened(any_shop, {"deploy/b.yaml": config_map("b")})
    green = GREEN[any_shop.forge_name]
    assert any_shop.status(sha, green, context=PLAN) == "1 to create, 0 to change, 0 to delete"
    any_shop.ended(any_shop.push({"deploy/b.yaml": config_map("b")}))
    until(
        lambda: any_shop.descriptions(sha, PLAN)[-1] == "0 to create, 0 to change, 0 to delete",
        within=120,
        what="the plan of what is left",
    )
    assert "pending" not in any_shop.states(sha, PLAN)[-2:]


@pytest.mark.proof
def test_a_branch_behind_its_base_is_planned_as_its_merge(any_shop: Shop) -> None:
    """My branch is older than what main brought since: the plan deletes nothing of that, and neither does the merge."""
    main = any_shop.forge.projects[any_shop.name].bare
    any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a", a="1")}))
    older = main.resolve("refs/heads/main")
    any_shop.ended(any_shop.push({"deploy/b.yaml": config_map("b", a="1")}))
    any_shop.push({"deploy/a.yaml": config_map("a", a="2")}, branch="old", parent=older)
    opened = any_shop.forge.open_pull_request(any_shop.name, "old")
    green = GREEN[any_shop.forge_name]
    assert any_shop.status(opened.sha, green, context=PLAN, within=60) == "0 to create, 1 to change, 0 to delete"
    assert opened.number
    merged = any_shop.ended(any_shop.forge.merge(any_shop.name, opened.number).sha)
    assert merged["state"] == "succeeded", merged["reason"]
    assert {name: merged["objects"][name] for name in ("created", "configured", "deleted")} == {
        "created": 0,
        "configured": 1,
        "deleted": 0,
    }
    assert {"a", "b"} <= set(any_shop.cluster.names(any_shop.namespace))


def test_a_plan_that_the_cluster_would_refuse_is_red(any_shop: Shop) -> None:
    """The API server itself says what is wrong, before the merge."""
    any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a")}))
    wrong = deployment().replace("replicas: 1", "replicas: -1")
    _, sha = opened(any_shop, {"deploy/web.yaml": wrong})
    sentence = any_shop.status(sha, RED[any_shop.forge_name], context=PLAN)
    assert "deploy/web.yaml:6:13" in sentence
    assert "greater than or equal to 0" in sentence
    assert "staging" in any_shop.status(sha, RED[any_shop.forge_name], context="pushboat/plan")


def test_a_plan_names_the_line_of_a_mistake(shop: Shop) -> None:
    """I write text where a number belongs: the plan says so with line and column, as the deployment would."""
    shop.ended(shop.push({"deploy/a.yaml": config_map("a")}))
    _, sha = opened(shop, {"deploy/web.yaml": deployment().replace("replicas: 1", "replicas: minus-one")})
    sentence = shop.status(sha, "failure", context=PLAN)
    assert sentence.startswith("deploy/web.yaml:6:13: Deployment/")
    assert "spec.replicas must be a whole number" in sentence


@pytest.mark.proves("pain-12")
def test_a_plan_never_shows_a_secret(shop: Shop) -> None:
    """I change a Secret: the page says that it changes, not to what."""
    secret = json.dumps(
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db"}, "stringData": {"password": "open-sesame-1"}}
    )
    shop.ended(shop.push({"deploy/db.json": secret}))
    _, sha = opened(shop, {"deploy/db.json": secret.replace("open-sesame-1", "open-sesame-2")})
    assert shop.status(sha, "success", context=PLAN) == "0 to create, 1 to change, 0 to delete"
    address = shop.forge.statuses(shop.name, sha, PLAN)[-1][3]
    page = shop.served.page(address.removeprefix(shop.served.url))
    assert f"Secret/{shop.namespace}/db" in page
    assert "***" in page
    for hidden in ("open-sesame", "b3Blbi1zZXNhbWU"):
        assert hidden not in page
        assert hidden.encode() not in b"".join(file.read_bytes() for file in shop.served.state.glob("*.sqlite3*"))


def test_a_pull_request_that_concerns_no_environment_is_green(any_shop: Shop) -> None:
    """My branch rule requires `pushboat/plan`; a change that deploys nowhere must not wait for ever."""
    any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a")}))
    any_shop.push({"notes.md": "x"}, branch="release")
    any_shop.push({"notes.md": "y"}, branch="typo")
    sha = any_shop.forge.open_pull_request(any_shop.name, "typo", base="release").sha
    assert "nothing is affected" in any_shop.status(sha, GREEN[any_shop.forge_name], context="pushboat/plan")


def test_a_forks_pull_request_plans_nothing(any_shop: Shop) -> None:
    """A stranger opens a pull request from a fork: nothing of it is fetched, rendered or planned."""
    any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a")}))
    fork = f"mallory/{any_shop.name.rpartition('/')[2]}"
    any_shop.forge.create_repository(fork, {"deploy/a.yaml": config_map("evil"), ".pushboat.yaml": "x"})
    sent = any_shop.forge.open_pull_request(any_shop.name, "main", fork=True, author="mallory")
    assert sent.sent[0].response is not None
    delivery = sent.sent[0].response.json()["delivery"]

    until(
        lambda: "fork" in any_shop.served.get(f"/api/v1/deliveries/{delivery}")["reason"],
        what="the sentence about the fork",
    )
    red = RED[any_shop.forge_name]
    sentence = any_shop.status(sent.sha, red, context="pushboat/plan")
    assert sentence == (
        "from a fork, so nothing of it is planned by itself; someone with write access can comment /deploy plan"
    )
    assert any_shop.states(sent.sha, PLAN) == []
    assert any_shop.served.get(f"/api/v1/deliveries/{delivery}")["deployments"] == []
