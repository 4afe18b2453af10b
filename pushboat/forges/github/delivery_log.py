"""GitHub's log of what a webhook delivered, kept for days: what found nobody listening can be sent again from there."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from github import Github

from pushboat.forges.delivery_logs import Entry, lost
from pushboat.forges.github.api import Api, listed
from pushboat.forges.github.webhook_settings import goes_to
from pushboat.forges.protocol import Undelivered


def undelivered(api: Api, repository: str, hook_url: str, since: float) -> tuple[Undelivered, ...]:
    """List what did not get through after `since`: nobody answered, or a proxy said 5xx. Our own no is an answer."""

    def read(github: Github) -> tuple[Undelivered, ...]:
        hooks = listed(github, f"/repos/{repository}/hooks")
        ours = [int(hook["id"]) for hook in hooks if goes_to(hook, hook_url)]
        return tuple(found for hook in ours for found in lost(_entries(github, repository, hook), since))

    return api.ask(repository, f"read what the webhook of {repository} delivered", read)


def redeliver(api: Api, repository: str, one: Undelivered) -> None:
    """Have one sent again."""
    path = f"/repos/{repository}/hooks/{one.hook}/deliveries/{one.number}/attempts"

    def post(github: Github) -> None:
        github.requester.requestJsonAndCheck("POST", path)

    api.ask(repository, f"redeliver {one.delivery} of {repository}", post)


def _entry(hook: int, said: dict[str, Any]) -> Entry:
    answered = 200 <= int(said["status_code"]) < 500
    return Entry(delivery=said["guid"], hook=hook, number=int(said["id"]), at=_time(said), answered=answered)


def _entries(github: Github, repository: str, hook: int) -> Iterator[Entry]:
    path = f"/repos/{repository}/hooks/{hook}/deliveries"
    parameters: dict[str, Any] | None = {"per_page": 100}
    while parameters:
        _, page = github.requester.requestJsonAndCheck("GET", path, parameters=parameters)
        yield from (_entry(hook, said) for said in page)
        # The log is paged by a cursor, which is the last entry's number.
        parameters = {"per_page": 100, "cursor": page[-1]["id"]} if len(page) == 100 else None


def _time(entry: dict[str, Any]) -> float:
    return datetime.fromisoformat(str(entry["delivered_at"]).replace("Z", "+00:00")).timestamp()
