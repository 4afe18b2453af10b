"""A Helm chart with a subchart and values per environment is pushed as it is, and runs."""

from pathlib import Path
from typing import Any

from tests.stories.conftest import Shop
from tests.written import definition

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "helm"


def read(shop: Shop, path: str) -> dict[str, Any]:
    """Read an object that must be there."""
    found = shop.cluster.get(path.replace("$NS", f"namespaces/{shop.namespace}"))
    assert found, f"{path} is not there"
    return dict(found)


def versions(shop: Shop, release: str) -> dict[str, str]:
    """Say when each object of the chart was last written."""
    paths = {
        "settings": f"/api/v1/$NS/configmaps/{release}-settings",
        "web's service": f"/api/v1/$NS/services/{release}-web",
        "cache's service": f"/api/v1/$NS/services/{release}-cache",
    }
    return {name: read(shop, path)["metadata"]["resourceVersion"] for name, path in paths.items()}


def test_a_chart_is_deployed_changed_and_held_against_its_cluster(shop: Shop, helm: Path) -> None:
    """My chart becomes healthy under my repository's name; its hook runs first; no release of Helm's is written. What
    I change in a values file changes that and nothing else. What the cluster serves meanwhile is known to the chart."""
    files = {str(file.relative_to(EXAMPLE)): file.read_text() for file in EXAMPLE.rglob("*") if file.is_file()}
    first = shop.push(files)
    assert shop.status(first, "success", within=120).startswith("5 objects: 5 created; healthy in ")
    release = shop.name.rpartition("/")[2]
    settings = read(shop, f"/api/v1/$NS/configmaps/{release}-settings")
    assert settings["data"] == {
        "greeting": "Welcome to the shop on staging",
        "currency": "EUR",
        "cache": f"{release}-cache:6379",
    }
    ran = read(shop, f"/apis/batch/v1/$NS/jobs/{release}-migrate")
    assert ran["status"]["succeeded"] == 1
    assert int(ran["metadata"]["resourceVersion"]) < int(settings["metadata"]["resourceVersion"])
    secrets = read(shop, "/api/v1/$NS/secrets")["items"]
    assert not [each for each in secrets if each["type"] == "helm.sh/release.v1"]
    assert not shop.cluster.get(f"/api/v1/namespaces/{shop.namespace}/pods/{release}-answers")

    before = versions(shop, release)
    changed = {"chart/values-staging.yaml": "settings: {greeting: Good morning}\n"}
    second = shop.push(changed)
    assert shop.status(second, "success", within=120).startswith("5 objects: 2 configured, 3 unchanged; healthy in ")
    after = versions(shop, release)
    assert {name for name in before if before[name] != after[name]} == {"settings"}

    wrong = shop.push({"chart/values-staging.yaml": "settings: {greeting: Good morning}\nreplicas: [1]\n"})
    assert "chart/templates/web.yaml" in shop.status(wrong, "failure", within=120)


def test_a_chart_knows_what_its_cluster_serves(shop: Shop, helm: Path) -> None:
    """A kind that has come to the cluster since my last push is there for the chart, without a word of mine."""
    kind, plural, group = "Monitor", "monitors", f"{shop.namespace}.example.com"
    chart = {
        ".pushboat.yaml": "environments: {staging: {branch: main, path: deploy, helm: {release: my-release}}}",
        "deploy/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
        "deploy/templates/a.yaml": (
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: '{{ .Release.Name }}'}\n"
            "data: {version: '{{ .Capabilities.KubeVersion }}', namespace: '{{ .Release.Namespace }}'}\n"
            f'{{{{ if .Capabilities.APIVersions.Has "{group}/v1/{kind}" }}}}\n---\n'
            f"apiVersion: {group}/v1\nkind: {kind}\nmetadata: {{name: one}}\nspec: {{size: 1}}\n{{{{ end }}}}\n"
        ),
    }
    assert shop.status(shop.push(chart), "success", within=120).startswith("1 object: 1 created")
    said = read(shop, "/api/v1/$NS/configmaps/my-release")["data"]
    server = shop.cluster.get("/version")["gitVersion"]
    assert said == {"version": server, "namespace": shop.namespace}
    shop.push({"deploy/crds/one.yaml": definition(plural, kind, group)})
    chance = "apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: '{{ randAlphaNum 9 }}'}\n"
    again = shop.push({"deploy/templates/b.yaml": chance})
    assert shop.status(again, "success", within=120).startswith("4 objects: 2 created")
    address = shop.forge.statuses(shop.name, again, "pushboat/staging")[-1][3]
    page = shop.served.page(address.removeprefix(shop.served.url))
    assert "deploy (helm v4.0.0)" in page
    assert "this chart renders differently each time: Secret/db (stringData.password)" in page
