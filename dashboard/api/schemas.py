"""The schema of each form that the API gives. A test holds every answer against them, field by field."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from pushboat.events import EventKind
from pushboat.model.ask import AskVerdict, Source
from pushboat.model.changeset import Action, Topic
from pushboat.model.command_words import BY_TOKEN
from pushboat.model.delivery import Verdict
from pushboat.model.drift import Sort
from pushboat.model.hook import HookState
from pushboat.model.state import Kind, State, Trigger
from pushboat.reading.drifted import Known

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "integer"}
FLAG: Json = {"type": "boolean"}
ANYTHING: Json = {}
MOMENT: Json = {"type": "string", "format": "date-time"}


def _or_null(schema: Json) -> Json:
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else {"anyOf": [schema, {"type": "null"}]}


def _one_of(words: type[StrEnum]) -> Json:
    return {"type": "string", "enum": [str(word) for word in words]}


def _many(schema: Json) -> Json:
    return {"type": "array", "items": schema}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _arguments() -> str:
    return "; ".join(f"{word}: {', '.join(known) or 'none'}" for word, known in BY_TOKEN.items())


def _object(properties: Json, optional: Iterable[str] = ()) -> Json:
    required = [name for name in properties if name not in set(optional)]
    return {"type": "object", "required": required, "properties": properties}


_HELD = {
    "id": NUMBER,
    **dict.fromkeys(("kind", "sentence", "who", "ends_by"), TEXT),
    "since": _or_null(MOMENT),
    "until": _or_null(MOMENT),
}
_DEPLOYMENT = {
    "id": NUMBER,
    "repository": TEXT,
    "environment": TEXT,
    "kind": _one_of(Kind),
    "ref": TEXT,
    "sha": TEXT,
    "commit": _or_null(_ref("Caption")),
    "state": _one_of(State),
    **dict.fromkeys(("reason", "waits", "ends_by"), TEXT),
    "holds": _many(_ref("Hold")),
    "attempts": NUMBER,
    "author": TEXT,
    "trigger": _one_of(Trigger),
    "release": _or_null(NUMBER),
    "pull_request": _or_null(NUMBER),
    "glass": _or_null(TEXT),
    "rolled_back_to": _or_null(NUMBER),
    "promoted_from": _or_null(_ref("Promoted")),
    "delivery": _or_null(NUMBER),
    "created_at": MOMENT,
    "started_at": _or_null(MOMENT),
    "finished_at": _or_null(MOMENT),
    "objects": _ref("Counts"),
    "url": TEXT,
}
_EXPLAINED = {
    **_DEPLOYMENT,
    "details": TEXT,
    "hooks": _many(_ref("Hook")),
    "images": _many(_ref("Image")),
    "logs": _or_null(_many(_ref("ContainerLog"))),
}
_COUNTS = dict.fromkeys(("created", "configured", "unchanged", "deleted", "recreated", "refused"), NUMBER)
_EVENT = {
    "kind": _one_of(EventKind),
    "action": TEXT,
    **dict.fromkeys(("repository", "ref", "base_ref", "sha", "before"), TEXT),
    "number": _or_null(NUMBER),
    "fork": _or_null(FLAG),
    **dict.fromkeys(("merged_sha", "author", "comment", "environment", "on"), TEXT),
}

SCHEMAS: Json = {
    "Address": _object({"path": TEXT, "gives": TEXT, "parameters": _many(TEXT)}),
    "Description": {"type": "object", "description": "An OpenAPI document."},
    "Environment": _object(
        {
            "repository": TEXT,
            "environment": TEXT,
            "latest": _or_null(_ref("Deployment")),
            "running": _or_null(_ref("Deployment")),
            "destroyed": FLAG,
            "left_behind": _or_null(TEXT),
            "holds": _many(_ref("EnvironmentHold")),
            "drift": _ref("Drift"),
            "unmerged": _or_null(_ref("Unmerged")),
            "told": _many(TEXT),
        }
    ),
    "Deployment": _object(_DEPLOYMENT),
    "ExplainedDeployment": _object(_EXPLAINED),
    "WholeDeployment": _object(
        {
            **_EXPLAINED,
            "changes": _many(_ref("Change")),
            "progress": _many(_ref("Line")),
            "headline": TEXT,
            "told": _many(TEXT),
            "words": _object(dict.fromkeys(("asked_by", "release", "drift", "again"), TEXT)),
            "followed_by": _or_null(_ref("Named")),
            "runs_now": _or_null(_ref("Named")),
        }
    ),
    "Named": _object({"id": NUMBER, "sha": TEXT}),
    "Hold": _object(_HELD),
    "EnvironmentHold": _object({**_HELD, "by": TEXT, "reason": TEXT, "begins": _or_null(MOMENT)}),
    "Promoted": _object({"environment": TEXT, "release": _or_null(NUMBER)}),
    "Counts": _object(_COUNTS, optional=("recreated", "refused")),
    "Hook": _object(
        {
            **dict.fromkeys(("ref", "phase", "hook"), TEXT),
            "state": _one_of(HookState),
            "reason": TEXT,
            "began_at": _or_null(MOMENT),
            "ended_at": _or_null(MOMENT),
        }
    ),
    "Image": _object({"image": TEXT, "digest": _or_null(TEXT), "said": _many(TEXT)}),
    "ContainerLog": _object({"pod": TEXT, "container": TEXT, "previous": FLAG, "lines": _many(TEXT)}),
    "Change": _object(
        {
            "action": _one_of(Action),
            **dict.fromkeys(("ref", "group", "kind", "namespace", "name", "why"), TEXT),
            "fields": _many(_object({"path": TEXT, "old": ANYTHING, "new": ANYTHING}, optional=("old", "new"))),
            "left": _many(_object({"field": TEXT, "whose": TEXT})),
            "warnings": _many(_object({"topic": _one_of(Topic), "sentence": TEXT})),
            "notes": _many(TEXT),
            "diff": TEXT,
        }
    ),
    "Caption": _object({"subject": TEXT, "author": TEXT}),
    "Line": _object({"id": NUMBER, "at": MOMENT, "phase": TEXT, "text": TEXT}),
    "Progress": _object(
        {
            "items": _many(_ref("Line")),
            "state": _one_of(State),
            **dict.fromkeys(("reason", "waits", "ends_by"), TEXT),
            "held": FLAG,
            "holds": _many(_ref("Hold")),
            "told": _many(TEXT),
            "ended": FLAG,
            "answered_by": _many(NUMBER),
        }
    ),
    "Delivery": _object(
        {
            "id": NUMBER,
            **dict.fromkeys(("forge", "delivery"), TEXT),
            "event": _or_null(_ref("Event")),
            "verdict": _one_of(Verdict),
            **dict.fromkeys(("reason", "details"), TEXT),
            "received_at": MOMENT,
            "routed": FLAG,
            "deployments": _many(NUMBER),
            "asks": _many(_ref("Ask")),
            "headers": {"type": "object", "additionalProperties": TEXT},
        },
        optional=("headers",),  # of one that is asked for, not of lists
    ),
    "Event": _object(_EVENT, optional=("environment", "on")),
    "Ask": _object(
        {
            **dict.fromkeys(("word", "environment"), TEXT),
            "arguments": {"type": "object", "additionalProperties": TEXT},
            "who": TEXT,
            "source": _one_of(Source),
            "sha": TEXT,
            "at": MOMENT,
            "verdict": _or_null({"type": "string", "enum": [*(str(each) for each in AskVerdict), None]}),
            "reason": TEXT,
            "deployment": _or_null(NUMBER),
        }
    ),
    "StreamEvent": _object(
        {
            "data": {**TEXT, "contentMediaType": "application/json", "contentSchema": _ref("Progress")},
            **dict.fromkeys(("event", "id"), TEXT),
            "retry": NUMBER,
        },
        optional=("event", "id", "retry"),
    ),
    "Taken": _object({"delivery": NUMBER, "url": TEXT}),
    "Wish": _object(
        {
            "word": {"type": "string", "enum": list(BY_TOKEN)},
            "repository": {**TEXT, "description": "`<forge>/<path>`."},
            "environment": TEXT,
            "arguments": {"type": "object", "additionalProperties": TEXT, "description": _arguments()},
        },
        optional=("arguments",),
    )
    | {"additionalProperties": False},
    "Drift": _object(
        {
            "state": _one_of(Known),
            "since": _or_null(MOMENT),
            "compared_at": _or_null(MOMENT),
            "release": _or_null(NUMBER),
            "why": TEXT,
            "not_put_back": TEXT,
            "count": NUMBER,
            "objects": _many(_ref("DriftedObject")),
        }
    ),
    "DriftedObject": _object(
        {
            "ref": TEXT,
            "drift": _one_of(Sort),
            "fields": _many(
                _object(
                    {"path": TEXT, "release": _or_null(TEXT), "cluster": _or_null(TEXT), "by": TEXT, "at": TEXT},
                )
            ),
        }
    ),
    "Unmerged": _object(
        {"pull_request": NUMBER, "sha": TEXT, "merged_into": _or_null(TEXT), "since": MOMENT, "sentence": TEXT}
    ),
    "Problem": _object(
        {"type": TEXT, "title": TEXT, "status": NUMBER, "detail": TEXT, "error": TEXT, "parameter": TEXT},
        optional=("parameter",),
    ),
}
