"""GitHub's deployments that somebody else made: which of them want us to deploy.

Ours have our mark. Whoever copies it only keeps their own deployment from being carried out. A workflow's say that a
job of it runs, and other tasks than deploying are somebody else's.
"""

from pushboat.events import Event, EventKind
from pushboat.forges.payload import Payload

TASK = "deploy"
"""What a deployment is for, where nobody says otherwise."""
MARK = "pushboat"
"""Under which a deployment's payload keeps our mark."""


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
