"""A hook may leave its name to Pushboat, as Argo CD's examples do; whatever else stays is named in git."""

import pytest

from pushboat.config.environment import Environment
from pushboat.errors import InvalidManifest
from tests.directives.objects import manifests
from workers.manifests.directives.hook_names import LONGEST, is_generated, name_of
from workers.manifests.directives.words import Phase
from workers.review.limits import check

HOOK = {"argocd.argoproj.io/hook": "PreSync"}


def generated(beginning: object = "migrate-", annotations: dict[str, str] | None = None) -> dict[str, object]:
    metadata = {"generateName": beginning, "annotations": HOOK if annotations is None else annotations}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata}


class Served:
    """A cluster where every kind lives in namespaces."""

    def namespaced(self, group: str, version: str, kind: str) -> bool | None:
        return True


@pytest.fixture
def environment() -> Environment:
    return Environment(
        name="staging", cluster="dev", namespaces=("shop",), namespace="shop", path="deploy", render="plain", wait=60.0
    )


def test_a_hook_is_called_by_the_beginning_of_its_name(environment: Environment) -> None:
    """It passes the limits like every object, with the environment's namespace, and no name can be mistaken for it."""
    (checked,) = check(manifests(generated()), environment, Served())
    assert str(checked.ref) == "Job/shop/migrate-"
    assert is_generated(checked)
    assert "name" not in checked.body["metadata"]


@pytest.mark.parametrize("annotations", [{}, {"helm.sh/hook-weight": "1"}, {"argocd.argoproj.io/hook": "Nonsense"}])
def test_what_is_no_hook_needs_a_name(annotations: dict[str, str]) -> None:
    """Every deployment would leave another object behind."""
    with pytest.raises(InvalidManifest, match="generateName, which makes a new object on every deployment"):
        manifests(generated(annotations=annotations))


@pytest.mark.parametrize("beginning", ["", None, 7, ["a"]])
def test_the_beginning_must_be_text(beginning: object) -> None:
    """Nothing, a number or a list is no beginning of a name."""
    with pytest.raises(InvalidManifest, match=r"metadata\.generateName"):
        manifests(generated(beginning))


@pytest.mark.parametrize("beginning", ["../", "a/b-", "a%2f"])
def test_the_beginning_cannot_leave_its_path(environment: Environment, beginning: str) -> None:
    """A name becomes part of a request's path."""
    with pytest.raises(InvalidManifest, match="cannot be part of a path"):
        check(manifests(generated(beginning)), environment, Served())


def test_a_run_has_one_name_in_all_its_attempts(environment: Environment) -> None:
    """A worker that takes over finds the object that the first one made; the next deployment makes another."""
    (hook,) = check(manifests(generated()), environment, Served())
    first = name_of(hook, Phase.BEFORE, "deployment 7")
    assert first == name_of(hook, Phase.BEFORE, "deployment 7")
    assert first.startswith("migrate-")
    assert len({first, name_of(hook, Phase.AFTER, "deployment 7"), name_of(hook, Phase.BEFORE, "deployment 8")}) == 3


@pytest.mark.parametrize("beginning", ["a" * 63, "a" * 253, "m-"])
def test_a_made_name_fits_a_label(environment: Environment, beginning: str) -> None:
    """A Job's name becomes a label of its pods, however long its beginning is."""
    (hook,) = check(manifests(generated(beginning)), environment, Served())
    assert len(name_of(hook, Phase.BEFORE, "deployment 7")) <= LONGEST


def test_a_named_hook_keeps_its_name() -> None:
    """What has a name in git is called so in the cluster."""
    named = generated()
    named["metadata"] = {"name": "migrate", "annotations": HOOK}
    (hook,) = manifests(named)
    assert name_of(hook, Phase.BEFORE, "deployment 7") == "migrate"
