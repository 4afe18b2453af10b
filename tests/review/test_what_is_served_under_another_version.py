"""A manifest for a Kubernetes of years ago is told the version of today; what no version serves is told so."""

from collections.abc import Sequence

import pytest

from pushboat.config.environment import Environment
from pushboat.errors import InvalidManifest
from workers.manifests.reading import read_manifests
from workers.review.limits import check

SERVED = {
    "Deployment": "apps/v1",
    "PodDisruptionBudget": "policy/v1",
    "Ingress": "networking.k8s.io/v1",
    "CronJob": "batch/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "Event": "events.k8s.io/v1",
    "Boat": "sea.example/v1",
}
ENVIRONMENT = Environment(name="staging", cluster="dev", namespaces=("shop",), namespace="shop", path="deploy")


class Cluster:
    """Serves each kind in one version."""

    name = "the cluster"

    def namespaced(self, group: str, version: str, kind: str) -> bool | None:
        return True if SERVED.get(kind) == f"{group}/{version}".lstrip("/") else None

    def kinds_of(self, group: str) -> set[str]:
        return {kind for kind, version in SERVED.items() if version.rpartition("/")[0] == group}

    def api_versions(self, kind: str) -> Sequence[str]:
        return [SERVED[kind]] if kind in SERVED else []


def refused(*objects: tuple[str, str]) -> InvalidManifest:
    text = "---\n".join(
        f"apiVersion: {version}\nkind: {kind}\nmetadata:\n  name: web-{number}\n"
        for number, (version, kind) in enumerate(objects)
    )
    with pytest.raises(InvalidManifest) as wrong:
        check(read_manifests(text, "deploy/p.yaml"), ENVIRONMENT, Cluster())
    return wrong.value


@pytest.mark.parametrize(
    ("version", "kind", "gone", "now"),
    [
        ("policy/v1beta1", "PodDisruptionBudget", "1.25", "policy/v1"),
        ("extensions/v1beta1", "Ingress", "1.22", "networking.k8s.io/v1"),
        ("networking.k8s.io/v1beta1", "Ingress", "1.22", "networking.k8s.io/v1"),
        ("extensions/v1beta1", "Deployment", "1.16", "apps/v1"),
        ("apps/v1beta2", "Deployment", "1.16", "apps/v1"),
        ("v1", "Deployment", "", "apps/v1"),
        ("batch/v2alpha1", "CronJob", "", "batch/v1"),
        ("autoscaling/v2beta2", "HorizontalPodAutoscaler", "1.26", "autoscaling/v2"),
        ("sea.example/v1alpha1", "Boat", "", "sea.example/v1"),
    ],
)
def test_the_version_of_today_is_named(version: str, kind: str, gone: str, now: str) -> None:
    """I read which version to write, at which place of which file, and since when mine is gone."""
    since = f", which is gone since Kubernetes {gone}" if gone else ""
    told = refused((version, kind)).summary
    assert told == f"deploy/p.yaml:1:13: the cluster does not serve {kind} ({version}){since}: write apiVersion: {now}"


def test_several_are_named_in_one_sentence() -> None:
    """A folder of years ago is told at once, not one kind per push."""
    told = refused(
        ("policy/v1beta1", "PodDisruptionBudget"), ("extensions/v1beta1", "Ingress"), ("batch/v1beta1", "CronJob")
    )
    assert told.summary.startswith(
        "write the versions that this cluster serves: CronJob is batch/v1, Ingress is networking.k8s.io/v1 and "
        "PodDisruptionBudget is policy/v1 — deploy/p.yaml:1:13: "
    )
    assert "- deploy/p.yaml:11:13: the cluster does not serve CronJob (batch/v1beta1)" in told.details


@pytest.mark.parametrize(
    ("version", "kind", "words"),
    [
        ("policy/v1beta1", "PodSecurityPolicy", "label the namespace with pod-security.kubernetes.io/enforce"),
        ("extensions/v1beta1", "Gone", "it is gone from Kubernetes, or newer than this cluster"),
        ("apps/v1", "Deploymnet", "did you mean Deployment?"),
        ("lake.example/v1", "Boat", "is its CRD missing here?"),
        ("snapshot.storage.k8s.io/v1", "VolumeSnapshot", "is its CRD missing here?"),
    ],
)
def test_what_no_version_serves_is_told_so(version: str, kind: str, words: str) -> None:
    """I am not sent to look for a CRD of a kind that Kubernetes itself had, nor to a namesake of another group."""
    told = refused((version, kind)).summary
    assert told.startswith(f"deploy/p.yaml:2:7: the cluster does not know {kind} ({version}): ")
    assert words in told
