"""An apiVersion is a version, or a group and a version; what only looks like one does not reach a cluster."""

from collections.abc import Sequence

import pytest

from pushboat.config.environment import Environment
from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest
from workers.manifests.reading import read_manifests
from workers.review.minors import DEFAULT, minor
from workers.review.offline import Offline
from workers.review.reviewing import Subject, review

E = Environment(name="e", cluster="", namespaces=("default",), namespace="default", path="deploy")


def config_map(version: str) -> str:
    return f'apiVersion: "{version}"\nkind: ConfigMap\nmetadata: {{name: a}}\n'


def said(manifests: Sequence[Manifest]) -> list[str]:
    reviewed = review(Subject(manifests=manifests, environment=E, known=Offline(minor(DEFAULT), manifests)))
    return [str(each) for each in reviewed.findings]


@pytest.mark.parametrize("version", ["v1/", "apps//v1", "apps/", "//v1", "/", "apps/v1/", "a/b/c"])
def test_what_is_no_version_is_refused_at_its_place(version: str) -> None:
    """The sentence shows what I wrote, and both forms that are right."""
    with pytest.raises(InvalidManifest) as refused:
        read_manifests(config_map(version), "a.yaml")
    right = "write a version (v1) or group/version (apps/v1)"
    assert refused.value.summary == f"a.yaml:1:13: apiVersion '{version}' of ConfigMap: {right}"


@pytest.mark.parametrize("version", [" v1", "v1 ", "apps/ v1", "\\tv1"])
def test_a_version_with_blanks_is_not_served(version: str) -> None:
    """No cluster serves it; the sentence shows the blank, which I would not see."""
    (sentence,) = said(read_manifests(config_map(version), "a.yaml"))
    assert sentence.startswith("a.yaml:1:13: Kubernetes 1.36 does not serve ConfigMap ('")
    assert sentence.endswith("write apiVersion: v1")


def test_an_empty_group_is_the_core_group_and_that_is_said() -> None:
    """kubectl and the server read /v1 as v1."""
    (sentence,) = said(read_manifests(config_map("/v1"), "a.yaml"))
    assert "apiVersion /v1 is read as v1: write that" in sentence
