"""How long a controller may take for a word about what was just written, and whose word counts."""

from typing import Any

import pytest

from pushboat.model.health import Finding, Health
from pushboat.model.manifest import Ref
from workers.cluster.client.kinds import Discovered, Kinds
from workers.cluster.client.lines import nothing_to_leave
from workers.cluster.health import assess
from workers.cluster.waiting.hearing import REPEATS_WITHIN, SPEAKS_WITHIN, Hearing

GROUPS = {"example.com": "Widget", "apiextensions.k8s.io": "CustomResourceDefinition"}
WITH_STATUS, WITHOUT = ({"subresource": "status"},), ()
YES = {"type": "Ready", "status": "True"}


def kinds(subresources: tuple[dict[str, str], ...] = WITH_STATUS) -> Kinds:
    """Serve the kinds, with a status or without."""

    def resource(kind: str) -> dict[str, Any]:
        named = {"responseKind": {"kind": kind}, "resource": f"{kind.lower()}s", "scope": "Namespaced"}
        return {**named, "subresources": list(subresources)}

    items = [
        {"metadata": {"name": group}, "versions": [{"version": "v1", "resources": [resource(kind)]}]}
        for group, kind in GROUPS.items()
    ]
    return Kinds(lambda path, _accept: {"items": items if path == "/apis" else []}, Discovered(), nothing_to_leave)


def widget(generation: int = 1, status: Any = None, group: str = "example.com") -> dict[str, Any]:
    metadata = {"name": "one", "namespace": "shop", "generation": generation}
    said = {} if status is None else {"status": status}
    return {"apiVersion": f"{group}/v1", "kind": GROUPS[group], "metadata": metadata, **said}


def left(hearing: Hearing, live: dict[str, Any], elapsed: float = 0.0) -> float:
    group = live["apiVersion"].partition("/")[0]
    ref = Ref(group, live["kind"], "shop", "one")
    return hearing.left([Finding(ref, assess(live))], {ref: live}, elapsed)


def hearing(subresources: tuple[dict[str, str], ...] = WITH_STATUS) -> Hearing:
    return Hearing([Ref(group, kind, "shop", "one") for group, kind in GROUPS.items()], kinds(subresources))


@pytest.mark.proves("health-first-word")
def test_the_first_word_has_its_time() -> None:
    """Nothing has been said of my new object: a word may come for ten seconds, and not for longer."""
    ears = hearing()
    assert left(ears, widget()) == SPEAKS_WITHIN
    assert left(ears, widget(status={}), 4.0) == SPEAKS_WITHIN - 4.0
    assert left(ears, widget(), 11.0) < 0


@pytest.mark.proves("custom-resource-judged-too-early", among=("an object that changes",))
def test_an_old_yes_is_not_taken_for_a_new_one() -> None:
    """My object was ready, I change it, and nothing says which version that was about: another word may come."""
    assert left(hearing(), widget(generation=2, status={"conditions": [YES]})) == REPEATS_WITHIN


def test_another_word_is_enough() -> None:
    """What its controller says now differs from what it had said: that is about my change."""
    ears = hearing()
    left(ears, widget(generation=2, status={"conditions": [YES]}))
    assert left(ears, widget(generation=2, status={"conditions": [{**YES, "reason": "Again"}]}), 1.0) <= 0


@pytest.mark.parametrize(
    "live",
    [
        widget(generation=1, status={"conditions": [YES]}),
        widget(generation=2, status={"observedGeneration": 2, "conditions": [YES]}),
        widget(generation=2, status={"conditions": [{**YES, "observedGeneration": 2}]}),
        widget(generation=2, status={"conditions": [YES]}, group="apiextensions.k8s.io"),
    ],
    ids=["never changed", "says so", "its condition says so", "Kubernetes' own"],
)
def test_a_word_about_the_newest_version_is_enough(live: dict[str, Any]) -> None:
    """What was said is about what I pushed: nobody waits for more."""
    assert left(hearing(), live) == 0.0


def test_where_there_is_no_place_for_a_word_none_is_waited_for() -> None:
    """A kind without a status, or an object that this deployment did not write, costs no time."""
    assert left(hearing(WITHOUT), widget()) == 0.0
    assert left(Hearing([], kinds()), widget()) == 0.0


def test_who_stayed_mute_is_named() -> None:
    """Nobody said anything: the finding says that, and not that there is no rule."""
    ears = hearing()
    left(ears, widget())
    ref = Ref("example.com", "Widget", "shop", "one")
    finding = ears.accepted(Finding(ref, assess(widget())))
    assert finding.judgement.health is Health.UNVERIFIED
    assert finding.judgement.reason == "its controller has said nothing about it within 10 s"
