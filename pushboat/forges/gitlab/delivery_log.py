"""GitLab's log of what a project's webhook delivered, kept for a week: it can be sent again from there.

GitLab has it since 17.4. It holds deliveries with their bodies, so it is read in small pages. Before 19.0 it does not
say when an entry was written; a comment and a merge request carry their own time, and pushes are found by their heads.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from gitlab import Gitlab

from pushboat.forges.answers import Missing
from pushboat.forges.delivery_logs import Entry, lost
from pushboat.forges.gitlab.api import Api
from pushboat.forges.protocol import Undelivered
from pushboat.forges.webhooks import same_address
from pushboat.model.digits import whole

_PAGE = 20
"""The most that GitLab gives at once."""

_IDS = ("webhook-id", "idempotency-key")
_TOO_LARGE = {"oversize": True}
"""What GitLab keeps in place of a body that is too large for its log: to send that again would say nothing."""


def undelivered(api: Api, repository: str, hook_url: str, since: float) -> tuple[Undelivered, ...]:
    """List what did not get through after `since`: nobody answered, or a proxy said 5xx. Our own no is an answer."""
    project = f"/projects/{quote(repository, safe='')}"

    def hooks(gitlab: Gitlab) -> list[int]:
        listed = gitlab.http_list(f"{project}/hooks", iterator=True)
        return [int(hook["id"]) for hook in listed if same_address(str(hook["url"]), hook_url)]

    doing = f"read what the webhook of {repository} delivered"
    ours = api.ask(doing, hooks)
    try:
        return api.ask(doing, lambda gitlab: _lost(gitlab, project, ours, since))
    except Missing:
        return ()  # it has just shown us the hook: this GitLab is older than its log


def redeliver(api: Api, repository: str, one: Undelivered) -> None:
    """Have one sent again; it keeps its id, and GitLab takes five of these wishes a minute."""
    path = f"/projects/{quote(repository, safe='')}/hooks/{one.hook}/events/{one.number}/resend"
    api.ask(f"redeliver {one.delivery} of {repository}", lambda gitlab: gitlab.http_post(path))


def _lost(gitlab: Gitlab, project: str, hooks: list[int], since: float) -> tuple[Undelivered, ...]:
    return tuple(found for hook in hooks for found in lost(_entries(gitlab, project, hook), since))


def _entries(gitlab: Gitlab, project: str, hook: int) -> Iterator[Entry]:
    for said in gitlab.http_list(f"{project}/hooks/{hook}/events", iterator=True, query_data={"per_page": _PAGE}):
        headers = {name.lower(): str(value) for name, value in (said["request_headers"] or {}).items()}
        delivery = next((headers[name] for name in _IDS if headers.get(name)), "")
        if delivery and said["request_data"] != _TOO_LARGE:
            answered = _is_answer(str(said["response_status"]))
            yield Entry(
                delivery=delivery, hook=hook, number=int(said["id"]), at=_time(said, headers), answered=answered
            )


def _is_answer(status: str) -> bool:
    """Tell an answer of ours from a proxy's, and from "internal error", which is GitLab's word for none."""
    return 200 <= (whole(status) or 0) < 500


def _time(said: dict[str, Any], headers: dict[str, str]) -> float:
    """Say when an entry was written, or else when that happened which it tells of; 0 where nothing says it."""
    stamp = headers.get("webhook-timestamp", "")
    if not said.get("created_at") and (stamped := whole(stamp)) is not None:
        return float(stamped)
    told = (said["request_data"] or {}).get("object_attributes") or {}
    text = str(said.get("created_at") or told.get("updated_at") or told.get("created_at") or "")
    try:
        time = datetime.fromisoformat(text.replace(" UTC", "+00:00"))
    except ValueError:
        return 0.0
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
