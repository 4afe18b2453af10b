"""What does not run is named whole: where a sentence has no room for all of it, it says what is left out."""

from pathlib import Path

import pytest

from pushboat.config.operator import ClusterAccess
from pushboat.errors import Unhealthy
from pushboat.model.health import Finding, Health, Judgement
from pushboat.model.manifest import Ref
from tests.cluster.desk import Desk, deployment
from workers.cluster.client.connection import connect
from workers.cluster.explaining.evidence import Evidence
from workers.cluster.explaining.explaining import MOST_OBJECTS, MOST_PODS, explain
from workers.cluster.waiting.naming import LONGEST_NAMED, also


def finding(name: str, kind: str = "Deployment", namespace: str = "shop") -> Finding:
    """Something that does not run yet."""
    return Finding(Ref("apps", kind, namespace, name), Judgement(Health.PROGRESSING, f"{name} has 0 of 1 ready"))


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ([], ""),
        ([finding("db")], "; also Deployment/shop/db"),
        ([finding("db"), finding("load", "Job")], "; also Deployment/shop/db, Job/shop/load"),
    ],
    ids=["none", "one", "two"],
)
def test_whoever_is_waited_for_is_named(others: list[Finding], said: str) -> None:
    """The line of progress names every object that is not there yet."""
    assert also(others) == said


def test_a_crowd_is_counted_by_its_kinds() -> None:
    """Hundreds do not fit in a line: I read how many of which kind in which namespace, and none is left out."""
    crowd = [finding(f"web-{number}") for number in range(400)] + [finding("load", "Job"), finding("a", "Boat", "")]
    said = also(crowd)
    assert said == "; also 400 of kind Deployment in shop, 1 of kind Job in shop, 1 of kind Boat"
    assert len(said) < LONGEST_NAMED


def test_the_page_names_all_that_failed(tmp_path: Path) -> None:
    """Ten objects are explained; the others stand below them with their reasons."""
    nobody = connect(ClusterAccess(name="dev", kubeconfig=tmp_path / "none"))
    findings = [finding(f"boat-{number}", "Boat", "") for number in range(MOST_OBJECTS + 5)]
    page = explain(nobody, findings, Evidence()).details
    nobody.close()
    for each in findings:
        assert page.count(f"**{each.ref}** is Progressing: {each.judgement.reason}") == 1


def test_the_page_names_all_pods_that_failed(tmp_path: Path) -> None:
    """Three pods are shown with what happened to them, the others by their names."""
    nobody = connect(ClusterAccess(name="dev", kubeconfig=tmp_path / "none"))
    web = finding("web")
    pods = [{"metadata": {"name": f"web-{number}", "namespace": ""}} for number in range(MOST_PODS + 2)]
    page = explain(nobody, [web], Evidence(new_pods={web.ref: pods})).details
    nobody.close()
    assert page.endswith("- and pods web-3, web-4")


def test_a_wait_for_two_names_both(desk: Desk) -> None:
    """Two rollouts hang: the line of progress names the one and the other, and so does the page of the failure."""
    text = deployment(behaviour="unready") + deployment("db", behaviour="unready")
    desk.deploy(text)
    with pytest.raises(Unhealthy) as sick:
        desk.wait(text, deadline=1)
    (line, *_) = [line for line in desk.said if line.startswith("waiting for ")]
    for name in ("web", "db"):
        assert f"Deployment/{desk.namespace}/{name}" in line
        assert f"**Deployment/{desk.namespace}/{name}** is Progressing" in sick.value.details
    assert "more)" not in line
