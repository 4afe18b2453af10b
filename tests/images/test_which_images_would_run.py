"""Which images a push would run is read as the nodes read it, from everything that makes pods, each at its place."""

import pytest
import yaml

from pushboat.config.images import DENY, OFF, WARN, ImageRules
from tests.written import definition, deployment
from workers.manifests.reading import read_manifests
from workers.review.images import images, mutable
from workers.review.references import NoReference, reference
from workers.review.words import Weight

DIGEST = f"sha256:{'a1' * 32}"
MEANT = {
    "nginx": "docker.io/library/nginx:latest",
    "nginx:1.27": "docker.io/library/nginx:1.27",
    "acme/shop": "docker.io/acme/shop:latest",
    "docker.io/nginx": "docker.io/library/nginx:latest",
    "index.docker.io/nginx": "docker.io/library/nginx:latest",
    "ghcr.io/acme/shop:1": "ghcr.io/acme/shop:1",
    "localhost/shop": "localhost/shop:latest",
    "localhost:5000/shop": "localhost:5000/shop:latest",
    "registry:5000/team/shop:v1": "registry:5000/team/shop:v1",
    "[::1]:5000/shop:1": "[::1]:5000/shop:1",
    "Registry/shop": "Registry/shop:latest",
    "team/a.b_c--d__e/f": "docker.io/team/a.b_c--d__e/f:latest",
    f"nginx@{DIGEST}": f"docker.io/library/nginx@{DIGEST}",
    f"ghcr.io/acme/shop:1.2@{DIGEST}": f"ghcr.io/acme/shop:1.2@{DIGEST}",
}
NONE = {
    "": "is no image's name",
    " nginx": "is no image's name",
    "nginx ": "is no image's name",
    "ghcr.io/": "is no image's name",
    "ghcr.io/Acme/shop": "upper-case letters",
    "Nginx": "upper-case letters",
    "nginx:": "which is none",
    "nginx:-1": "which is none",
    "nginx:a/b:c:d": "is no image's name",
    "$(IMAGE)": "upper-case letters",
    "$(image)": "is no image's name",
    "https://ghcr.io/acme/shop": "is no image's name",
    "a//b": "is no image's name",
    "ghcr.io/../shop": "is no image's name",
    "user@host/shop": "has a digest that is none",
    "nginx@sha256:abc": "has a digest that is none",
    f"nginx@{DIGEST.upper()}": "has a digest that is none",
    f"nginx@md5:{'0' * 32}": "has a digest that is none",
    "a1" * 32: "digits of a digest alone",
    f"ghcr.io/{'a' * 250}": "longer than 255",
}


@pytest.mark.parametrize(("written", "meant"), MEANT.items())
def test_a_short_name_means_what_the_node_pulls(written: str, meant: str) -> None:
    """No registry is Docker Hub, no tag is latest, and a first part is a registry only where it looks like one."""
    assert str(reference(written)) == meant


@pytest.mark.parametrize(("written", "why"), NONE.items())
def test_what_no_node_could_pull_is_no_image(written: str, why: str) -> None:
    with pytest.raises(NoReference, match=why):
        reference(written)


def pod(**spec: object) -> dict[str, object]:
    return {"containers": [{"name": "a", "image": "a:1"}], **spec}


def written(kind: str, api: str, **body: object) -> str:
    return yaml.safe_dump({"apiVersion": api, "kind": kind, "metadata": {"name": "x"}, **body}, sort_keys=False)


KINDS = {
    "Pod": written("Pod", "v1", spec=pod()),
    "CronJob": written(
        "CronJob", "batch/v1", spec={"jobTemplate": {"spec": {"template": {"spec": pod()}}}, "schedule": "@daily"}
    ),
    "PodTemplate": written("PodTemplate", "v1", template={"spec": pod()}),
    "Rollout": written("Rollout", "argoproj.io/v1alpha1", spec={"template": {"spec": pod()}}),
    "Workflow": written("Workflow", "argoproj.io/v1alpha1", spec={"templates": [{"container": {"image": "a:1"}}]}),
    "Task": written("Task", "tekton.dev/v1", spec={"steps": [{"name": "a", "image": "a:1"}]}),
}


@pytest.mark.parametrize("text", KINDS.values(), ids=KINDS)
def test_pods_are_looked_for_in_every_kind(text: str) -> None:
    """A gate that knew Deployments only would let a CronJob or somebody's custom resource run anything."""
    assert [each.text for each in images(read_manifests(text, "deploy/x.yaml"))] == ["a:1"]


def test_every_sort_of_container_and_a_mounted_image_count() -> None:
    spec = pod(
        initContainers=[{"name": "b", "image": "b:1"}],
        ephemeralContainers=[{"name": "c", "image": "c:1"}],
        volumes=[{"name": "d", "image": {"reference": "d:1"}}, {"name": "e", "configMap": {"name": "e"}}],
    )
    found = images(read_manifests(written("Pod", "v1", spec=spec), "deploy/x.yaml"))
    assert sorted(each.text for each in found) == ["a:1", "b:1", "c:1", "d:1"]


def test_what_is_no_pod_names_no_image() -> None:
    """A definition's schema has a field called containers, a ConfigMap may hold a whole pod as text."""
    text = f"{definition('boats', 'Boat', 'acme.io')}---\n" + written("ConfigMap", "v1", data={"image": "a:1"})
    odd = written("Pod", "v1", spec={"containers": [{"image": ""}, "a", {"image": 1}], "volumes": ["b"], "steps": 3})
    assert [*images(read_manifests(f"{text}---\n{odd}", "deploy/x.yaml"))] == []


def test_a_tag_is_said_where_it_is_written_and_as_hard_as_the_operator_wants() -> None:
    text = deployment(image="ghcr.io/acme/shop:1.2")
    found = [*images(read_manifests(text, "deploy/web.yaml"))]
    line, column = next(
        (number, row.index("ghcr.io") + 1) for number, row in enumerate(text.splitlines(), 1) if "ghcr.io" in row
    )
    (denied,) = mutable(found, ImageRules(mutable_tags=DENY))
    assert str(denied) == (
        f"deploy/web.yaml:{line}:{column}: image ghcr.io/acme/shop:1.2 names a tag, which can be moved to other "
        "content: write ghcr.io/acme/shop:1.2@sha256:… with the digest that you mean"
    )
    assert denied.weight is Weight.ERROR
    (warned,) = mutable(found, ImageRules(mutable_tags=WARN))
    assert warned.weight is Weight.WARNING
    assert [*mutable(found, ImageRules(mutable_tags=OFF))] == []


def test_a_digest_is_no_mutable_tag_and_what_is_no_name_is_nobodys_guess() -> None:
    text = f"{deployment('a', image=f'shop:1@{DIGEST}')}---\n{deployment('b', image='$(params.image)')}"
    (denied,) = mutable(images(read_manifests(text, "deploy/web.yaml")), ImageRules(mutable_tags=DENY))
    assert "image $(params.image) is no image's name" in denied.sentence
    assert denied.sentence.endswith("so nobody can say what would run")
