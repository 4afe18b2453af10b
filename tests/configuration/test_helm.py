"""What is said about a chart is read once, means what a values file would, and is kept with a release."""

import json

import pytest

from pushboat.config import operator, repository
from pushboat.config.environment import Environment, as_released, effective, said_by
from pushboat.config.helm import Helm, release_of
from pushboat.config.project import Project
from pushboat.errors import InvalidRepositoryFile

OPERATOR = """
forges: {local: {kind: git, root: /srv/git, webhook_secrets: [{env: A}]}}
clusters: {dev: {kubeconfig: k}}
projects:
  - repository: local/shop
    environments: {staging: {cluster: dev, namespaces: [shop]FIXED}}
"""
EVERYTHING = (
    "environments: {staging: {path: charts/shop, helm: {release: a.b-c, values: [v.yaml, ../x.yaml], "
    "set: {image.tag: 1.10, n: 3, on: true, quoted: '3', 'a\\.b': x}, include_crds: false}}}"
)


def project(tmp_path: object, fixed: str = "") -> Project:
    """An operator's project with one environment."""
    text = OPERATOR.replace("FIXED", fixed)
    return operator.parse(text, f"{tmp_path}/pushboat.yaml", {"A": "0123456789abcdef"}).projects["local/shop"]


def read(tmp_path: object, text: str, fixed: str = "") -> Environment:
    """The environment as both files say it."""
    return effective(project(tmp_path, fixed), repository.parse(text))["staging"]


def test_values_are_what_is_written(tmp_path: object) -> None:
    """A fraction stays as I wrote it, a number is one, what I quote is text; files lead from the chart's folder."""
    helm = read(tmp_path, EVERYTHING).helm
    assert helm.nested() == {"image": {"tag": "1.10"}, "n": 3, "on": True, "quoted": "3", "a.b": "x"}
    assert helm.files_beside("charts/shop") == ("charts/shop/v.yaml", "charts/x.yaml")
    assert helm.files_beside("charts/shop/Chart.yaml") == helm.files_beside("charts/shop")
    assert helm.files_beside("Chart.yaml") == ("v.yaml", "../x.yaml")
    assert (helm.release, helm.include_crds) == ("a.b-c", False)


def test_a_release_remembers_how_it_was_rendered(tmp_path: object) -> None:
    """What is stored with a release comes back the same; a release of before has nothing of it."""
    found = read(tmp_path, EVERYTHING)
    kept = json.loads(json.dumps(said_by(found)))
    limits = project(tmp_path).environments["staging"]
    assert as_released(limits, kept) == found
    assert as_released(limits, {"path": "a"}).helm == Helm()


def test_the_operator_may_fix_it(tmp_path: object) -> None:
    """What the operator says of a chart wins as a whole."""
    fixed = ", helm: {values: [ours.yaml]}"
    assert read(tmp_path, EVERYTHING, fixed).helm == Helm(values=("ours.yaml",))


@pytest.mark.parametrize("name", ["../../x.yaml", "../../../etc/passwd"])
def test_values_outside_of_the_repository_are_a_mistake(name: str, tmp_path: object) -> None:
    """They are named at their line before anything is deployed."""
    text = f"environments:\n  staging:\n    path: charts\n    helm:\n      values: [a.yaml, {name}]\n"
    with pytest.raises(InvalidRepositoryFile) as refused:
        read(tmp_path, text)
    (mistake,) = refused.value.mistakes
    assert (mistake.line, mistake.column) == (5, 24)
    assert str(mistake.message) == f"'{name}' is outside of this repository: copy the file into it"


@pytest.mark.parametrize(
    ("repository", "release"),
    [("github/acme/shop", "shop"), ("github/Acme/Shop.API_v2", "shop-api-v2"), ("local/___", "release")],
)
def test_a_release_is_called_after_its_repository(repository: str, release: str) -> None:
    """Whatever the repository's name, Helm accepts what becomes of it."""
    assert release_of(repository) == release
    assert len(release_of("x/" + "a" * 52 + "-b")) <= 52
