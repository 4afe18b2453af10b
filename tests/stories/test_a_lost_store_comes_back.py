"""The store is gone, and so is its folder; the cluster runs on. One command, and Pushboat knows again what runs."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from pushboat.store import looks
from pushboat.store.database.engine import open_store
from tests.fakes.forge import FakeForge
from tests.serving import Served
from tests.store.postgres import Server, server
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.stories.test_a_lost_cluster_comes_back import both, cleaned, everything_runs_again
from tests.stories.test_a_release_is_brought_back import secret
from tests.until import until
from tests.written import config_map, deployment
from workers.cluster.inventory import Inventory, Owner, Parent
from workers.cluster.inventory.words import body_of

FENCE = "pushboat.dev/fence"


class Lost:
    """A Pushboat whose store can be lost, on SQLite or on Postgres."""

    def __init__(self, served: Served, environ: dict[str, str], postgres: Server | None) -> None:
        self.served, self.environ, self.postgres = served, environ, postgres

    def lose(self) -> None:
        """Stop, take the whole state folder away (and the database), and make a store of nothing."""
        self.served.stop()
        shutil.rmtree(self.served.state)
        if self.postgres:
            self.environ["PUSHBOAT_STORE"] = self.postgres.fresh()
        made = self.command("db", "upgrade")
        assert made.returncode == 0, made.stderr

    def looked(self, repository: str) -> None:
        """Start anew, and wait until the heads of a repository are known: it was made after the first look."""
        self.served.stop()
        self.served.restart(self.environ)
        store = open_store("", self.served.state)
        try:
            until(lambda: [each for each in looks.listed(store) if each.repository == repository and each.covered])
        finally:
            store.close()

    def command(self, *words: str) -> Any:
        """Run a command of the operator's."""
        return self.served.command(*words, env=self.environ)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.proof)])
def lost(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    kubeconfig: Path,
    forges: dict[str, FakeForge],
    environ: dict[str, str],
) -> Iterator[Lost]:
    """One of one's own."""
    github = {"github": forges["github"]}
    with ExitStack() as stack:
        postgres = stack.enter_context(server()) if request.param == "postgres" else None
        more = {"store": {"env": "PUSHBOAT_STORE"}} if postgres else {}
        environ = {**environ, **({"PUSHBOAT_STORE": postgres.fresh()} if postgres else {})}
        operator = operators_file(kubeconfig, github, more, shops={"github": 2})
        secrets = {**environ_of(github), "PUSHBOAT_STORE": environ.get("PUSHBOAT_STORE", "")}
        found = Lost(Served.start(tmp_path, operator, secrets), environ, postgres)
        yield found
        found.served.stop()


def versions(shop: Shop) -> dict[str, str]:
    """Give the version of each object in both environments, the inventories as well."""
    found = {}
    for space in (shop.namespace, shop.namespace_of("production")):
        for plural, group in (("configmaps", "/api/v1"), ("secrets", "/api/v1"), ("deployments", "/apis/apps/v1")):
            for each in shop.cluster.get(f"{group}/namespaces/{space}/{plural}")["items"]:
                if plural != "deployments":  # of those the status moves by itself
                    found[f"{space}/{plural}/{each['metadata']['name']}"] = each["metadata"]["resourceVersion"]
                else:
                    found[f"{space}/{plural}/{each['metadata']['name']}"] = str(each["metadata"]["generation"])
    return found


def raise_fence(shop: Shop, fence: int) -> None:
    """Let an earlier worker have taken an expired lease over."""
    space = f"/api/v1/namespaces/{shop.namespace}"
    (parent,) = shop.cluster.get(f"{space}/secrets?labelSelector=applyset.kubernetes.io/id")["items"]
    for path in (f"{space}/secrets/{parent['metadata']['name']}", f"{space}/configmaps/a"):
        marks = {"metadata": {"annotations": {FENCE: str(fence)}}}
        shop.cluster.request("PATCH", path, marks, "application/merge-patch+json")


def strange(shop: Shop) -> Parent:
    """Let another repository's environment have an inventory beside ours."""
    parent = Parent(namespace=shop.namespace_of("production"), name="pushboat-staging-0123456789")
    owner = Owner(repository="github/acme/stranger", environment="staging")
    body = body_of(Inventory(parent=parent, owner=owner))
    del body["metadata"]["resourceVersion"]
    shop.cluster.request("POST", f"/api/v1/namespaces/{parent.namespace}/secrets", body)
    return parent


@pytest.mark.proves("recover")
def test_what_runs_is_known_again_and_goes_on(lost: Lost, shops: Callable[[Served, str], Shop]) -> None:
    """I lose everything but the clusters: I see what runs, the same commit changes nothing, a late older push does not
    go back, and the next one deletes what has left."""
    shop = shops(lost.served, "github")
    shop.ended(shop.push({".pushboat.yaml": both(), "deploy/a.yaml": config_map("a")}), "production")
    url, shop.forge.hook_url = shop.forge.hook_url, ""
    older = shop.forge.push(shop.name, "main", {"deploy/a.yaml": config_map("a", version="old")})
    shop.forge.hook_url = url
    runs = shop.push(
        {
            "deploy/a.yaml": config_map("a", version="runs"),
            "deploy/gone.yaml": config_map("gone"),
            "deploy/web.yaml": deployment(),
            "deploy/s.yaml": secret("hunter2"),
        }
    )
    number = shop.ended(runs)["id"]
    assert shop.ended(runs, "production")["state"] == "succeeded"
    raise_fence(shop, 41)
    spaces = (shop.namespace, shop.namespace_of("production"))
    theirs = strange(shop)
    before, versions_before = [cleaned(shop.cluster, space) for space in spaces], versions(shop)
    lost.lose()

    tried = lost.command("recover", shop.repository, "--from-cluster", "--dry-run", "--json")
    assert tried.returncode == 0, tried.stderr
    assert f"{theirs} (github/acme/stranger:staging) is nobody's here: pushboat.yaml does not have it" in tried.stderr
    told = {each["environment"]: each for each in json.loads(tried.stdout)["environments"]}
    assert (told["staging"]["sha"], told["staging"]["ref"], told["staging"]["fence"]) == (runs, "refs/heads/main", 41)
    assert (told["staging"]["objects"], told["staging"]["rebuilt"]) == (4, False)
    back = lost.command("recover", shop.repository, "--from-cluster", "--yes")
    assert back.returncode == 0, back.stdout + back.stderr
    assert "2 environments rebuilt; what no cluster knows stays lost" in back.stderr
    again = lost.command("recover", shop.repository, "--from-cluster", "--yes")
    assert (again.returncode, "nothing is to be rebuilt" in again.stderr) == (0, True), again.stderr

    lost.served.restart(lost.environ)
    (row,) = shop.served.deployments(shop.repository)
    assert (row["id"], row["sha"], row["state"], row["trigger"]) == (number, runs, "succeeded", "recovery")
    same = lost.command("deploy", shop.repository, "staging")
    assert same.returncode == 0, same.stderr
    assert shop.served.deployments(shop.repository)[0]["objects"]["unchanged"] == 4
    assert versions(shop) == versions_before, "something was written"
    shop.forge.redeliver(older.sent[0])
    assert shop.ended(older.sha)["state"] == "superseded"
    assert shop.ended(older.sha, "production")["state"] == "superseded"
    assert [cleaned(shop.cluster, space) for space in spaces] == before

    newer = shop.push({"deploy/gone.yaml": None})
    for environment in ("staging", "production"):
        assert shop.ended(newer, environment)["objects"]["deleted"] == 1
    assert "gone" not in shop.cluster.names(shop.namespace)
    assert "because of: recovery" in lost.command("audit", "list", shop.repository).stdout
    verified = lost.command("audit", "verify")
    assert verified.returncode == 0, verified.stderr


@pytest.mark.proof
@pytest.mark.parametrize("lost", ["sqlite"], indirect=True)
def test_an_older_backup_catches_up(lost: Lost, shops: Callable[[Served, str], Shop], tmp_path: Path) -> None:
    """I restore last night's copy: what was pushed since is found, what runs is left alone and told again, and a fence
    beyond the store's stops nothing."""
    shop, saved, file = shops(lost.served, "github"), tmp_path / "backup", lost.served.state / "pushboat.sqlite3"
    first = shop.push({"deploy/a.yaml": config_map("a", version="one")})
    shop.status(first, "success")
    lost.looked(shop.repository)
    with closing(sqlite3.connect(file)) as running, closing(sqlite3.connect(saved)) as copy:
        running.backup(copy)  # what `.backup` does
    second = shop.push({"deploy/a.yaml": config_map("a", version="two")})
    shop.status(second, "success")
    told = len(shop.states(second))
    raise_fence(shop, 41)
    lost.served.stop()
    for each in lost.served.state.glob("pushboat.sqlite3*"):
        each.unlink()
    shutil.copy(saved, file)

    refused = lost.command("recover", shop.repository, "--from-cluster", "--yes")
    assert refused.returncode == 1, refused.stderr
    assert "the store knows something else: say --anew to believe the cluster" in refused.stderr
    live = shop.cluster.config_map(shop.namespace, "a")["metadata"]["resourceVersion"]
    lost.served.restart(lost.environ)
    row = shop.ended(second)
    assert (row["trigger"], row["objects"]["unchanged"]) == ("catch-up", 1)
    assert shop.cluster.config_map(shop.namespace, "a")["metadata"]["resourceVersion"] == live
    until(lambda: len(shop.states(second)) > told and shop.states(second)[-1] == "success", what="it to be told again")
    third = shop.push({"deploy/a.yaml": config_map("a", version="three")})
    assert shop.ended(third)["state"] == "succeeded"
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"version": "three"}


@pytest.mark.proof
@pytest.mark.parametrize("lost", ["postgres"], indirect=True)
def test_a_cluster_comes_back_from_postgres_too(lost: Lost, shops: Callable[[Served, str], Shop]) -> None:
    """It is the cluster that is lost, and the store is a Postgres: what ran runs again as it does from SQLite."""
    everything_runs_again(shops(lost.served, "github"), lost.environ)
