"""The schema of each form that the API gives. A test holds every answer against them, field by field."""

from dashboard.api.audit_schemas import AUDIT
from dashboard.api.shapes import ANYTHING, FLAG, MOMENT, NUMBER, TEXT, Json, many, object_of, one_of, or_null, ref
from dashboard.api.taken import TAKEN
from pushboat.events import EventKind
from pushboat.model.ask import AskVerdict, Source
from pushboat.model.changeset import Action, Topic
from pushboat.model.delivery import Verdict
from pushboat.model.drift import Sort
from pushboat.model.hook import HookState
from pushboat.model.state import Kind, State, Trigger
from pushboat.reading.drifted import Known

_HELD = {
    "id": NUMBER,
    **dict.fromkeys(("kind", "sentence", "who", "ends_by"), TEXT),
    "since": or_null(MOMENT),
    "until": or_null(MOMENT),
}
_DEPLOYMENT = {
    "id": NUMBER,
    "repository": TEXT,
    "environment": TEXT,
    "kind": one_of(Kind),
    "ref": TEXT,
    "sha": TEXT,
    "commit": or_null(ref("Caption")),
    "state": one_of(State),
    **dict.fromkeys(("reason", "waits", "ends_by"), TEXT),
    "holds": many(ref("Hold")),
    "attempts": NUMBER,
    "author": TEXT,
    "trigger": one_of(Trigger),
    "release": or_null(NUMBER),
    "pull_request": or_null(NUMBER),
    "glass": or_null(TEXT),
    "rolled_back_to": or_null(NUMBER),
    "promoted_from": or_null(ref("Promoted")),
    "delivery": or_null(NUMBER),
    "created_at": MOMENT,
    "started_at": or_null(MOMENT),
    "finished_at": or_null(MOMENT),
    "objects": ref("Counts"),
    "url": TEXT,
}
_EXPLAINED = {
    **_DEPLOYMENT,
    "details": TEXT,
    "hooks": many(ref("Hook")),
    "images": many(ref("Image")),
    "logs": or_null(many(ref("ContainerLog"))),
}
_COUNTS = dict.fromkeys(("created", "configured", "unchanged", "deleted", "recreated", "refused"), NUMBER)
_EVENT = {
    "kind": one_of(EventKind),
    "action": TEXT,
    **dict.fromkeys(("repository", "ref", "base_ref", "sha", "before"), TEXT),
    "number": or_null(NUMBER),
    "fork": or_null(FLAG),
    **dict.fromkeys(("merged_sha", "author", "comment", "environment", "on"), TEXT),
}

SCHEMAS: Json = {
    "Address": object_of({"path": TEXT, "gives": TEXT, "parameters": many(TEXT)}),
    "Description": {"type": "object", "description": "An OpenAPI document."},
    "Environment": object_of(
        {
            "repository": TEXT,
            "environment": TEXT,
            "latest": or_null(ref("Deployment")),
            "running": or_null(ref("Deployment")),
            "destroyed": FLAG,
            "left_behind": or_null(TEXT),
            "holds": many(ref("EnvironmentHold")),
            "drift": ref("Drift"),
            "unmerged": or_null(ref("Unmerged")),
            "told": many(TEXT),
        }
    ),
    "Deployment": object_of(_DEPLOYMENT),
    "ExplainedDeployment": object_of(_EXPLAINED),
    "WholeDeployment": object_of(
        {
            **_EXPLAINED,
            "changes": many(ref("Change")),
            "progress": many(ref("Line")),
            "headline": TEXT,
            "told": many(TEXT),
            "words": object_of(dict.fromkeys(("asked_by", "release", "drift", "again"), TEXT)),
            "followed_by": or_null(ref("Named")),
            "runs_now": or_null(ref("Named")),
        }
    ),
    "Named": object_of({"id": NUMBER, "sha": TEXT}),
    "Hold": object_of(_HELD),
    "EnvironmentHold": object_of({**_HELD, "by": TEXT, "reason": TEXT, "begins": or_null(MOMENT)}),
    "Promoted": object_of({"environment": TEXT, "release": or_null(NUMBER)}),
    "Counts": object_of(_COUNTS, optional=("recreated", "refused")),
    "Hook": object_of(
        {
            **dict.fromkeys(("ref", "phase", "hook"), TEXT),
            "state": one_of(HookState),
            "reason": TEXT,
            "began_at": or_null(MOMENT),
            "ended_at": or_null(MOMENT),
        }
    ),
    "Image": object_of({"image": TEXT, "digest": or_null(TEXT), "said": many(TEXT)}),
    "ContainerLog": object_of({"pod": TEXT, "container": TEXT, "previous": FLAG, "lines": many(TEXT)}),
    "Between": object_of(
        {
            "repository": TEXT,
            "environment": TEXT,
            "from": ref("Release"),
            "to": ref("Release"),
            "sentence": TEXT,
            "changes": many(ref("Change")),
        }
    ),
    "Release": object_of(
        {"release": NUMBER, "sha": TEXT, "deployment": NUMBER, "at": MOMENT, "rolled_back_to": or_null(NUMBER)}
    ),
    "Change": object_of(
        {
            "action": one_of(Action),
            **dict.fromkeys(("ref", "group", "kind", "namespace", "name", "why"), TEXT),
            "fields": many(object_of({"path": TEXT, "old": ANYTHING, "new": ANYTHING}, optional=("old", "new"))),
            "left": many(object_of({"field": TEXT, "whose": TEXT})),
            "warnings": many(object_of({"topic": one_of(Topic), "sentence": TEXT})),
            "notes": many(TEXT),
            "diff": TEXT,
        }
    ),
    "Caption": object_of({"subject": TEXT, "author": TEXT}),
    "Line": object_of({"id": NUMBER, "at": MOMENT, "phase": TEXT, "text": TEXT}),
    "Progress": object_of(
        {
            "items": many(ref("Line")),
            "state": one_of(State),
            **dict.fromkeys(("reason", "waits", "ends_by"), TEXT),
            "held": FLAG,
            "holds": many(ref("Hold")),
            "told": many(TEXT),
            "ended": FLAG,
            "answered_by": many(NUMBER),
            "aftermath": TEXT,
            "followed_by": or_null(ref("Named")),
            "observed_at": or_null(MOMENT),
        }
    ),
    "Delivery": object_of(
        {
            "id": NUMBER,
            **dict.fromkeys(("forge", "delivery"), TEXT),
            "event": or_null(ref("Event")),
            "verdict": one_of(Verdict),
            **dict.fromkeys(("reason", "details"), TEXT),
            "received_at": MOMENT,
            **dict.fromkeys(("repository", "sha", "source"), TEXT),
            "duplicates": NUMBER,
            "forgotten": FLAG,
            "routed": FLAG,
            "deployments": many(NUMBER),
            "asks": many(ref("Ask")),
            "headers": {"type": "object", "additionalProperties": TEXT},
        },
        optional=("headers",),  # of one that is asked for, not of lists
    ),
    "Event": object_of(_EVENT, optional=("environment", "on")),
    "Ask": object_of(
        {
            **dict.fromkeys(("word", "environment"), TEXT),
            "arguments": {"type": "object", "additionalProperties": TEXT},
            "who": TEXT,
            "source": one_of(Source),
            "sha": TEXT,
            "at": MOMENT,
            "verdict": or_null({"type": "string", "enum": [*(str(each) for each in AskVerdict), None]}),
            "reason": TEXT,
            "deployment": or_null(NUMBER),
        }
    ),
    "StreamEvent": object_of(
        {
            "data": {**TEXT, "contentMediaType": "application/json", "contentSchema": ref("Progress")},
            **dict.fromkeys(("event", "id"), TEXT),
            "retry": NUMBER,
        },
        optional=("event", "id", "retry"),
    ),
    **TAKEN,
    **AUDIT,
    "Drift": object_of(
        {
            "state": one_of(Known),
            "since": or_null(MOMENT),
            "compared_at": or_null(MOMENT),
            "release": or_null(NUMBER),
            "why": TEXT,
            "not_put_back": TEXT,
            "count": NUMBER,
            "objects": many(ref("DriftedObject")),
        }
    ),
    "DriftedObject": object_of(
        {
            "ref": TEXT,
            "drift": one_of(Sort),
            "fields": many(
                object_of(
                    {"path": TEXT, "release": or_null(TEXT), "cluster": or_null(TEXT), "by": TEXT, "at": TEXT},
                )
            ),
        }
    ),
    "Unmerged": object_of(
        {"pull_request": NUMBER, "sha": TEXT, "merged_into": or_null(TEXT), "since": MOMENT, "sentence": TEXT}
    ),
    "Problem": object_of(
        {"type": TEXT, "title": TEXT, "status": NUMBER, "detail": TEXT, "error": TEXT, "parameter": TEXT},
        optional=("parameter",),
    ),
}
