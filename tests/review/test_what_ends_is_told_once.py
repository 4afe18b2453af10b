"""A deployment says which of its APIs will not be served for long: once for each, also of what does not change."""

from pushboat.model.manifest import Manifest
from tests.written import config_map
from workers.deploying.ending_apis import sentences
from workers.manifests.reading import read_manifests
from workers.review.minors import minor
from workers.review.offline import Offline

CIDRS = "---\n".join(
    f"apiVersion: networking.k8s.io/v1beta1\nkind: ServiceCIDR\nmetadata: {{name: a{number}}}\n" for number in range(3)
)


def told(manifests: list[Manifest], version: str) -> list[str]:
    return [*sentences(manifests, version, Offline(minor(version)))]


def test_three_objects_of_one_ending_api_are_one_sentence() -> None:
    """I read it once, with the place of the first and the number of all, and what to write."""
    manifests = read_manifests(f"{CIDRS}---\n{config_map('a')}", "deploy/a.yaml")
    (sentence,) = told(manifests, "1.36")
    assert sentence.startswith("deploy/a.yaml:1:13: ServiceCIDR/a0: networking.k8s.io/v1beta1 is deprecated since ")
    assert sentence.endswith("Kubernetes 1.34 and gone with 1.37: write networking.k8s.io/v1 (3 objects)")


def test_what_is_far_away_is_not_told() -> None:
    """Two versions before an API is deprecated nobody is bothered; one version before, it is said."""
    manifests = read_manifests(CIDRS, "deploy/a.yaml")
    assert told(manifests, "1.32") == []
    (soon,) = told(manifests, "1.33")
    assert "is deprecated from Kubernetes 1.34 and gone with 1.37: write networking.k8s.io/v1" in soon
