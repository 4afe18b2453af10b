"""Annotations are a stranger's text: however long, many or odd, reading them costs what reading the file costs."""

import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest, Ref
from tests.directives.objects import all_of, body
from tests.directives.rows import ROWS
from workers.manifests.directives.checking import Directed, directed
from workers.manifests.directives.reading import directives_in, directives_of
from workers.manifests.directives.waves import arrange
from workers.manifests.directives.words import NOTHING, Occasion

KEYS = sorted({row.key for row in ROWS})
MEGABYTE, MOST = 1 << 20, 1 << 18


def made(number: int, annotations: dict[str, Any]) -> Manifest:
    """Make one manifest without any YAML."""
    ref = Ref("batch", "Job", "shop", f"j{number}")
    made_of = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": ref.name, "namespace": "shop"}}
    made_of["metadata"]["annotations"] = annotations  # type: ignore[index]  # a mapping
    return Manifest(ref=ref, version="v1", body=made_of, file="deploy/all.yaml", line=1)


@pytest.mark.parametrize("place", ["annotations", "labels"])
@pytest.mark.parametrize("key", ["kustomize.toolkit.fluxcd.io/x", "kapp.k14s.io/change-rule.x", "helm.sh/hook"])
def test_a_hundred_thousand_annotations_are_refused_unread(key: str, place: str) -> None:
    """What no API server would take is not read one by one."""
    started = time.process_time()
    said = {f"{key}{number}": "upsert after upserting x" for number in range(100_000)}
    found = directives_in({"metadata": {place: said}})
    assert all("which no API server takes" in slip.sentence for slip in found.slips)
    fewer = dict(list(said.items())[: MOST // 80])
    directives_in({"metadata": {place: fewer}})
    assert time.process_time() - started < 5.0


@pytest.mark.parametrize("size", [MOST - 1000, MEGABYTE])
@pytest.mark.parametrize("unit", ["x", ",", "a/namespaces/b/C/d,", "{kind}", "x=y,", "Prune=false,"])
def test_a_long_value_is_read_or_refused_at_once(unit: str, size: int) -> None:
    """No annotation's length makes a push slow, or its refusal long."""
    value = (unit * (size // len(unit) + 1))[:size]
    started = time.process_time()
    for key in KEYS:
        for slip in directives_in(body(annotations={key: value})).slips:
            assert len(slip.sentence) < 1500
    assert time.process_time() - started < len(KEYS) * 1.0


@pytest.mark.parametrize("value", ["\u202egnp.exe", "\x00", "ünïcödé", "💥", "a\nb", "٣", "'; drop", "\ud800"])
def test_odd_characters_are_printed_as_themselves_or_escaped(value: str) -> None:
    """A value that would turn a status around, or end it, is escaped where it is quoted."""
    for key in KEYS:
        for slip in directives_in(body(annotations={key: value})).slips:
            assert slip.sentence.isprintable()


@pytest.mark.parametrize("value", [7, True, None, ["PreSync"], {"a": "b"}])
def test_what_is_no_text_says_nothing(value: object) -> None:
    """A value that the API server would not take is refused with the object itself, not read as something."""
    for key in KEYS:
        assert directives_in(body(annotations={key: value})) == NOTHING


@pytest.mark.parametrize(
    "metadata", [None, [], "x", {"annotations": []}, {"annotations": "x"}, {"annotations": {7: "x"}}]
)
def test_what_is_no_metadata_says_nothing(metadata: object) -> None:
    """An object that is none is named elsewhere."""
    assert directives_in({"metadata": metadata}) == NOTHING


def seconds(work: Callable[[], object]) -> float:
    """Time the better of two, without what other processes take."""
    best = float("inf")
    for _ in range(2):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


DEPENDS, GROUP, RULE = "config.kubernetes.io/depends-on", "kapp.k14s.io/change-group", "kapp.k14s.io/change-rule"
SHAPES: dict[str, Callable[[int, int], dict[str, Any]]] = {
    "one waits for all": lambda number, count: (
        {DEPENDS: ",".join(f"batch/namespaces/shop/Job/j{other}" for other in range(1, count))} if not number else {}
    ),
    "a chain": lambda number, count: {DEPENDS: f"batch/namespaces/shop/Job/j{number - 1}"} if number else {},
    "half wait for half": lambda number, count: {RULE: "upsert after upserting g"} if number % 2 else {GROUP: "g"},
    "half before half": lambda number, count: {RULE: "upsert before upserting g"} if number % 2 else {GROUP: "g"},
    "all select one": lambda number, count: {"werf.io/deploy-dependency-x": "state=ready,name=j0"} if number else {},
    "each selects its own": lambda number, count: (
        {"werf.io/deploy-dependency-x": f"state=ready,kind=Job,name=j{number - 1}"} if number else {}
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_ten_times_as_many_dependencies_cost_ten_times_as_much(shape: str) -> None:
    """The largest push is put in order within a second or so, whoever waits for whom."""

    def work(count: int) -> Callable[[], object]:
        objects = [made(number, SHAPES[shape](number, count)) for number in range(count)]
        return lambda: arrange(directed(objects), Occasion.LATER)

    small, large = seconds(work(200)), seconds(work(2_000))
    assert large < 40 * small, "a hundred times as much would be quadratic"


def test_a_circle_of_thousands_is_named_shortly() -> None:
    """The longest circle is one sentence."""
    objects = [made(n, {DEPENDS: f"batch/namespaces/shop/Job/j{(n + 1) % 3_000}"}) for n in range(3_000)]
    with pytest.raises(InvalidManifest) as refused:
        arrange(directed(objects), Occasion.LATER)
    assert len(refused.value.summary) < 600


def test_ten_thousand_mistakes_parse_the_file_once() -> None:
    """Where a mistake stands is looked up in the text; many in one file do not make many readings of it."""
    bodies = [body(name=f"j{n}", annotations={"argocd.argoproj.io/hook": "Never"}) for n in range(300)]
    with pytest.raises(InvalidManifest) as refused:
        all_of(*bodies)
    assert refused.value.summary.endswith("(and 299 more)")
    assert refused.value.details.endswith("and 200 more: correct these first, the next push names those")


def test_who_uses_none_of_it_pays_nothing() -> None:
    """Five hundred manifests without such annotations are looked through in the time of a few requests."""
    plain = [made(n, {"prometheus.io/scrape": "true", "app.kubernetes.io/name": "x"}) for n in range(500)]
    assert all(directives_of(each) is NOTHING for each in plain)
    everything = [Directed(manifest=each, directives=NOTHING) for each in plain]
    slower = 1 if sys.gettrace() is None else 10
    assert seconds(lambda: [directives_of(each) for each in plain]) < 0.05 * slower
    assert seconds(lambda: arrange(everything, Occasion.LATER)) < 0.1 * slower
