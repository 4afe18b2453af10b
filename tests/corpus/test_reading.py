"""A case says only what the format has, and a mistake in it is named: a misspelt promise would hold for ever."""

from pathlib import Path

import pytest

from tests.corpus.paths import value_at
from tests.corpus.reading import read_case
from tests.corpus.refusing import NotUnderstood
from tests.corpus.words import Kubectl, Operator, Push, Tags

MISTAKES = {
    "misspelt: x\nsteps: [{push: 1}]": "case.yaml: 'misspelt' is not a key here",
    "steps: []": "steps: there is none",
    "forge: svn\nsteps: [{push: 1}]": "forge: 'svn' is neither any nor github",
    "steps: [{push: 3}]": "step 1 (push: 3): there is no folder 3",
    "steps: [{push: 1, tags: {v1: 1}}]": "step 1 (push: 1): 'tags' is not a key here",
    "steps: [{push: 1}, {pull: 1}]": "step 2: 'pull' is not a key here",
    "steps: [{}]": "step 1: nothing happens, and nothing must hold",
    "steps: [{push: 1, then: {}}]": "step 1 (push: 1): then: nothing must hold",
    "steps: [{push: 1, then: {settle: 5s}}]": "step 1 (push: 1): then: nothing must hold",
    "steps: [{push: 1, then: {state: success}}]": "step 1 (push: 1): then: 'state' is not a key here",
    "steps: [{push: 1, then: {status: green}}]": "then: status: a status ends as success, failure, error",
    "steps: [{push: 1, then: {says: word}}]": "then: says: a list of words is wanted",
    "steps: [{push: 1, then: {objects: {changed: 1}}}]": "then: objects: 'changed' is not a key here",
    "steps: [{push: 1, then: {status: success, within: 30}}]": "then: within: a time such as 30s is wanted",
    "steps: [{push: 1, then: {cluster: {web: null}}}]": "then: cluster: 'web' is not Kind[.group]/name",
    "steps: [{push: 1, then: {cluster: {Pod/a: {'spec[': 1}}}}]": "'spec[' is not a path",
    "steps: [{push: 1, then: {either: [{status: success}]}}]": "then: either: a list of two or more is wanted",
    "steps: [{push: 1, then: {either: [{status: success}, {say: [x]}]}}]": "either: 2: 'say' is not a key here",
    "steps: [{push: 1, meanwhile: {after: 1s}}]": "meanwhile: kubectl: a text is wanted",
    "steps: [{tags: {v1: 1}, delivered: [v2]}]": "delivered: each tag is delivered once",
    "steps: [{merge: first}]": "step 1 (merge: first): which pull request, counted from 1?",
}

OBJECT = {
    "metadata": {"annotations": {"example.com/a.b": "1"}},
    "spec": {"containers": [{"name": "other"}, {"name": "app", "image": "a:1"}], "empty": None},
}


def a_case(folder: Path, text: str) -> Path:
    """Write a case with the folders 1 and 2."""
    for name in ("1", "2"):
        (folder / "shop" / name).mkdir(parents=True)
    (folder / "shop" / "case.yaml").write_text(f"about: A shop.\n{text}\n")
    return folder / "shop"


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_is_named(text: str, tmp_path: Path) -> None:
    """I misspell something in a case, and am told where."""
    with pytest.raises(NotUnderstood) as refused:
        read_case(a_case(tmp_path, text))
    assert MISTAKES[text] in str(refused.value)


def test_a_case_is_read_whole(tmp_path: Path) -> None:
    """Steps come in their order, with what stands beside them; names are filled in."""
    case = read_case(
        a_case(
            tmp_path,
            "operator: {staging: {cluster_scoped: [Namespace]}}\n"
            "steps:\n"
            "- push: 1\n"
            "  fill: {a.yaml: {WORD: 3}}\n"
            "- kubectl: get pods\n"
            "  after: 0.5s\n"
            "- rename: acme/other\n"
            "  operator: {stage: {adopt: [kubectl]}, staging: null}\n"
            "- tags: {v1: 1, v2: 2}\n"
            "  delivered: [v2, v1]\n"
            "  then: {context: pushboat/stage, either: [{status: success}, {status: failure}]}",
        )
    )
    assert (case.name, case.repository, case.forge_says) == ("shop", "acme/shop", "acme/shop")
    assert case.environments == {"staging": {"cluster_scoped": ["Namespace"]}}
    assert [step.act for step in case.steps] == [
        Push(folder="1", fill={"a.yaml": {"WORD": 3}}),
        Kubectl(commands=("get pods",), after=0.5),
        Operator(environments={"stage": {"adopt": ["kubectl"]}, "staging": None}, rename="acme/other"),
        Tags(folders={"v1": "1", "v2": "2"}, delivered=("v2", "v1")),
    ]
    then = case.steps[3].then
    assert then is not None
    assert then.contexts == {"pushboat/stage"}
    assert case.changes_the_operators_file


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("spec.containers[app].image", "a:1"),
        ("metadata.annotations[example.com/a.b]", "1"),
        ("spec.containers[gone].image", None),
        ("spec.empty", None),
        ("spec.containers.image", None),
        ("status.replicas", None),
    ],
)
def test_a_path_leads_to_a_value(path: str, value: object) -> None:
    """Brackets choose a list's item by its name, or a key with dots in it; what is not there is nothing."""
    assert value_at(OBJECT, path) == value
