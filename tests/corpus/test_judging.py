"""A promise that does not hold is broken out loud: a runner that cannot fail would prove nothing."""

from typing import Any

import pytest

from tests.corpus.judging import JUDGES, judge
from tests.corpus.promises import READERS, read_promise
from tests.corpus.seen import History, Json, Moment, Said, Seen

GREEN = Said(
    state="success",
    description="2 objects: 1 created, 1 unchanged",
    reason="2 objects: healthy in 8 s",
    counts={"created": 1, "configured": 0, "unchanged": 1, "deleted": 0},
)
RED = Said(state="failure", description="Job/migrate cannot change", reason="Job/migrate cannot change: use a new name")


def an_object(name: str, uid: str = "u", revision: int = 1, **more: Any) -> Json:
    """Make an object as the API gives it; `generation` goes to its metadata."""
    metadata = {"name": name, "uid": uid, "resourceVersion": str(revision)}
    if "generation" in more:
        metadata["generation"] = more.pop("generation")
    return {"metadata": metadata, **more}


def web(replicas: int, generation: int = 1) -> Json:
    """Make a Deployment."""
    return an_object("web", generation=generation, spec={"replicas": replicas})


def job(*, complete: bool, uid: str = "j") -> Json:
    """Make a Job."""
    conditions = [{"type": "Complete", "status": "True"}] if complete else []
    return an_object("migrate", uid=uid, generation=1, status={"conditions": conditions})


def moments(*found: tuple[int, Json]) -> tuple[Moment, ...]:
    """Make what became of objects."""
    return tuple(Moment(revision=revision, name=each["metadata"]["name"], found=each) for revision, each in found)


def seen(said: Said = GREEN, **more: Any) -> Seen:
    """See one status and what else is given."""
    return Seen(said={"pushboat/staging": said}, **more)


A_MAP = {"ConfigMap/a": {"a": an_object("a", data={"a": "1"})}, "ConfigMap/b": {}}
PODS = {"web-1": an_object("web-1", "p1"), "web-2": an_object("web-2", "p2")}
STEADY = {"Deployment/web": History(before={"web": web(3)}, since=moments((7, web(3, 2))))}
DIPPED = {"Deployment/web": History(before={"web": web(3)}, since=moments((7, web(1, 2)), (8, web(3, 3))))}
AFTER = {"Deployment/web": {"web": web(3)}}
IN_TURN = {
    "Job/migrate": History(
        before={"migrate": job(complete=True, uid="old")},
        since=moments((5, job(complete=False)), (6, job(complete=True))),
    ),
    "Deployment/web": History(before={"web": web(1)}, since=moments((7, web(1, 2)))),
}
TOO_EARLY = {**IN_TURN, "Deployment/web": History(before={}, since=moments((6, web(1))))}
NEVER = {**IN_TURN, "Job/migrate": History(before={}, since=moments((5, job(complete=False))))}
ORDER = {"order": ["Job/migrate", "Deployment/web"]}
VALUE = {"ConfigMap/a": {"data.a": "1", "data.b": None}}

HOLD: list[tuple[dict[str, Any], Seen]] = [
    ({"status": "success"}, seen()),
    ({"statuses": {"pushboat/plan": "failure"}}, Seen(said={"pushboat/plan": RED})),
    ({"of": {"v1": {"status": "success"}}}, seen(RED, of={"v1": seen()})),
    ({"says": ["HEALTHY", ["unknown", "1 created"]]}, seen()),
    ({"says_not": ["immutable"]}, seen(RED)),
    ({"quotes": "paired"}, seen(Said(state="failure", description="", reason="it doesn't say \"yes\" or 'no'"))),
    ({"longest": 41}, seen(RED)),
    ({"objects": {"created": 1, "deleted": 0}}, seen()),
    ({"status": "success", "within": "30s"}, seen(elapsed=30.0)),
    ({"cluster": {**VALUE, "ConfigMap/b": None}}, seen(objects=A_MAP)),
    ({"same": ["Pod/*"]}, seen(objects={"Pod/*": PODS}, history={"Pod/*": History(before=PODS)})),
    ({"always": {"Deployment/web": {"spec.replicas": 3}}}, seen(objects=AFTER, history=STEADY)),
    (ORDER, seen(history=IN_TURN)),
    ({"either": [{"status": "failure"}, {"status": "success", "says": ["healthy"]}]}, seen()),
]

BROKEN: list[tuple[dict[str, Any], Seen, str]] = [
    ({"status": "success"}, seen(RED), "status: expected pushboat/staging to end as success; seen failure: 'Job/mig"),
    ({"status": "success"}, Seen(), "status: expected pushboat/staging to end as success; seen nothing under push"),
    (
        {"status": "success"},
        seen(Said(state="success", description="green", ended=False)),
        "status: expected pushboat/staging to end as success; seen success, not the end: 'green'",
    ),
    ({"statuses": {"pushboat/plan": "success"}}, Seen(said={"pushboat/plan": RED}), "statuses: expected pushboat/plan"),
    ({"of": {"v1": {"status": "failure"}}}, seen(RED, of={"v1": seen()}), "of: v1: status: expected pushboat/stag"),
    ({"says": ["healthy", "deleted"]}, seen(), "says: expected 'deleted'; seen success: '2 objects: 1 created"),
    ({"says": [["immutable", "fixed"]]}, seen(RED), "says: expected 'immutable' or 'fixed'; seen failure"),
    ({"says_not": ["CANNOT"]}, seen(RED), "says_not: expected no 'CANNOT'; seen failure: 'Job/migrate cannot change'"),
    (
        {"quotes": "paired"},
        seen(Said(state="failure", description="", reason='the file "a')),
        "quotes: expected quotation marks in pairs; seen a lonely \" in 'the file \"a'",
    ),
    ({"longest": 40}, seen(RED), "longest: expected at most 40 characters; seen 41: 'Job/migrate cannot"),
    ({"objects": {"created": 2}}, seen(), "objects: expected 2 created; seen {'created': 1, 'configured': 0"),
    ({"objects": {"created": 0}}, seen(RED), "objects: expected 0 created; seen no deployment behind pushboat/stag"),
    (
        {"status": "success", "within": "30s"},
        seen(elapsed=30.1),
        "within: expected the end after at most 30 s; seen 30",
    ),
    ({"cluster": {"ConfigMap/a": {"data.a": "2"}}}, seen(objects=A_MAP), "cluster: expected ConfigMap/a data.a '2'; s"),
    ({"cluster": {"ConfigMap/a": {"data.a": None}}}, seen(objects=A_MAP), "cluster: expected ConfigMap/a data.a noth"),
    (
        {"cluster": {"ConfigMap/a": {"data.a": 1}}},
        seen(objects=A_MAP),
        "cluster: expected ConfigMap/a data.a 1; seen '1",
    ),
    ({"cluster": {"ConfigMap/a": None}}, seen(objects=A_MAP), "cluster: expected ConfigMap/a not to be there; seen a"),
    ({"cluster": {"ConfigMap/b": {"data.a": None}}}, seen(objects=A_MAP), "cluster: expected ConfigMap/b to be there;"),
    (
        {"same": ["Pod/*"]},
        seen(objects={"Pod/*": PODS}, history={"Pod/*": History(before={"web-1": an_object("web-1", "p1")})}),
        "same: expected Pod/* to be {'web-1': 'p1'}; seen {'web-1': 'p1', 'web-2': 'p2'}",
    ),
    (
        {"same": ["Pod/*"]},
        seen(objects={"Pod/*": {}}, history={"Pod/*": History(before={})}),
        "same: expected Pod/* to have been there before the push; seen nothing",
    ),
    (
        {"always": {"Deployment/web": {"spec.replicas": 3}}},
        seen(objects=AFTER, history=DIPPED),
        "always: expected Deployment/web spec.replicas 3; seen 1 (web)",
    ),
    (ORDER, seen(history=TOO_EARLY), "order: expected Job/migrate to have completed before Deployment/web was written"),
    (ORDER, seen(history=NEVER), "order: expected Job/migrate to have completed before Deployment/web was written"),
    (ORDER, seen(history={**IN_TURN, "Job/migrate": History(before={})}), "order: expected Job/migrate to be written;"),
    (
        {"either": [{"status": "failure"}, {"says": ["deleted"]}]},
        seen(),
        "either: expected one of 2 to hold; seen status: expected pushboat/staging to end as failure; seen success",
    ),
]


@pytest.mark.parametrize(("then", "found"), HOLD, ids=lambda each: "-".join(each) if isinstance(each, dict) else "")
def test_a_promise_that_holds_is_left_alone(then: dict[str, Any], found: Seen) -> None:
    """What was promised was seen, and nothing is said."""
    assert judge(read_promise(then, "then"), found) == []


@pytest.mark.parametrize(("then", "found", "sentence"), BROKEN)
def test_a_promise_that_is_broken_is_named(then: dict[str, Any], found: Seen, sentence: str) -> None:
    """The sentence names the key, what was expected and what was seen."""
    told = [str(broken) for broken in judge(read_promise(then, "then"), found)]
    assert any(one.startswith(sentence) for one in told), told


def test_every_key_is_tried_both_ways() -> None:
    """No key of the format is read and then judged by nobody, and none is judged without being tried here."""
    assert set(JUDGES) == {*READERS, "of", "either"} - {"settle"}
    assert {key for then, _ in HOLD for key in then} == set(JUDGES)
    assert {told.partition(":")[0] for _, _, told in BROKEN} == set(JUDGES)
