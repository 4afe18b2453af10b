"""`pushboat plan --here` says before the commit what its push will do, and nobody ever knows that somebody asked."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.forked import pushboat
from tests.stories.conftest import Shop
from tests.written import config_map, deployment, repository_file

SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\nstringData: {password: verySecret}\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """My work tree: nothing is committed in it."""
    subprocess.run(["git", "init", "-q", "shop"], cwd=tmp_path, check=True)
    return tmp_path / "shop"


def written(tree: Path, files: dict[str, str]) -> None:
    """Write files into a work tree."""
    for file, text in files.items():
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        (tree / file).write_text(text)


def state_of(shop: Shop) -> list[Any]:
    """Give all that a deployment, a plan or a delivery would have changed somewhere."""
    space = f"/api/v1/namespaces/{shop.namespace}"
    objects = [shop.cluster.get(f"{space}/{each}")["items"] for each in ("configmaps", "secrets")]
    deliveries = shop.served.get(f"/api/v1/deliveries?repository={shop.repository}&limit=1")["items"]
    return [deliveries, shop.served.deployments(shop.repository), *objects]


def test_what_i_have_not_committed_is_planned(shop: Shop, environ: dict[str, str], tree: Path) -> None:
    """Created, changed, deleted, refused: as the push would, which then does just that; asking leaves no trace."""
    before = {
        ".pushboat.yaml": repository_file(),
        "deploy/web.yaml": deployment(),
        "deploy/settings.yaml": config_map("settings", v="1"),
        "deploy/old.yaml": config_map("old"),
    }
    shop.ended(shop.push(before))
    files = {**before, "deploy/settings.yaml": config_map("settings", v="2"), "deploy/key.yaml": SECRET}
    del files["deploy/old.yaml"]
    written(tree, files)
    known = state_of(shop)
    asked = ("plan", shop.repository, "staging", "--here", "--checkout", str(tree / "deploy"))
    told = shop.served.command(*asked, env=environ)
    assert told.returncode == 0, told.stderr
    assert "1 to create, 1 to change, 1 to delete" in told.stderr
    assert f"created    Secret/{shop.namespace}/key" in told.stdout
    assert "data.v" in told.stdout
    form = json.loads(shop.served.command(*asked, "--json", env=environ).stdout)
    by_action = {each["name"]: each["action"] for each in form["changes"]}
    assert by_action == {"web": "unchanged", "settings": "configured", "key": "created", "old": "deleted"}
    assert "verySecret" not in told.stdout + told.stderr + json.dumps(form)
    assert state_of(shop) == known
    shop.ended(
        shop.push({"deploy/old.yaml": None, **{file: files[file] for file in files if file != ".pushboat.yaml"}})
    )
    again = json.loads(shop.served.command(*asked, "--json", env=environ).stdout)
    assert {each["action"] for each in again["changes"]} == {"unchanged"}


def wanting_digests(shop: Shop) -> Path:
    """Write the operator's file once more, for somebody who wants no mutable tags."""
    operator = yaml.safe_load(shop.served.config.read_text())
    (project,) = (each for each in operator["projects"] if each["repository"] == shop.repository)
    project["environments"]["staging"]["images"] = {"mutable_tags": "deny"}
    file = shop.served.config.with_name("wanting-digests.yaml")
    file.write_text(yaml.safe_dump(operator))
    return file


def test_what_a_push_would_be_refused_for_is_said_before(shop: Shop, environ: dict[str, str], tree: Path) -> None:
    """By the operator's limits, by schema, by the API server itself: exit code 1, with file, line and column."""
    asked = ("plan", shop.repository, "staging", "--here", "--checkout", str(tree))

    def refused(**files: str) -> str:
        written(tree, {".pushboat.yaml": repository_file(), **{f"deploy/{name}.yaml": files[name] for name in files}})
        told = shop.served.command(*asked, env=environ)
        assert told.returncode == 1, told.stdout + told.stderr
        assert "a push of this would be refused; nothing was written" in told.stderr
        return told.stdout + told.stderr

    written(tree, {".pushboat.yaml": repository_file(), "deploy/a.yaml": config_map()})
    untried = shop.served.command(*asked, env=environ)
    assert untried.returncode == 0
    assert "1 to create, 0 to change, 0 to delete; 1 object could not be tried yet" in untried.stderr
    shop.ended(shop.push({"deploy/a.yaml": config_map()}))  # where no namespace is, the API server tries nothing
    foreign = config_map("a").replace("name: a", "name: a\n  namespace: kube-system")
    assert "ConfigMap/kube-system/a is outside of this environment's namespaces" in refused(a=foreign)
    assert "deploy/a.yaml:6:3: " in refused(a=deployment().replace("replicas: 1", "replcas: 1"))
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {clusterIP: 1.1.1.1, ports: [{port: 80}]}\n"
    assert "The range of valid IPs is" in refused(a=service)
    leak = config_map(token=f"ghp_{'aB3dE5gH7j' * 3}kL9mN1")
    assert "deploy/a.yaml:3:10: this looks like" in refused(a=leak)
    written(tree, {"deploy/a.yaml": deployment(image="ghcr.io/acme/shop:1")})
    told = pushboat(["--config", str(wanting_digests(shop)), *asked], cwd=tree, env=environ)
    assert told.returncode == 1, told.stdout + told.stderr
    assert "image ghcr.io/acme/shop:1 names a tag, which can be moved to other content" in told.stderr
    (tree / ".pushboat.yaml").write_text("environments: {staging: {path: deploy, brnch: main}}\n")
    assert ".pushboat.yaml:1:40: unknown key 'brnch'" in shop.served.command(*asked, env=environ).stderr


def test_what_cannot_be_asked_is_told(shop: Shop, environ: dict[str, str], tree: Path) -> None:
    """Names that are not there are usage, with the near miss; so is a commit of a work tree."""
    written(tree, {".pushboat.yaml": repository_file("production"), "deploy/a.yaml": config_map()})
    here = ("--here", "--checkout", str(tree))
    for words, sentence in (
        ((shop.repository, "staging", *here), "has no environment staging"),
        ((shop.repository, "stagin", *here), "does not allow environment stagin here"),
        ((f"{shop.repository}x", "staging", *here), "pushboat.yaml has no repository"),
        ((shop.repository, "staging", "--sha", "1a2b3c4", *here), "name one of them"),
    ):
        told = shop.served.command("plan", *words, env=environ)
        assert (told.returncode, sentence in told.stderr) == (2, True), told.stderr
