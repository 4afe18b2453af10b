"""I add a folder to my repository, and it is an environment: no file names it, the operator's pattern allows it."""

from tests.stories.conftest import Shop
from tests.stories.test_a_comment_deploys import replies
from tests.until import until
from tests.written import config_map

FILE = "environments: {'env-{name}': {path: 'envs/{name}', branch: main}}\n"


def test_a_folder_is_an_environment_from_its_first_push_to_its_end(shop: Shop, environ: dict[str, str]) -> None:
    """It is deployed, listed, held, compared, commanded by comments, left behind and destroyed like any other."""
    folders = {f"envs/{name}/a.yaml": config_map("a", of=name) for name in ("eu", "us")}
    first = shop.push({".pushboat.yaml": FILE, **folders})
    assert [shop.ended(first, name)["state"] for name in ("env-eu", "env-us")] == ["succeeded"] * 2
    assert shop.cluster.config_map(shop.namespace_of("env-eu"), "a")["data"] == {"of": "eu"}
    listed = shop.served.command("status", shop.repository).stdout
    assert ["env-eu" in listed, "env-us" in listed, "env-{name}" in listed] == [True, True, False]

    shop.forge.projects[shop.name].permissions["wendy"] = "write"
    shop.push({"README.md": "topic"}, branch="topic", parent=first)
    number = shop.forge.open_pull_request(shop.name, "topic").number
    shop.forge.comment(shop.name, number, "wendy", "/deploy lock env-eu")
    until(lambda: any("env-eu is yours" in each for each in replies(shop, number)), what="an answer to the lock")
    held = shop.push({name: config_map("a", of="another") for name in folders})
    assert shop.ended(held, "env-us")["state"] == "succeeded"
    assert shop.status(held, "pending", context="pushboat/env-eu").startswith("locked by wendy")
    shop.forge.comment(shop.name, number, "wendy", "/deploy unlock env-eu")
    assert shop.ended(held, "env-eu")["state"] == "succeeded"

    path = f"/api/v1/namespaces/{shop.namespace_of('env-eu')}/configmaps/a?fieldManager=kubectl-edit"
    shop.cluster.request("PATCH", path, {"data": {"of": "by hand"}}, "application/merge-patch+json")
    assert shop.served.command("drift", shop.repository, "env-eu", env=environ).returncode == 1
    assert shop.status(held, "error", context="pushboat/env-eu").startswith("drift: ")

    without = shop.push({"envs/us/a.yaml": None})
    destroy = f"pushboat destroy {shop.repository} env-us"
    said = shop.status(without, "error", context="pushboat")
    assert said == f"env-us left .pushboat.yaml, its object still runs: put it back, or {destroy}"
    doctor = shop.served.command("doctor", env=environ).stdout
    assert f"{shop.repository} env-{{name}}" in doctor
    assert f"environment env-us of {shop.repository}" in doctor
    ended = shop.served.command("destroy", shop.repository, "env-us", "--yes", "env-us", env=environ)
    assert ended.returncode == 0, ended.stderr
    until(
        lambda: shop.cluster.get(f"/api/v1/namespaces/{shop.namespace_of('env-us')}") is None,
        what="the end of its namespace",
    )
