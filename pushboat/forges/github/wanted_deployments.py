"""GitHub's deployments that somebody else made: which of them want us to deploy, and which ask whether they may.

Ours have our mark. Whoever copies it only keeps their own deployment from being carried out. A workflow's say that a
job of it runs, and other tasks than deploying are somebody else's.
"""

import re

from pushboat.events import Event, EventKind
from pushboat.forges.payload import Payload

TASK = "deploy"
"""What a deployment is for, where nobody says otherwise."""
MARK = "pushboat"
"""Under which a deployment's payload keeps our mark."""


_RUN = re.compile(r"/actions/runs/(\d{1,18})/deployment_protection_rule")


def read_review(body: Payload, sender: str, *, bot: bool) -> Event:
    """Read whether a workflow's job may deploy. Of the address that wants the answer only the run's number is taken.

    Whoever could write an address of theirs there would get our token otherwise.
    """
    action, run = body.text("action"), _RUN.search(body.text("deployment_callback_url"))
    deployment = body.object("deployment")
    if action != "requested" or run is None:
        title = f"deployment_protection_rule {action}".strip()
        return Event(kind=EventKind.OTHER, action=action, title=title, author=sender, bot=bot)
    return Event(
        kind=EventKind.REVIEW,
        action=action,
        ref=deployment.name("ref"),
        sha=deployment.sha("sha"),
        environment=body.text("environment"),
        run=int(run[1]),
        author=deployment.object("creator").text("login") or sender,
        bot=bot,
    )


def read(body: Payload, author: str, *, bot: bool) -> Event:
    """Read a deployment; what nobody wants from us is an event of another kind, whose title says why."""
    deployment = body.object("deployment")
    action, task = body.text("action"), deployment.text("task")
    not_for_us = (
        (action != "created", f"deployment {action}".strip()),
        (deployment.within("payload").says(MARK), "a deployment that Pushboat itself lists"),
        (bool(body.within("workflow") or body.within("workflow_run")), "a workflow's own deployment"),
        (task not in ("", TASK), f"a deployment whose task is {task}"),
    )
    why = next((title for other, title in not_for_us if other), "")
    creator = deployment.object("creator").text("login") or author
    if why:
        return Event(kind=EventKind.OTHER, action=action, title=why, author=creator, bot=bot)
    return Event(
        kind=EventKind.DEPLOYMENT,
        action=action,
        ref=deployment.name("ref"),
        sha=deployment.sha("sha"),
        environment=deployment.text("environment"),
        forge_number=deployment.number("id") or 0,
        author=creator,
        sender="" if author.casefold() == creator.casefold() else author,
        bot=bot,
    )
