"""Deployments, deliveries and events as JSON: the names that other people's scripts rely on, for API and command alike.

Fields may be added; a change to one that is here needs a line in the changelog.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pushboat.events import Event, EventKind
from pushboat.model import status
from pushboat.model.ask import Ask, AuditEntry
from pushboat.model.caption import Caption
from pushboat.model.changeset import Change, FieldChange
from pushboat.model.container_log import ContainerLog
from pushboat.model.delivery import DeliveryRow, Verdict
from pushboat.model.deployment import Counts, Deployment, Held, Progress, Promoted
from pushboat.model.hook import Hook
from pushboat.model.image import ImageRecord, image_form


def moment(seconds: float | None) -> str | None:
    """Write a time as ISO 8601 in UTC with milliseconds, or null for one that has not come."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instant(moment: str | None) -> float | None:
    """Read such a time back."""
    return None if moment is None else datetime.fromisoformat(moment).timestamp()


def deployment_form(deployment: Deployment, public_url: str) -> dict[str, Any]:
    """Write a deployment; `reason` is never empty, `waits` says what one waits for that has not ended.

    `holds` are those things of it that somebody, something or the clock ends, in that order; `ends_by` ends the first.
    """
    return {
        "id": deployment.id,
        "repository": deployment.lane.repository,
        "environment": deployment.lane.environment,
        "kind": str(deployment.kind),
        "ref": deployment.ref,
        "sha": deployment.sha,
        "commit": caption_form(deployment.caption),
        "state": str(deployment.state),
        "reason": deployment.reason or status.of(deployment).description,
        "waits": deployment.waits,
        "ends_by": deployment.ends_by,
        "holds": [held_form(each) for each in deployment.holds],
        "attempts": deployment.attempts,
        "author": deployment.author,
        "trigger": str(deployment.trigger),
        "release": deployment.release or None,
        "pull_request": abs(deployment.pull_request) or None,
        "glass": deployment.glass or None,
        "rolled_back_to": None if deployment.heals else deployment.again or None,
        "promoted_from": _promoted_form(deployment.promoted),
        "delivery": deployment.delivery,
        "created_at": moment(deployment.created_at),
        "started_at": moment(deployment.started_at),
        "finished_at": moment(deployment.finished_at),
        "objects": _counts_form(deployment.counts),
        "url": f"{public_url.rstrip('/')}{deployment.path}",
    }


def caption_form(caption: Caption) -> dict[str, str] | None:
    """Write what a commit says of itself, or null where nobody has read it; no right hangs on either."""
    return {"subject": caption.subject, "author": caption.author} if caption != Caption() else None


def held_form(held: Held) -> dict[str, Any]:
    """Write a hold; `who` can end it, in words, `ends_by` is the command that does, each empty where there is none."""
    return {
        "id": held.id,
        "kind": held.kind,
        "sentence": held.sentence,
        "who": held.who,
        "ends_by": held.ends_by,
        "since": moment(held.since),
        "until": moment(held.until),
    }


def _promoted_form(promoted: Promoted | None) -> dict[str, Any] | None:
    return {"environment": promoted.environment, "release": promoted.release or None} if promoted else None


def _counts_form(counts: Counts) -> dict[str, int]:
    """Write four numbers that are always there, and two that are rare where they are not zero."""
    form = {
        "created": counts.created,
        "configured": counts.configured,
        "unchanged": counts.unchanged,
        "deleted": counts.deleted,
    }
    rare = {"recreated": counts.recreated, "refused": counts.refused}
    return {**form, **{name: number for name, number in rare.items() if number}}


def explained_form(
    deployment: Deployment,
    public_url: str,
    *,
    with_logs: bool,
    hooks: Iterable[Hook] = (),
    images: Iterable[ImageRecord] = (),
) -> dict[str, Any]:
    """Write one deployment with its details; `logs` is null where what containers said is not shown."""
    return {
        **deployment_form(deployment, public_url),
        "details": deployment.details,
        "hooks": [_hook_form(each) for each in hooks],
        "images": [image_form(each) for each in images],
        "logs": [log_form(each) for each in deployment.logs] if with_logs else None,
    }


def _hook_form(hook: Hook) -> dict[str, Any]:
    """Write a hook; `hook` is its tool's word, `phase` is before, sync, after or on_failure."""
    return {
        "ref": hook.ref,
        "phase": hook.phase,
        "hook": hook.said,
        "state": str(hook.state),
        "reason": hook.reason,
        "began_at": moment(hook.began_at),
        "ended_at": moment(hook.ended_at),
    }


def log_form(log: ContainerLog) -> dict[str, Any]:
    """Write what one container said last."""
    return {"pod": log.pod, "container": log.container, "previous": log.previous, "lines": list(log.lines)}


def delivery_form(row: DeliveryRow) -> dict[str, Any]:
    """Write a delivery with the sentence that says what it did; `source` is where a rejected one came from.

    One that is `forgotten` has kept its repository and commit. `duplicates` counts how often it came again.
    """
    return {
        "id": row.id,
        "forge": row.forge,
        "delivery": row.delivery,
        "event": None if row.verdict is Verdict.REJECTED or row.forgotten else event_form(row.event),
        "verdict": str(row.verdict),
        "reason": row.reason,
        "details": row.details,
        "received_at": moment(row.received_at),
        "repository": row.repository,
        "sha": row.event.sha,
        "source": row.source,
        "duplicates": row.duplicates,
        "forgotten": row.forgotten,
        "routed": row.routed_at is not None,
        "deployments": list(row.deployments),
        "asks": [_ask_form(ask, entry) for ask, entry in row.answered],
    }


def whole_delivery_form(row: DeliveryRow) -> dict[str, Any]:
    """Write one delivery with the headers by which its forge says what it is, which lists leave out."""
    return {**delivery_form(row), "headers": dict(row.headers)}


def _ask_form(ask: Ask, entry: AuditEntry | None) -> dict[str, Any]:
    """Write an ask with its newest verdict, which is null until there is one."""
    return {
        "word": ask.word,
        "environment": ask.environment,
        "arguments": dict(ask.arguments),
        "who": ask.who,
        "source": str(ask.source),
        "sha": ask.sha,
        "at": moment(ask.at),
        "verdict": str(entry.verdict) if entry else None,
        "reason": entry.reason if entry else "",
        "deployment": entry.deployment if entry else None,
    }


def event_form(event: Event) -> dict[str, Any]:
    """Write an event; `on` stands beside a comment only, `environment` where the forge names one."""
    form = {
        "kind": str(event.kind),
        "action": event.action,
        "repository": event.repository,
        "ref": event.ref,
        "base_ref": event.base_ref,
        "sha": event.sha,
        "before": event.before,
        "number": event.number,
        "fork": event.fork,
        "merged_sha": event.merged_sha,
        "author": event.author,
        "comment": event.comment,
    }
    if event.kind in (EventKind.DEPLOYMENT, EventKind.REVIEW):
        return {**form, "environment": event.environment}
    return {**form, "on": event.comment_on} if event.kind is EventKind.COMMENT else form


def change_form(change: Change) -> dict[str, Any]:
    """Write what happened to one object, or would; secrets are masked already."""
    return {
        "action": str(change.action),
        "ref": str(change.ref),
        "group": change.ref.group,
        "kind": change.ref.kind,
        "namespace": change.ref.namespace,
        "name": change.ref.name,
        "why": change.why,
        "fields": [_field_form(each) for each in change.fields],
        "left": [{"field": each.field, "whose": each.whose} for each in change.left],
        "warnings": [{"topic": str(each.topic), "sentence": each.sentence} for each in change.warnings],
        "notes": list(change.notes),
        "diff": change.diff,
    }


def _field_form(change: FieldChange) -> dict[str, Any]:
    """Write one field; `old` or `new` is missing where the field is, which null would not say."""
    sides = {"old": change.old, "new": change.new}
    return {"path": change.path, **{side: json.loads(text) for side, text in sides.items() if text is not None}}


def progress_form(line: Progress) -> dict[str, Any]:
    """Write one line of a deployment's story."""
    return {"id": line.id, "at": moment(line.at), "phase": line.phase, "text": line.text}
