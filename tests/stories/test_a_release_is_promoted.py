"""`/deploy promote staging production`: exactly what runs in staging comes to production, from its own folder."""

import json

import yaml

from tests.stories.conftest import Shop
from tests.stories.test_a_comment_deploys import replies
from tests.until import until
from tests.written import config_map, deployment

FILE = yaml.safe_dump(
    {
        "environments": {
            "staging": {"branch": "main", "path": "staging"},
            "production": {"path": "production"},
        }
    }
)


def test_what_was_tried_in_staging_comes_to_production(any_shop: Shop, environ: dict[str, str]) -> None:
    """At the terminal I promote release 1; a newer push stays in staging; by a comment I bring that on as well."""
    shop = any_shop
    first = shop.push(
        {
            ".pushboat.yaml": FILE,
            "staging/web.yaml": config_map("web", version="one", of="staging"),
            "production/web.yaml": config_map("web", version="one", of="production"),
        }
    )
    assert shop.ended(first)["release"] == 1
    done = shop.served.command("promote", shop.repository, "staging", "production", "--json", env=environ)
    assert done.returncode == 0, done.stderr
    assert f"promoting {first[:7]}, staging release 1, to production" in done.stderr
    row = json.loads(done.stdout)
    assert (row["sha"], row["trigger"], row["state"]) == (first, "promotion", "succeeded")
    assert row["promoted_from"] == {"environment": "staging", "release": 1}
    space = shop.namespace_of("production")
    assert shop.cluster.config_map(space, "web")["data"] == {"version": "one", "of": "production"}
    assert "promoted from staging release 1" in shop.served.page(f"/deployments/{row['id']}")

    newer = shop.push({"production/web.yaml": config_map("web", version="two", of="production")})
    assert shop.ended(newer)["state"] == "succeeded"
    assert shop.cluster.config_map(space, "web")["data"]["version"] == "one"
    shop.forge.projects[shop.name].permissions["wendy"] = "write"
    shop.forge.push(shop.name, "topic", {"README": "x"})
    number = shop.forge.open_pull_request(shop.name, "topic").number
    shop.forge.comment(shop.name, number, "wendy", "/deploy promote staging production")
    assert shop.ended(newer, "production")["state"] == "succeeded"
    assert shop.cluster.config_map(space, "web")["data"] == {"version": "two", "of": "production"}
    runs = f"`production` runs `{newer[:7]}`"
    until(lambda: any(runs in each for each in replies(shop, number)), what="the outcome in the conversation")


FOLDERS = yaml.safe_dump(
    {"environments": {name: {"branch": "main", "path": name} for name in ("staging", "production")}}
)


def test_a_pull_request_moves_the_pins_and_its_merge_deploys(any_shop: Shop, environ: dict[str, str]) -> None:
    """Staging runs :2; the pull request that I ask for has one line, is planned, and merged it runs in production."""
    shop, space = any_shop, any_shop.namespace_of("production")
    shop.push(
        {
            ".pushboat.yaml": FOLDERS,
            "staging/web.yaml": deployment(),
            "production/web.yaml": f"# ann decides\n{deployment(replicas=2)}",
        }
    )
    runs = shop.push({"staging/web.yaml": deployment(image="registry.example/web:2")})
    ran = shop.ended(runs)
    shop.ended(runs, "production")
    words = ("promote", shop.repository, "staging", "production", "--pull-request")
    done = shop.served.command(*words, env=environ)
    assert done.returncode == 0, done.stderr
    project = shop.forge.projects[shop.name]
    (pull,) = project.pull_requests.values()
    assert f"opened #{pull.number}, which moves 1 pin of staging release {ran['release']} ({runs[:7]})" in done.stderr
    changed = project.bare.git("diff", "--unified=0", runs, pull.head_sha).splitlines()
    assert [line[:1] + line[1:].strip() for line in changed if line[:2] in ("- ", "+ ")] == [
        "-- image: registry.example/web:1",
        "+- image: registry.example/web:2",
    ]
    planned = shop.status(pull.head_sha, "success", context="pushboat/plan/production")
    assert "1 to change" in planned
    merged = shop.forge.merge(shop.name, pull.number)
    assert shop.ended(str(merged.sha), "production")["state"] == "succeeded"
    (container,) = shop.cluster.deployment(space, "web")["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "registry.example/web:2"
