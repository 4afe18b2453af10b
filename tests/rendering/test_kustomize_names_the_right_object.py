"""Where kustomize stumbles over one of several objects of a name, the one that is named is that one."""

from collections.abc import Mapping

import pytest

from pushboat.errors import RenderFailed
from tests.rendering.conftest import Render

pytestmark = pytest.mark.programs

TOP = "deploy/kustomization.yaml"
B = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n"
ITEM = "- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n"
ONE, TWO = (B.replace("name: b", f"name: b, namespace: {each}") for each in ("one", "two"))
AGAIN = r"deploy/c\.yaml:1:1: ConfigMap/b is already defined at deploy/b\.yaml:1: remove one of the two"
FOR_NOBODY = "this patch is for ConfigMap/b, which is not among the resources"
THREE = "resources: [a.yaml, b.yaml, c.yaml]"
MISTAKES: Mapping[str, tuple[Mapping[str, str], str]] = {
    "twice, beside one of another namespace": (
        {TOP: THREE, "deploy/a.yaml": ONE, "deploy/b.yaml": TWO, "deploy/c.yaml": TWO},
        AGAIN,
    ),
    "twice, beside one of another group": (
        {TOP: THREE, "deploy/a.yaml": B.replace("v1", "example.com/v1"), "deploy/b.yaml": B, "deploy/c.yaml": B},
        AGAIN,
    ),
    "twice in a list": (
        {TOP: "resources: [l.yaml]", "deploy/l.yaml": f"apiVersion: v1\nkind: List\nitems:\n{ITEM}{ITEM}"},
        r"deploy/l\.yaml:5:3: ConfigMap/b is already defined at deploy/l\.yaml:4: remove one of the two",
    ),
    "twice by their namespaces, beside one of another": (
        {
            TOP: "resources: [../x, ../y, ../z]",
            **{f"{each}/kustomization.yaml": f"resources: [b.yaml]\nnamespace: n{each}" for each in "xy"},
            "z/kustomization.yaml": "resources: [b.yaml]\nnamespace: ny",
            **{f"{each}/b.yaml": B for each in "xyz"},
        },
        r"deploy: kustomize: may not add resource with an already registered id: ConfigMap/ny/b",
    ),
    "a patch for another namespace": (
        {
            TOP: "resources: [a.yaml]\npatches: [{path: p.yaml}, {path: q.yaml}]",
            "deploy/a.yaml": ONE,
            "deploy/p.yaml": ONE,
            "deploy/q.yaml": TWO,
        },
        rf"deploy/q\.yaml:1:1: {FOR_NOBODY}",
    ),
    "a patch in the kustomization for another namespace": (
        {
            TOP: "resources: [a.yaml]\npatches:\n- path: p.yaml\n- patch: '{apiVersion: v1, kind: ConfigMap, metadata: "
            "{name: b, namespace: two}}'",
            "deploy/a.yaml": ONE,
            "deploy/p.yaml": ONE,
        },
        rf"{TOP}:4:10: {FOR_NOBODY}",
    ),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_the_one_that_is_named_is_the_one(case: str, rendered: Render) -> None:
    """Whoever does what the sentence says has mended it, and has not removed what was right."""
    files, said = MISTAKES[case]
    with pytest.raises(RenderFailed, match=said):
        rendered(files)
