"""A plan says the same to people and to programs: what happens to each object, its fields, and what to beware of."""

import json

from pushboat.model.changeset import Action, Change, FieldChange, Left, PlanWarning, Topic
from pushboat.model.json_forms import change_form
from pushboat.model.manifest import Ref
from pushboat.model.state import Kind, State
from pushboat.store import change_sets, change_texts
from tests.pages.ledger import Ledger
from tests.pages.test_pages_tell_the_story import text_of
from tests.receiving.front_door import FrontDoor

WEB = Change(
    ref=Ref("apps", "Deployment", "shop", "web"),
    action=Action.CONFIGURED,
    fields=(
        FieldChange(path="spec.paused", old=None, new="true"),
        FieldChange(path="spec.replicas", old="3", new="0"),
        FieldChange(path="metadata.labels", old='{"a":"b"}', new=None),
        FieldChange(path="spec.x", old="null", new='"**"'),
    ),
    left=(Left("spec.template", "vpa-updater"),),
    warnings=(
        PlanWarning(topic=Topic.SCALED_TO_ZERO, sentence="Deployment/shop/web will run nothing"),
        PlanWarning(topic=Topic.RESTARTS, sentence="Deployment/shop/web restarts its pod"),
    ),
    notes=("brought back",),
    intent="abc",
)
SERVICE = Change(
    ref=Ref("", "Service", "shop", "web"),
    action=Action.UNCHANGED,
    warnings=(PlanWarning(topic=Topic.SELECTS_NOTHING, sentence="Service/shop/web leads to no pod"),),
)
JOB = Change(ref=Ref("batch", "Job", "shop", "j"), action=Action.REFUSED, why="give the Job a new name — <b>no</b>")


def test_every_form_says_the_same(front_door: FrontDoor, ledger: Ledger) -> None:
    """I find each field, warning and refusal on the page, and a script finds them with their values and topics."""
    made = ledger.ended(State.FAILED, "give the Job a new name", kind=Kind.PLAN, number=7, changes=[WEB, SERVICE, JOB])
    page = text_of(front_door, made.path)
    for said in (
        "refused Job /shop/ j", "give the Job a new name — <b>no</b>", "spec.replicas: 3 → 0",
        "spec.paused: nothing → true", 'metadata.labels: {"a":"b"} → nothing', "Deployment/shop/web will run nothing",
        "Deployment/shop/web restarts its pod", "Service/shop/web leads to no pod", "brought back",
    ):  # fmt: skip
        assert said in page, said
    answer = front_door.get(f"/api/v1/deployments/{made.id}/changes").json()
    assert answer["next"] is None
    web, service, job = answer["items"]
    assert web["fields"] == [
        {"path": "spec.paused", "new": True},
        {"path": "spec.replicas", "old": 3, "new": 0},
        {"path": "metadata.labels", "old": {"a": "b"}},
        {"path": "spec.x", "old": None, "new": "**"},
    ]
    assert web["left"] == [{"field": "spec.template", "whose": "vpa-updater"}]
    assert [each["topic"] for each in web["warnings"]] == ["scaled-to-zero", "restarts"]
    assert (service["action"], service["ref"]) == ("unchanged", "Service/shop/web")
    assert (job["action"], job["why"], job["group"], job["kind"]) == ("refused", JOB.why, "batch", "Job")
    assert front_door.get("/api/v1/deployments/999999/changes").status_code == 404


def test_a_change_has_the_contracts_fields() -> None:
    """Scripts rely on these names; nothing of how plans are compared is among them."""
    assert set(change_form(WEB)) == {
        "action", "ref", "group", "kind", "namespace", "name", "why", "fields", "left", "warnings", "notes", "diff",
    }  # fmt: skip


def test_what_is_stored_comes_back_whole() -> None:
    """Nothing of a plan is lost in the store, and what is new costs nothing where it is not there."""
    assert change_texts.read(change_texts.written([WEB, SERVICE, JOB])) == (WEB, SERVICE, JOB)
    plain = Change(ref=WEB.ref, action=Action.UNCHANGED)
    assert json.loads(change_texts.written([plain])) == [
        {"ref": ["apps", "Deployment", "shop", "web"], "action": "unchanged", "diff": "", "notes": []}
    ]


def test_what_other_versions_wrote_is_read() -> None:
    """An earlier version named fields without their owners; a later one's warning is told all the same."""
    item = {"ref": ["", "ConfigMap", "shop", "a"], "action": "configured", "diff": "", "notes": [], "left": ["data.a"]}
    assert change_texts.read(json.dumps([item]))[0].left == (Left("data.a"),)
    item |= {"warnings": [["of-tomorrow", "x"], ["api", "y"]]}
    warned = change_texts.read(json.dumps([item]))[0].warnings
    assert [(str(each.topic), each.sentence) for each in warned] == [("of-tomorrow", "x"), (Topic.API, "y")]


def test_thousands_of_fields_are_cut_with_a_word(ledger: Ledger) -> None:
    """An object with a thousand changed fields does not fill the store, and says how many are left out."""
    fields = tuple(FieldChange(path=f"data.k{number}", old="1", new="2") for number in range(1000))
    made = ledger.ended(State.SUCCEEDED, "done", changes=[Change(ref=WEB.ref, action=Action.CONFIGURED, fields=fields)])
    (kept,) = change_sets.listed(ledger.store, made.id)
    assert (len(kept.fields), kept.notes) == (200, ("and 800 more fields",))
