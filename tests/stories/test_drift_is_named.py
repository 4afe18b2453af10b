"""`pushboat drift` says where a cluster is not as it was deployed, by whose hand, and changes nothing."""

import json

from tests.stories.conftest import Shop
from tests.written import config_map


def test_an_edit_by_hand_is_named(shop: Shop, environ: dict[str, str]) -> None:
    """I ask, and read field, both values and the tool; the commit says it too, and is green again when it is gone."""
    place = (shop.repository, "staging")
    never = shop.served.command("drift", *place, env=environ)
    assert (never.returncode, "no release is stored yet" in never.stderr) == (3, True)
    sha = shop.push({"deploy/a.yaml": config_map("a", v="1")})
    row = shop.ended(sha)
    quiet = shop.served.command("drift", *place, env=environ)
    assert (quiet.returncode, quiet.stdout) == (0, "")
    assert "everything is as in release 1" in quiet.stderr
    path = f"/api/v1/namespaces/{shop.namespace}/configmaps/a?fieldManager=kubectl-edit"
    shop.cluster.request("PATCH", path, {"data": {"v": "2"}}, "application/merge-patch+json")
    told = shop.served.command("drift", *place, env=environ)
    assert told.returncode == 1
    assert told.stdout.startswith(f'ConfigMap/{shop.namespace}/a: data.v is "2" instead of "1", by kubectl-edit at ')
    read = json.loads(shop.served.command("drift", *place, "--json", env=environ).stdout)
    (only,) = read["drift"]
    assert (only["drift"], only["fields"][0]["release"], only["fields"][0]["cluster"]) == ("changed", '"1"', '"2"')
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"v": "2"}
    assert shop.status(sha, "error").startswith('drift: ConfigMap a: data.v is "2" instead of "1", by kubectl-edit at ')
    said = " ".join(shop.served.command("status", shop.repository, env=environ).stdout.split())
    assert 'drift: ConfigMap a: data.v is "2" instead of "1", by kubectl-edit' in said
    for page in ("/", f"/deployments/{row['id']}"):
        assert "drift: ConfigMap a: data.v is" in shop.served.page(page)
    (shown,) = [
        each["drift"]
        for each in shop.served.get("/api/v1/environments")["items"]
        if (each["repository"], each["environment"]) == place
    ]
    assert (shown["state"], shown["release"], shown["count"]) == ("drifted", 1, 1)
    assert shown["objects"] == read["drift"]
    shop.cluster.request("PATCH", path, {"data": {"v": "1"}}, "application/merge-patch+json")
    assert shop.served.command("drift", *place, env=environ).returncode == 0
    assert shop.status(sha, "success") == row["reason"]
    wrong = shop.served.command("drift", shop.repository, "nowhere", env=environ)
    assert wrong.returncode == 2
