"""GitHub's log of a webhook's deliveries: every attempt is an entry, newest first, for those who may see webhooks."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import requests
from flask import Flask, abort, jsonify, request

from tests.fakes.nouns import Project, Sent

if TYPE_CHECKING:
    from tests.fakes.github import FakeGitHub

HOOK = "/api/v3/repos/<owner>/<name>/hooks/<int:hook>"
SCOPE = "admin:repo_hook"


def open_log(app: Flask, forge: "FakeGitHub", find: Any) -> None:
    """Serve the log and take wishes for another attempt."""

    def entries(owner: str, name: str, hook: int) -> list[tuple[int, Sent]]:
        project = find(forge, owner, name)
        if SCOPE not in forge.scopes or hook not in [one["id"] for one in project.hooks]:
            answer = jsonify(message="Not Found")
            answer.status_code = 404
            abort(answer)
        return [(number, sent) for number, sent in enumerate(forge.deliveries, 1) if _is_of(project, sent)]

    @app.get(f"{HOOK}/deliveries")
    def log(owner: str, name: str, hook: int) -> Any:
        size, cursor = int(request.args.get("per_page", 30)), int(request.args.get("cursor", 1 << 60))
        found = [_entry(number, sent) for number, sent in reversed(entries(owner, name, hook)) if number < cursor]
        return jsonify(found[: min(size, 100)])

    @app.post(f"{HOOK}/deliveries/<int:wanted>/attempts")
    def attempt(owner: str, name: str, hook: int, wanted: int) -> Any:
        old = dict(entries(owner, name, hook))[wanted]
        again = Sent(headers=old.headers, body=old.body)
        forge.deliveries.append(again)
        with suppress(requests.ConnectionError):  # nobody listens: GitHub says 202 all the same, it sends later
            again.response = requests.post(forge.hook_url, data=again.body, headers=again.headers, timeout=60)
        return jsonify({}), 202


def _is_of(project: Project, sent: Sent) -> bool:
    return bool(json.loads(sent.body).get("repository", {}).get("id") == project.id)


def _entry(number: int, sent: Sent) -> dict[str, Any]:
    code = 502 if sent.response is None else sent.response.status_code
    return {
        "id": number,
        "guid": sent.headers["X-GitHub-Delivery"],
        "delivered_at": datetime.fromtimestamp(sent.at, UTC).isoformat().replace("+00:00", "Z"),
        "redelivery": False,
        "status": "OK" if code < 300 else "failed to connect to host",
        "status_code": code,
        "event": sent.headers["X-GitHub-Event"],
        "action": None,
    }
