"""`approvals: 1`: what I push comes to the environment once somebody else has approved it, and says so everywhere."""

from tests.stories.conftest import Shop
from tests.until import until
from tests.written import config_map, repository_file

WAITS = "waits for 1 approval: /deploy approve staging"


def approve(shop: Shop, sha: str, who: str) -> None:
    """Let somebody approve a commit where the forge has a place for that."""
    if shop.forge_name == "gitea":
        shop.forge.push(shop.name, f"of-{sha[:7]}", {"readme": sha}, author="dora", deliver=False)
        shop.forge.reset(shop.name, f"of-{sha[:7]}", sha, author="dora")
        number = shop.forge.open_pull_request(shop.name, f"of-{sha[:7]}", author="dora").number
        shop.forge.comment(shop.name, number, who, "/deploy approve staging")
    else:
        shop.forge.comment_on_commit(shop.name, sha, who, "/deploy approve staging")


def test_a_push_waits_until_somebody_else_approves_it(any_shop: Shop, environ: dict[str, str]) -> None:
    """My own word is none; bob's lets it go. The next commit is another one, which the operator approves."""
    shop = any_shop
    shop.forge.projects[shop.name].permissions["bob"] = "write"
    mine = shop.push({".pushboat.yaml": repository_file(approvals=1), "deploy/a.yaml": config_map("a", version="one")})
    assert shop.status(mine, "pending", within=60) == WAITS
    (row,) = shop.served.deployments(shop.repository)
    assert (row["waits"], row["started_at"]) == (WAITS, None)
    assert WAITS in shop.served.page("/")
    status = shop.served.command("status", env=environ)
    assert "1 approval" in " ".join(status.stdout.split())
    approve(shop, mine, "alice")
    approve(shop, mine, "bob")
    assert shop.ended(mine)["state"] == "succeeded"
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"version": "one"}

    newer = shop.push({"deploy/a.yaml": config_map("a", version="two")})
    until(lambda: WAITS in shop.descriptions(newer), within=60, what="the next commit to wait for its own approval")
    nothing = shop.served.command("unapprove", shop.repository, "staging", env=environ)
    assert nothing.returncode == 1
    assert "there is nothing to take back" in nothing.stderr
    given = shop.served.command("approve", shop.repository, "staging", env=environ)
    assert given.returncode == 0, given.stderr
    assert "that is enough" in given.stderr
    assert shop.ended(newer)["state"] == "succeeded"
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"version": "two"}
