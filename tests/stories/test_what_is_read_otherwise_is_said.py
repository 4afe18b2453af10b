"""What arrives as another word than I have written is said where the plan and the deployment are read."""

from tests.stories.conftest import Shop

MANIFEST = "apiVersion: /v1\nkind: ConfigMap\nmetadata: {name: countries}\ndata:\n  NO: norway\n  SE: sweden\n"


def test_a_key_and_a_version_that_are_read_otherwise_are_said_and_deployed(shop: Shop) -> None:
    """The API server takes `/v1` for `v1`, and so do we; a second push of the same changes nothing."""
    first = shop.push({"deploy/a.yaml": MANIFEST})
    assert shop.status(first, "success").startswith("1 object: 1 created")
    page = shop.served.page(f"/deployments/{shop.ended(first)['id']}")
    assert "warning: deploy/a.yaml:1:13: ConfigMap/countries: apiVersion /v1 is read as v1: write that" in page
    assert "warning: deploy/a.yaml:5:3: ConfigMap/countries: the key NO is read as false" in page
    found = shop.cluster.get(f"/api/v1/namespaces/{shop.namespace}/configmaps/countries")
    assert found["data"] == {"false": "norway", "SE": "sweden"}
    second = shop.push({"deploy/b.yaml": MANIFEST.replace("countries", "others")})
    assert shop.status(second, "success").startswith("2 objects: 1 created, 1 unchanged")
