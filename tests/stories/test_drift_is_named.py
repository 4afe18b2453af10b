"""`pushboat drift` says where a cluster is not as it was deployed, by whose hand, and changes nothing."""

import json

from tests.stories.conftest import Shop
from tests.written import config_map


def test_an_edit_by_hand_is_named(shop: Shop, environ: dict[str, str]) -> None:
    """I ask, and read the field, both values and the tool; once it is put back, nothing is left to say."""
    place = (shop.repository, "staging")
    never = shop.served.command("drift", *place, env=environ)
    assert (never.returncode, "no stored release yet" in never.stderr) == (3, True)
    shop.ended(shop.push({"deploy/a.yaml": config_map("a", v="1")}))
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
    wrong = shop.served.command("drift", shop.repository, "nowhere", env=environ)
    assert wrong.returncode == 2
