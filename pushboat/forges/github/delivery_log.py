"""GitHub's log of what a webhook delivered, kept for days: what found nobody listening can be sent again from there."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from github import Github

from pushboat.forges.github.api import Api
from pushboat.forges.protocol import Undelivered

MOST_ENTRIES = 500
"""Newest first; a webhook that lost more than these has lost comments that nobody waits for any more."""


def undelivered(api: Api, repository: str, hook_url: str, since: float) -> tuple[Undelivered, ...]:
    """List what did not get through after `since`: nobody answered, or a proxy said 5xx. Our own no is an answer."""

    def read(github: Github) -> tuple[Undelivered, ...]:
        _, hooks = github.requester.requestJsonAndCheck("GET", f"/repos/{repository}/hooks")
        ours = [hook["id"] for hook in hooks if _url(hook) == hook_url.rstrip("/")]
        return tuple(lost for hook in ours for lost in _lost(github, repository, hook, since))

    return api.ask(repository, f"read what the webhook of {repository} delivered", read)


def redeliver(api: Api, repository: str, lost: Undelivered) -> None:
    """Have one sent again."""
    path = f"/repos/{repository}/hooks/{lost.hook}/deliveries/{lost.number}/attempts"

    def post(github: Github) -> None:
        github.requester.requestJsonAndCheck("POST", path)

    api.ask(repository, f"redeliver {lost.delivery} of {repository}", post)


def _url(hook: dict[str, Any]) -> str:
    return str(hook.get("config", {}).get("url", "")).rstrip("/")


def _lost(github: Github, repository: str, hook: int, since: float) -> list[Undelivered]:
    """Judge each delivery by its newest attempt."""
    newest: dict[str, dict[str, Any]] = {}
    for entry in islice(_entries(github, f"/repos/{repository}/hooks/{hook}/deliveries"), MOST_ENTRIES):
        if _time(entry) < since:
            break
        newest.setdefault(entry["guid"], entry)
    lost = [entry for entry in newest.values() if not 200 <= int(entry["status_code"]) < 500]
    return [
        Undelivered(delivery=entry["guid"], hook=hook, number=int(entry["id"]))
        for entry in sorted(lost, key=lambda entry: (_time(entry), entry["id"]))
    ]


def _entries(github: Github, path: str) -> Iterator[dict[str, Any]]:
    parameters: dict[str, Any] | None = {"per_page": 100}
    while parameters:
        _, page = github.requester.requestJsonAndCheck("GET", path, parameters=parameters)
        yield from page
        # The log is paged by a cursor, which is the last entry's number.
        parameters = {"per_page": 100, "cursor": page[-1]["id"]} if len(page) == 100 else None


def _time(entry: dict[str, Any]) -> float:
    return datetime.fromisoformat(str(entry["delivered_at"]).replace("Z", "+00:00")).timestamp()
