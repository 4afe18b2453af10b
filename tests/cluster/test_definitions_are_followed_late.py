"""An API server follows a changed definition a moment later: no good commit is blamed for that, no bad one waits."""

import time
from dataclasses import replace
from typing import Any

import pytest

from pushboat.errors import ApplyRejected, ClusterUnavailable, InvalidManifest
from tests.cluster.desk import Desk, actions, document
from tests.cluster.gadgets import COLOUR, SIZE, discovered, gadget, gadgets, somebody_has, wait_until_published
from tests.fakes.late_cluster import LateCluster, invalid, not_served, unknown
from tests.lines import Slow, audited, put
from tests.until import until
from workers.cluster.client.lags import Lags
from workers.cluster.reading.arriving import UNREAD_WITHIN
from workers.cluster.writing.dry_running import dry_run
from workers.deploying.held import held
from workers.deploying.schemas import PUBLISHED_WITHIN, refuse_mistakes
from workers.manifests.reading import read_manifests

ALWAYS = "argocd.argoproj.io/sync-options: 'Force=true,Replace=true'"
WAITING = "waiting until the API server knows CustomResourceDefinition/gadgets."


@pytest.mark.proves("definitions-first")
def test_a_field_of_a_definition_in_the_same_push_is_waited_for(late: LateCluster, through: Desk, group: str) -> None:
    """My push adds a field to a definition and uses it: it is green, however late the API server follows."""
    through.deploy(document(gadgets(group, SIZE)) + gadget(group, size=1))
    late.follows_late("gadgets", 3, unknown(".spec.colour"))
    through.deploy(document(gadgets(group, COLOUR)) + gadget(group, size=1, colour="red"))
    live = through.get("gadgets", "one", f"/apis/{group}/v1")
    assert live is not None
    assert live["spec"]["colour"] == "red"
    assert late.asked == 4
    assert sum(WAITING in each for each in through.said) == 1


STALE = [
    (unknown(".spec.colour"), {"colour": "red"}),
    (invalid("spec.colour", "FieldValueNotSupported", 'Unsupported value: "red"'), {"colour": "red"}),
    (invalid("spec.size", "FieldValueTypeInvalid", 'Invalid value: "integer"'), {"size": 3}),
    (invalid("spec.weight", "FieldValueRequired", "Required value"), {"size": 3}),
    (invalid("spec", "FieldValueInvalid", 'Invalid value: "object": too small'), {"size": 3}),
    (not_served(), {"size": 3}),
]


@pytest.mark.proves("plan-with-a-new-field", among=("a CRD of a moment ago",))
@pytest.mark.parametrize(("words", "spec"), STALE)
def test_a_plan_goes_by_a_definition_of_a_moment_ago(
    late: LateCluster, through: Desk, group: str, words: dict[str, Any], spec: dict[str, Any]
) -> None:
    """Somebody changed a definition before my plan: whatever the older one refuses, the plan is green."""
    somebody_has(through, gadgets(group, {**SIZE, "weight": {"type": "string"}}, "weight"))
    somebody_has(through, gadgets(group, COLOUR))
    until(lambda: discovered(through, group), what="the kind")
    plan = through.plan(gadget(group, **spec))
    late.follows_late("gadgets", 2, words)
    said: list[str] = []
    dry_run(through.cluster, plan, say=said.append)
    assert late.asked == 3
    assert WAITING in said[0]


FINAL = [
    (unknown(".spec.color"), {"color": "red"}),
    (invalid("spec.colour", "FieldValueNotSupported", 'Unsupported value: "grey"'), {"colour": "grey"}),
    (invalid("spec.size", "FieldValueTypeInvalid", 'Invalid value: "string"'), {"size": "3"}),
    (invalid("spec.size", "FieldValueRequired", "Required value"), {"colour": "red"}),
    (invalid("spec.shape", "FieldValueRequired", "Required value", 'admission webhook "x" denied the request: '), {}),
]


@pytest.mark.parametrize(("words", "spec"), FINAL)
def test_what_the_newest_definition_refuses_too_is_refused_at_once(
    late: LateCluster, through: Desk, group: str, words: dict[str, Any], spec: dict[str, Any]
) -> None:
    """A field that nobody declares is named after one question, although the definition is a moment old."""
    somebody_has(through, gadgets(group, SIZE))
    somebody_has(through, gadgets(group, COLOUR, "size"))
    until(lambda: discovered(through, group), what="the kind")
    plan = through.plan(gadget(group, **spec))
    late.follows_late("gadgets", 9, words)
    with pytest.raises(ApplyRejected):
        dry_run(through.cluster, plan)
    assert late.asked == 1


def test_who_may_not_read_definitions_goes_by_what_is_published(late: LateCluster, through: Desk, group: str) -> None:
    """My environment's identity may not read definitions: a field that is published is waited for all the same, one
    that is published within seconds is no mistake, and one that nobody declares is refused."""
    late.hides = True
    somebody_has(through, gadgets(group, SIZE))
    wait_until_published(through, group)
    plan = through.plan(gadget(group, colour="red"))
    somebody_has(through, gadgets(group, COLOUR))
    assert refuse_mistakes(through.cluster, plan) == ()
    late.follows_late("gadgets", 2, unknown(".spec.colour"))
    dry_run(through.cluster, plan)
    assert late.asked == 3
    late.follows_late("gadgets", 9, unknown(".spec.color"))
    with pytest.raises(ApplyRejected, match=r"unknown field spec\.color"):
        dry_run(through.cluster, through.plan(gadget(group, color="red")))
    assert late.asked == 1


NEWER = [{"colour": "red"}, {"size": 3}, {"size": "3Mi"}]


@pytest.mark.parametrize("spec", NEWER)
def test_mistakes_are_looked_for_by_the_definition_of_this_moment(
    late: LateCluster, through: Desk, group: str, spec: dict[str, Any]
) -> None:
    """Before the first write, a schema that is not published yet counts: a new field, a requirement that is gone, a
    type that was opened; and what is wrong by it is told without a wait for what is published."""
    somebody_has(through, gadgets(group, {**SIZE, "weight": {"type": "string"}}, "weight"))
    wait_until_published(through, group)
    opened = {**COLOUR, "size": {"x-kubernetes-int-or-string": True}}
    plans = [through.plan(gadget(group, **each)) for each in (spec, {"color": "red"})]
    somebody_has(through, gadgets(group, opened))
    assert refuse_mistakes(through.cluster, plans[0]) == ()
    cluster, audit = audited(through.cluster)
    with pytest.raises(InvalidManifest, match=r"unknown field spec\.color: did you mean colour"):
        refuse_mistakes(cluster, plans[1])
    assert audit.asked.count("GET /openapi/v3") == 2


def test_a_mistake_of_another_kind_waits_for_no_definition(late: LateCluster, through: Desk, group: str) -> None:
    """A kind is too young to be published and nobody may read its definition: my typo elsewhere is told at once."""
    late.hides = True
    somebody_has(through, gadgets(group, SIZE))
    until(lambda: discovered(through, group), what="the kind")
    typo = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "dota": {}}
    plan = through.plan(gadget(group, size=1) + document(typo))
    cluster, audit = audited(through.cluster)
    with pytest.raises(InvalidManifest, match=r"unknown field dota"):
        refuse_mistakes(cluster, plan)
    assert audit.asked.count("GET /openapi/v3") <= 2


def test_nothing_is_recreated_by_an_older_definition(late: LateCluster, through: Desk, group: str) -> None:
    """What an older definition calls immutable is not deleted for that, although my environment may recreate the kind;
    and what asks to be recreated whenever it changes is, with the new field."""
    through = through.allowing(recreate=("Gadget",), cluster_scoped=("CustomResourceDefinition",))
    through.deploy(document(gadgets(group, SIZE)) + gadget(group, size=1))
    late.follows_late("gadgets", 2, invalid("spec.size", "FieldValueInvalid", "Invalid value: size is immutable"))
    changes = through.deploy(document(gadgets(group, COLOUR)) + gadget(group, size=2))
    assert actions(changes)["one"] == "configured"
    asks = gadget(group, size=3, colour="red").replace("name: one", f"name: one\n  annotations: {{{ALWAYS}}}")
    late.follows_late("gadgets", 2, unknown(".spec.colour"))
    assert actions(through.deploy(document(gadgets(group, COLOUR)) + asks))["one"] == "recreated"


def test_what_is_not_served_yet_is_not_taken_for_gone(late: LateCluster, through: Desk, group: str) -> None:
    """One of several API servers does not serve a kind yet: what it has is read, not made anew, nor forgotten."""
    both = document(gadgets(group, SIZE)) + gadget(group, size=1)
    through.deploy(both)
    late.follows_late("gadgets", 2, not_served(), ("GET",))
    assert actions(through.plan(both).changeset) == {f"gadgets.{group}": "unchanged", "one": "unchanged"}
    assert late.asked == 3


@pytest.mark.parametrize("hidden", [False, True], ids=["read", "hidden"])
def test_a_kind_of_a_moment_ago_is_waited_for(late: LateCluster, through: Desk, group: str, *, hidden: bool) -> None:
    """Somebody defined a kind a moment ago, which is not discovered yet: my push is not asked where its CRD is, and a
    version that no definition serves is named without a wait."""
    through.cluster.kinds.refresh()
    somebody_has(through, gadgets(group, SIZE))
    late.undiscovered, late.hides = 3, hidden
    (one,), (other,) = (read_manifests(gadget(group, each, size=1), "all.yaml") for each in ("v1", "v2"))
    said: list[str] = []
    held(through.cluster, through.environment, [one], say=said.append)
    assert hidden or "waiting until the API server serves CustomResourceDefinition/gadgets." in said[0]
    assert late.undiscovered == 0
    with pytest.raises(InvalidManifest, match="write apiVersion"):
        held(through.cluster, through.environment, [other], say=said.append)
    assert len(said) == (not hidden)


def test_a_worker_that_stood_still_blames_no_commit(late: LateCluster, through: Desk, group: str) -> None:
    """It got no processor while it would wait, and nobody may read definitions: it looks again all the same."""
    through.cluster.kinds.refresh()
    somebody_has(through, gadgets(group, SIZE))
    late.undiscovered, late.hides = 3, True
    (one,) = read_manifests(gadget(group, size=1), "all.yaml")
    wakes_at = time.monotonic() + UNREAD_WITHIN + 0.5

    def stand_still() -> None:
        until(lambda: time.monotonic() >= wakes_at, what="the time of the wait to pass")

    held(through.cluster, through.environment, [one], go_on=stand_still)


@pytest.mark.proof  # an answer takes as long as a whole wait
def test_a_schema_of_a_while_ago_refuses_nothing(late: LateCluster, through: Desk, group: str) -> None:
    """An API server takes as long for an answer as I would wait, which is about the beginning: it is asked again."""
    late.hides = True
    somebody_has(through, gadgets(group, SIZE))
    wait_until_published(through, group)
    plan = through.plan(gadget(group, colour="red"))
    somebody_has(through, gadgets(group, COLOUR))
    slow = put(through.cluster, Slow(through.cluster.line, "/openapi/v3", PUBLISHED_WITHIN + 0.5))
    assert refuse_mistakes(slow, plan) == ()


def test_what_is_not_served_yet_is_not_taken_for_deleted(late: LateCluster, through: Desk, group: str) -> None:
    """An object leaves my repository while one API server does not serve its kind yet: it is deleted, not forgotten."""
    through.deploy(document(gadgets(group, SIZE)) + gadget(group, size=1))
    plan = through.plan(document(gadgets(group, SIZE)), prune_many=True)
    late.follows_late("gadgets", 2, not_served(), ("DELETE",))
    deleted, _ = through.prune(plan)
    assert [change.ref.name for change in deleted] == ["one"]
    assert through.get("gadgets", "one", f"/apis/{group}/v1") is None


@pytest.mark.parametrize("before", [1, 2])
def test_what_a_definition_leaves_open_is_not_asked_again_for_long(
    late: LateCluster, through: Desk, group: str, before: int
) -> None:
    """A rule that only the API server can judge stands at once where the definition is the first, or old."""
    for fields in (SIZE, COLOUR)[-before:]:
        somebody_has(through, gadgets(group, fields))
    late.ahead = 60.0 if before == 2 else 0.0
    until(lambda: discovered(through, group), what="the kind")
    plan = through.plan(gadget(group, size=3))
    late.follows_late("gadgets", 9, invalid("spec", "FieldValueInvalid", 'Invalid value: "object": too small'))
    with pytest.raises(ApplyRejected):
        dry_run(through.cluster, plan)
    assert late.asked == 1


def test_an_api_server_that_never_follows_is_its_administrators_to_mend(
    late: LateCluster, through: Desk, group: str
) -> None:
    """A definition that is not followed in time is nobody's commit's fault, and I am told who must act."""
    somebody_has(through, gadgets(group, COLOUR))
    until(lambda: discovered(through, group), what="the kind")
    plan = through.plan(gadget(group, colour="red"))
    late.follows_late("gadgets", 99, unknown(".spec.colour"))
    waited = Lags({(f"gadgets.{group}", 1): time.monotonic() - 31})
    with pytest.raises(ClusterUnavailable, match=f"administrator of cluster late .*gadgets.{group}"):
        dry_run(replace(through.cluster, lags=waited), plan)
