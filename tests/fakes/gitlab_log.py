"""GitLab's log of a project webhook's events: every attempt is an entry with all that was said, for its Maintainers."""

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import requests
from flask import Flask, request

from tests.fakes.nouns import Project, Sent

if TYPE_CHECKING:
    from tests.fakes.gitlab import FakeGitLab

HOOK = "/api/v4/projects/<id>/hooks/<int:hook>"
LARGEST_PAGE = 20


def open_log(app: Flask, forge: "FakeGitLab", find: Any, refuse: Any, paginated: Any) -> None:
    """Serve the log, and send again what it is told to, at once and before it answers."""
    resent: list[float] = []

    def entries(id_: str, hook: int) -> list[tuple[int, Sent]]:
        project = find(forge, id_)
        if project.permissions.get(forge.bot, "write") not in ("admin", "maintain"):
            refuse(403, "403 Forbidden")
        if hook not in [one["id"] for one in project.hooks] or not forge.has_log:
            refuse(404, "404 Not found")
        return [(number, sent) for number, sent in enumerate(forge.deliveries, 1) if _is_of(project, sent)]

    @app.get(f"{HOOK}/events")
    def events(id: str, hook: int) -> Any:  # noqa: A002 - GitLab's word
        if int(request.args.get("per_page", LARGEST_PAGE)) > LARGEST_PAGE:
            refuse(400, "per_page does not have a valid value", "error")
        return paginated([_entry(forge, number, sent) for number, sent in reversed(entries(id, hook))])

    @app.post(f"{HOOK}/events/<int:wanted>/resend")
    def resend(id: str, hook: int, wanted: int) -> Any:  # noqa: A002
        old = dict(entries(id, hook)).get(wanted)
        if len([at for at in resent if at > time.time() - 60]) >= forge.resends_a_minute:
            refuse(429, {"error": "This endpoint has been requested too many times. Try again later."})
        if old is None:
            refuse(404, "404 Not found")
        resent.append(time.time())
        signed = forge.dialect.sign(forge, old.headers["X-Gitlab-Event"], old.body)
        kept = {name: old.headers[name] for name in ("Idempotency-Key", "webhook-id") if name in old.headers}
        again = Sent(headers=forge.resigned({**signed, **kept}, old.body), body=old.body)
        forge.deliveries.append(again)
        try:
            again.response = requests.post(forge.hook_url, data=again.body, headers=again.headers, timeout=60)
        except requests.ConnectionError as error:
            refuse(422, str(error))
        return {"response_status": again.response.status_code}, 201


def _is_of(project: Project, sent: Sent) -> bool:
    return bool(json.loads(sent.body).get("project", {}).get("id") == project.id)


def _entry(forge: "FakeGitLab", number: int, sent: Sent) -> dict[str, Any]:
    answer = sent.response
    entry = {
        "id": number,
        "url": forge.hook_url,
        "trigger": f"{sent.headers['X-Gitlab-Event'].removesuffix(' Hook').lower().replace(' ', '_')}_hooks",
        "request_headers": {
            name: "[REDACTED]" if name == "X-Gitlab-Token" else value for name, value in sent.headers.items()
        },
        "request_data": json.loads(sent.body),
        "response_headers": {} if answer is None else dict(answer.headers),
        "response_body": "" if answer is None else answer.text,
        "execution_duration": 1.07,
        "response_status": "internal error" if answer is None else str(answer.status_code),
    }
    return entry | ({"created_at": _written(sent.at)} if forge.dates_entries else {})


def _written(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
