"""Phases, waves and dependencies: everything is written in the order that annotations ask for, once, or not at all."""

import random
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Ref
from tests.directives.drawing import DEPENDS, GROUP, HELM, HOOK, RULE, SELECT, WAVE, drawn, waiting
from tests.directives.objects import all_of, body
from workers.manifests.directives.edges import Junction, edges_of
from workers.manifests.directives.waves import Arrangement, arrange
from workers.manifests.directives.words import Occasion


def crd(group: str, kind: str, annotations: dict[str, str] | None = None) -> dict[str, Any]:
    spec = {"group": group, "names": {"kind": kind, "plural": "widgets"}}
    return body("CustomResourceDefinition", f"widgets.{group}", annotations, namespace="", spec=spec)


def names(arrangement: Arrangement) -> list[list[str]]:
    """Show what is written together, wave by wave."""
    return [[each.manifest.ref.name for each in wave.members] for wave in arrangement.waves]


def order(*bodies: dict[str, Any], occasion: Occasion = Occasion.LATER) -> list[list[str]]:
    return names(arrange(all_of(*bodies), occasion))


def test_without_annotations_everything_is_one_wave() -> None:
    """A repository that uses none of it is applied as ever, in the order of its files."""
    assert order(body(name="b"), body(name="a"), body("Secret", "c")) == [["b", "a", "c"]]
    assert order() == []


def test_phases_come_before_waves() -> None:
    """PreSync, then all waves of the sync, then PostSync; what is for failures stands last."""
    found = order(
        body(name="fail", annotations={HOOK: "SyncFail", WAVE: "-9"}),
        body(name="after", annotations={HOOK: "PostSync", WAVE: "-5"}),
        body(name="late", annotations={WAVE: "5"}),
        body(name="plain"),
        body(name="with", annotations={HOOK: "Sync"}),
        body(name="early", annotations={WAVE: "-1"}),
        body(name="before", annotations={HOOK: "PreSync", WAVE: "10"}),
    )
    assert found == [["before"], ["early"], ["plain", "with"], ["late"], ["after"], ["fail"]]


def test_a_hook_of_two_phases_runs_in_both() -> None:
    """`PreSync,PostSync` is two hooks."""
    assert order(body(name="a", annotations={HOOK: "PreSync,PostSync"}), body(name="b")) == [["a"], ["b"], ["a"]]


@pytest.mark.parametrize(
    ("occasion", "expected"),
    [
        (Occasion.FIRST, ["pre-install", "web", "argo"]),
        (Occasion.LATER, ["pre-upgrade", "web", "argo"]),
        (Occasion.ROLLBACK, ["pre-rollback", "web", "argo"]),
        (Occasion.REMOVAL, ["pre-delete", "post-delete"]),
    ],
)
def test_helms_hooks_know_what_sort_of_deployment_it_is(occasion: Occasion, expected: list[str]) -> None:
    """`pre-install` runs in the first deployment only, `pre-upgrade` in later ones; removal runs removal's hooks."""
    words = ("pre-install", "pre-upgrade", "pre-rollback", "pre-delete", "post-delete", "test")
    hooks = [body(name=word, annotations={HELM: word}) for word in words]
    others = [body("Deployment", "web"), body(name="argo", annotations={HOOK: "PostSync"})]
    found = arrange(all_of(*hooks, *others), occasion)
    assert [name for wave in names(found) for name in wave] == expected
    assert len(found.idle) == len(words) + 2 - len(expected)


@pytest.mark.parametrize(("occasion", "word"), [(Occasion.FIRST, "pre-install"), (Occasion.LATER, "pre-upgrade")])
def test_a_hook_is_called_by_the_word_that_made_it_run(occasion: Occasion, word: str) -> None:
    """Of `pre-install,pre-upgrade`, an upgrade's hook is the second: people read which one failed."""
    both = body(annotations={HELM: "pre-install,pre-upgrade,post-upgrade"})
    first, *_ = arrange(all_of(both), occasion).waves
    assert [hook.said for hook in first.members[0].directives.hooks] == [word]


def test_hooks_of_helm_go_by_weight() -> None:
    """The smallest weight first, from negative to positive."""
    weights = {"a": "5", "b": "-5", "c": "0"}
    hooks = [
        body(name=name, annotations={HELM: "pre-upgrade", "helm.sh/hook-weight": w}) for name, w in weights.items()
    ]
    assert order(*hooks) == [["b"], ["c"], ["a"]]


def test_hooks_of_helm_take_turns() -> None:
    """Of one weight, each hook ends before the next begins: by kind, then by name, as Helm runs them."""
    hook = {HELM: "pre-upgrade"}
    found = order(
        body(name="2-migrate", annotations=hook),
        body(name="1-create", annotations=hook),
        body("ConfigMap", "scripts", hook),
        body("Secret", "key", hook),
        body(name="3-check", annotations={HOOK: "PreSync"}),
        body("Pod", "probe", hook),
        body("Widget", "w", hook),
    )
    assert found == [["scripts", "key", "3-check"], ["probe"], ["1-create"], ["2-migrate"], ["w"]]


def test_a_dependency_counts_before_a_turn() -> None:
    """What I said of two hooks holds against the order of their names."""
    first = body(name="a", annotations={HELM: "pre-upgrade", DEPENDS: "batch/namespaces/shop/Job/b"})
    assert order(first, body(name="b", annotations={HELM: "pre-upgrade"})) == [["b"], ["a"]]


def test_a_namespace_and_a_definition_come_before_what_needs_them() -> None:
    """A hook in a namespace of this push, or a custom resource in an early wave, brings Namespace and CRD forward."""
    found = order(
        body("Namespace", "shop", {WAVE: "3"}, namespace=""),
        body("Namespace", "other", namespace=""),
        crd("example.com", "Widget", {WAVE: "4"}),
        crd("example.org", "Widget", {WAVE: "4"}),
        body("Widget", "w", {WAVE: "-2"}, namespace="elsewhere"),
        body(name="migrate", annotations={HOOK: "PreSync"}),
    )
    assert found == [["shop", "migrate"], ["widgets.example.com", "w"], ["other"], ["widgets.example.org"]]


def test_a_namespace_that_comes_early_stays_early() -> None:
    """What its objects need it for brings it forward, never back; objects outside of namespaces bring nothing along."""
    assert order(
        body("Namespace", "shop", {WAVE: "-7"}, namespace=""),
        body("ClusterRole", "reader", {WAVE: "-9"}, namespace=""),
        body("Namespace", "other", namespace=""),
        body(name="a"),
    ) == [["reader"], ["shop"], ["other", "a"]]


def test_what_is_left_alone_is_in_no_wave() -> None:
    """Objects that Flux or kapp would not touch are not written here either, and said to be idle."""
    left = [
        body(name="a", annotations={"kustomize.toolkit.fluxcd.io/reconcile": "disabled"}),
        body(name="b", annotations={"kapp.k14s.io/noop": ""}),
        body(name="c", annotations={HOOK: "Skip"}),
    ]
    found = arrange(all_of(*left, body(name="d")), Occasion.LATER)
    assert names(found) == [["d"]]
    assert [each.manifest.ref.name for each in found.idle] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "annotations",
    [
        {DEPENDS: "batch/namespaces/shop/Job/db"},
        {SELECT: "state=ready,kind=Job,name=db"},
        {"db.dependency.werf.io": "batch/v1:Job:shop:db"},
        {RULE: "upsert after upserting database"},
    ],
    ids=["cli-utils", "werf", "nelm", "kapp"],
)
def test_a_dependency_comes_first(annotations: dict[str, str]) -> None:
    """Whichever tool's way I said it in: what is waited for is written, and healthy, before what waits."""
    found = order(
        body("Deployment", "web", annotations), body(name="other"), body(name="db", annotations={GROUP: "database"})
    )
    assert found == [["other", "db"], ["web"]]


def test_who_waits_for_the_same_is_written_together() -> None:
    """Whether it is named alone or as a group: who waits for nothing else is not held up longer."""
    assert order(
        body(name="db", annotations={GROUP: "g"}),
        body(name="a", annotations={RULE: "upsert after upserting g"}),
        waiting("b", "db"),
        waiting("c", "a"),
        waiting("d", "b"),
    ) == [["db"], ["a", "b"], ["c", "d"]]


def test_kapps_rules_work_both_ways() -> None:
    """`upsert before upserting` is the same order said from the other end; a group without a member holds nobody up."""
    assert order(
        body(name="web", annotations={GROUP: "apps"}),
        body(name="web-2", annotations={GROUP: "apps", RULE: "upsert after upserting nobody"}),
        body(name="migrate", annotations={RULE: "upsert before upserting apps"}),
    ) == [["migrate"], ["web", "web-2"]]


def test_a_member_of_a_group_waits_for_the_others() -> None:
    """A rule about one's own group is about the others in it."""
    assert order(
        body(name="last", annotations={GROUP: "g", RULE: "upsert after upserting g"}),
        body(name="a", annotations={GROUP: "g"}),
        body(name="b", annotations={GROUP: "g"}),
    ) == [["a", "b"], ["last"]]


def test_what_is_outside_of_the_push_may_be_waited_for() -> None:
    """An external dependency is no mistake, and no edge among what is pushed."""
    assert order(body(name="x", annotations={"key.external-dependency.werf.io/resource": "secret/key"})) == [["x"]]


@pytest.mark.parametrize(
    ("annotations", "says"),
    [
        (
            {DEPENDS: "apps/namespaces/shop/Deployment/gone"},
            "waits for Deployment/shop/gone, which is not in this push",
        ),
        (
            {DEPENDS: "apps/namespaces/other/Deployment/web"},
            "waits for Deployment/other/web, which is not in this push",
        ),
        ({SELECT: "state=ready,kind=StatefulSet"}, "waits for StatefulSet, which is not in this push"),
        ({SELECT: "state=ready,group=example.com"}, "waits for group=example.com"),
    ],
)
def test_waiting_for_nothing_is_a_mistake(annotations: dict[str, str], says: str) -> None:
    """A name that is in no file of the push is named, with where it is waited for."""
    with pytest.raises(InvalidManifest, match=r"deploy/all\.yaml:7:5: Job/shop/x: ") as refused:
        order(body(name="x", annotations=annotations), body("Deployment", "web"))
    assert says in refused.value.summary


@pytest.mark.parametrize(
    ("circle", "says"),
    [
        ([("a", "a")], "Job/shop/a waits for Job/shop/a: remove one"),
        ([("a", "b"), ("b", "a")], "Job/shop/a waits for Job/shop/b, which waits for Job/shop/a: remove one"),
        (
            [("x", "a"), ("a", "b"), ("b", "c"), ("c", "a")],
            "Job/shop/a waits for Job/shop/b, which waits for Job/shop/c, which waits for Job/shop/a: remove one",
        ),
        ([(f"n{n}", f"n{(n + 1) % 50}") for n in range(50)], "which waits for 44 more, which waits for Job/shop/n0"),
    ],
)
def test_a_circle_is_named(circle: list[tuple[str, str]], says: str) -> None:
    """Objects that wait for each other would wait for ever: who they are is said, in the order of waiting."""
    with pytest.raises(InvalidManifest) as refused:
        order(*(waiting(name, *others) for name, *others in circle))
    assert says in refused.value.summary


def test_a_circle_through_a_group_is_named() -> None:
    """Two members of a group that each wait for the group wait for each other."""
    both = {GROUP: "g", RULE: "upsert after upserting g"}
    with pytest.raises(InvalidManifest, match="Job/shop/a waits for Job/shop/b, which waits for Job/shop/a"):
        order(body(name="a", annotations=both), body(name="b", annotations=both), body(name="c", annotations=both))


def test_who_has_no_wave_goes_with_what_it_waits_for() -> None:
    """To werf a dependency counts before a weight, and an object without any number waits however late its need is."""
    database = {"werf.io/weight": "10", GROUP: "g"}
    select = {SELECT: "state=ready,kind=Job,name=db"}
    found = order(
        body(name="db", annotations=database),
        body(name="other"),
        body("Deployment", "web", {**select, "werf.io/weight": "-3"}),
        body("Deployment", "after-web", {"x.dependency.werf.io": "apps/v1:Deployment:shop:web"}),
        body("Deployment", "grouped", {RULE: "upsert after upserting g"}),
        body(name="last", annotations={"werf.io/weight": "11"}),
    )
    assert found == [["other"], ["db"], ["web", "grouped"], ["after-web"], ["last"]]


@pytest.mark.parametrize(
    ("later", "where"), [({WAVE: "2"}, "in wave 2"), ({HOOK: "PostSync"}, "in phase after")], ids=["wave", "phase"]
)
def test_waiting_for_what_comes_later_is_a_mistake(later: dict[str, str], where: str) -> None:
    """A dependency against the waves' order could never be met; both sides are named."""
    said = waiting("web", "db")["metadata"]["annotations"]
    with pytest.raises(InvalidManifest, match=f"waits for Job/shop/db, which comes later \\({where}\\)"):
        order(body(name="web", annotations={WAVE: "0", **said}), body(name="db", annotations=later))
    assert order(
        body(name="db"), body(name="web", annotations={WAVE: "1", **waiting("web", "db")["metadata"]["annotations"]})
    )


@pytest.mark.parametrize("seed", range(60))
def test_every_object_is_written_once_for_each_of_its_phases(seed: int) -> None:
    """Whatever the annotations: nothing is lost, nothing comes twice in a phase, and no dependency is met too late."""
    objects = drawn(seed)
    for occasion in Occasion:
        found = arrange(objects, occasion)
        places = [(wave.phase, wave.number, wave.level) for wave in found.waves]
        assert all(one < two for one, two in pairwise(places)), "in order, and no place twice"
        assert all(wave.members for wave in found.waves)
        written = Counter((wave.phase, each.manifest.ref) for wave in found.waves for each in wave.members)
        assert set(written.values()) <= {1}
        refs = {ref for _, ref in written}
        idle = {each.manifest.ref for each in found.idle}
        assert refs | idle == {each.manifest.ref for each in objects}
        assert not refs & idle
        at = {(wave.phase, each.manifest.ref): place for wave, place in zip(found.waves, places, strict=True)
              for each in wave.members}  # fmt: skip
        for ref, waits in edges_of(objects).waits.items():
            for other in waits:
                assert not isinstance(other, Junction)
                both = [phase for phase, one in at if one == ref and (phase, other) in at]
                assert all(at[phase, other] < at[phase, ref] for phase in both)


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_files_changes_no_wave(seed: int) -> None:
    """Renaming files moves nothing into another wave, and the same push always gives the same order."""
    objects = drawn(seed)
    shuffled = list(objects)
    random.Random(seed).shuffle(shuffled)  # which orders are tried is no secret

    def sets(found: Arrangement) -> list[tuple[Any, int, int, frozenset[Ref]]]:
        return [(w.phase, w.number, w.level, frozenset(each.manifest.ref for each in w.members)) for w in found.waves]

    assert sets(arrange(objects, Occasion.FIRST)) == sets(arrange(shuffled, Occasion.FIRST))
    assert arrange(objects, Occasion.FIRST) == arrange(objects, Occasion.FIRST)
