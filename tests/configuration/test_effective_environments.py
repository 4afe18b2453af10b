"""What the repository wants, inside what the operator allows; where both speak, the operator's word stands."""

import json
from typing import Any

import pytest

from pushboat.config import repository
from pushboat.config.environment import Environment, as_released, effective, said_by
from pushboat.config.operator import Limits, Project
from pushboat.config.project import Allowed
from pushboat.errors import InvalidRepositoryFile


def project(**fixed: Any) -> Project:
    """Give a project with one environment of which the operator fixes some fields."""
    return Project(
        repository="github/acme/shop",
        environments=Allowed(
            {
                "staging": Limits(
                    environment="staging",
                    cluster="dev",
                    namespaces=("shop", "jobs"),
                    deployers=("maintain",),
                    fixed=fixed,
                )
            }
        ),
    )


def test_the_repository_says_what_the_operator_left_open() -> None:
    """A repository chooses its folder, its branch and one of its namespaces."""
    file = repository.parse("environments: {staging: {branch: main, path: deploy, namespace: jobs, wait: 5m}}")
    assert effective(project(), file) == {
        "staging": Environment(
            name="staging",
            cluster="dev",
            namespaces=("shop", "jobs"),
            namespace="jobs",
            path="deploy",
            branch="main",
            wait=300.0,
            deployers=("maintain",),
        )
    }


def test_the_operators_value_wins() -> None:
    """What the operator fixes, no push can change."""
    file = repository.parse("environments: {staging: {branch: main, path: deploy, prune: true, render: plain}}")
    staging = effective(project(branch="release", path="ops", prune=False), file)["staging"]
    assert (staging.branch, staging.path, staging.prune, staging.render) == ("release", "ops", False, "plain")


def test_the_operators_branch_replaces_the_repositorys_tag() -> None:
    """What an environment follows is one question with one answer."""
    file = repository.parse("environments: {staging: {tag: v*, path: deploy}}")
    staging = effective(project(branch="release"), file)["staging"]
    assert (staging.branch, staging.tag) == ("release", "")


def test_which_files_are_read_is_kept_with_a_release() -> None:
    """What a release was made of is stored beside it, and read back as it was."""
    said = "{path: deploy, include: [app/], exclude: [values.yaml], recurse: false}"
    found = effective(project(), repository.parse(f"environments: {{staging: {said}}}"))["staging"]
    again = as_released(project().environments["staging"], json.loads(json.dumps(said_by(found))))
    assert (again.include, again.exclude, again.recurse) == (("app/",), ("values.yaml",), False)


def test_an_environment_that_the_operator_fixes_needs_no_file() -> None:
    """A repository without `.pushboat.yaml` deploys where the operator says everything."""
    staging = effective(project(path="deploy", branch="main"), None)["staging"]
    assert (staging.path, staging.branch, staging.namespace, staging.wait) == ("deploy", "main", "shop", 600.0)


def test_without_a_path_an_environment_is_not_active() -> None:
    """An environment that only the operator names waits until the repository asks for it."""
    assert effective(project(branch="main"), None) == {}


REFUSED = {
    "unknown to the operator": (
        "environments:\n  stagin: {path: a}",
        (
            "2:3: the operator has no environment 'stagin' for github/acme/shop (did you mean 'staging'); "
            "to have it, ask the operator to add stagin under projects in pushboat.yaml"
        ),
    ),
    "a namespace outside": (
        "environments:\n  staging: {path: a, namespace: kube-system}",
        "2:33: namespace 'kube-system' is not this environment's: the operator allows shop and jobs",
    ),
    "no path": (
        "environments:\n  staging: {}",
        "2:3: 'path' is missing: the folder or file with this environment's manifests",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_operator_does_not_allow_is_a_mistake_in_the_file(case: str) -> None:
    """The push fails at its line and says who must do what."""
    text, expected = REFUSED[case]
    file = repository.parse(text)
    with pytest.raises(InvalidRepositoryFile) as raised:
        effective(project(), file)
    assert [str(one) for one in raised.value.mistakes] == [f".pushboat.yaml:{expected}"]
    assert raised.value.named == tuple(file.environments)


def test_what_the_operator_lacks_is_reported_with_every_other_mistake() -> None:
    """A misspelt field and a misspelt environment are one round of correction."""
    with pytest.raises(InvalidRepositoryFile) as raised:
        repository.parse("environments:\n  stagin: {path: a}\n  staging: {branhc: main}", project=project())
    unknown, misspelt = (str(one) for one in raised.value.mistakes)
    assert unknown == f".pushboat.yaml:{REFUSED['unknown to the operator'][1]}"
    assert misspelt.startswith(".pushboat.yaml:3:13:")


def test_a_text_that_breaks_off_blames_no_environment() -> None:
    """What could be read of a broken file is no reason to send its author to the operator."""
    with pytest.raises(InvalidRepositoryFile) as raised:
        repository.parse("environments:\n  stag: {path: a", project=project())
    assert not any("the operator has no" in str(one) for one in raised.value.mistakes)


def test_everything_that_is_not_allowed_is_reported_at_once() -> None:
    """Several environments outside the limits are one round of correction."""
    file = repository.parse("environments:\n  b: {path: x}\n  staging: {namespace: c}\n  a: {path: x}")
    with pytest.raises(InvalidRepositoryFile) as raised:
        effective(project(), file)
    assert [one.line for one in raised.value.mistakes] == [2, 3, 3, 4]
