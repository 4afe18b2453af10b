"""A notice in fields, for programs: as a Standard Webhook, as a CloudEvent, or as a CDEvent inside of one.

What was pushed stands there as it was: a program reads fields, and nothing in them is markup.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pushboat.config.notifying import CLOUDEVENTS, Receiver
from pushboat.model.json_forms import moment
from pushboat.model.notice import News, Notice

JSON, CLOUDEVENT = "application/json", "application/cloudevents+json"
CDEVENTS_VERSION = "0.4.1"
_OF_SERVICES = "0.2.0"
"""The version of CDEvents' service and pipelineRun events in CDEvents 0.4."""
_OWN = "dev.cdeventsx.pushboat-environment.{news}.0.1.0"
"""What CDEvents has no word for, in the form that it keeps for other people's."""


def body(notice: Notice, receiver: Receiver, public_url: str) -> tuple[str, bytes]:
    """Give the content type and the body that a receiver is sent."""
    if receiver.way != CLOUDEVENTS:
        said = {"type": _type(notice), "timestamp": moment(notice.at), "data": _data(notice, public_url)}
        return JSON, _bytes(said)
    event = _cdevent(notice, public_url) if receiver.cdevents else None
    kind = str(event["context"]["type"]) if event else f"dev.pushboat.{_type(notice)}"
    said = {
        "specversion": "1.0",
        "id": notice.id,
        "source": public_url,
        "type": kind,
        "subject": _subject(notice),
        "time": moment(notice.at),
        "datacontenttype": JSON,
        "data": event or _data(notice, public_url),
    }
    return CLOUDEVENT, _bytes(said)


def _type(notice: Notice) -> str:
    return f"environment.{notice.news}"


def _subject(notice: Notice) -> str:
    return "/".join(filter(None, (notice.repository, notice.environment))) or "test"


def _data(notice: Notice, public_url: str) -> Mapping[str, Any]:
    return {
        "id": notice.id,
        "news": str(notice.news),
        "repository": notice.repository,
        "environment": notice.environment,
        "sha": notice.sha,
        "ref": notice.ref,
        "reason": notice.sentence,
        "commit": {"subject": notice.subject, "author": notice.author},
        "deployment": notice.deployment or None,
        "rolled_back": notice.rolled_back,
        "url": f"{public_url}{notice.path}",
    }


def _cdevent(notice: Notice, public_url: str) -> Mapping[str, Any]:
    """Say it in the words of CDEvents 0.4; a failure is a run that ended, for it has none for a service that did not
    come up."""
    kind, subject = _OWN.format(news=notice.news), "pushboat-environment"
    content: dict[str, Any] = {"reason": notice.sentence}
    named = _subject(notice)
    if notice.news in (News.DEPLOYED, News.RECOVERED, News.REMOVED):
        kind, subject = f"dev.cdevents.service.{_predicate(notice)}.{_OF_SERVICES}", "service"
        content = {"environment": {"id": notice.environment, "source": public_url}}
        if notice.news is not News.REMOVED:
            content["artifactId"] = f"pkg:generic/{quote(notice.repository)}@{quote(notice.sha)}"
    elif notice.news is News.FAILED:
        kind, subject, named = (
            f"dev.cdevents.pipelinerun.finished.{_OF_SERVICES}",
            "pipelineRun",
            str(notice.deployment),
        )
        outcome = "error" if notice.errored else "failure"
        content = {"pipelineName": _subject(notice), "outcome": outcome, "errors": notice.sentence}
        content["url"] = f"{public_url}{notice.path}"
    return {
        "context": {
            "version": CDEVENTS_VERSION,
            "id": notice.id,
            "source": public_url,
            "type": kind,
            "timestamp": moment(notice.at),
        },
        "subject": {"id": named, "source": public_url, "type": subject, "content": content},
        "customData": _data(notice, public_url),
        "customDataContentType": JSON,
    }


def _predicate(notice: Notice) -> str:
    if notice.news is News.REMOVED:
        return "removed"
    if notice.rolled_back:
        return "rolledback"
    return "deployed" if notice.first else "upgraded"


def _bytes(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
