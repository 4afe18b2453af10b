"""A deployment that somebody made at the forge: an ask like a comment's, answered by statuses of that deployment."""

from collections.abc import Collection

from pushboat.events import Event
from pushboat.model.ask import Ask, Source
from pushboat.model.forge_answer import Answered
from pushboat.routing.decision import Act

NUMBER = "deployment"
"""Under which an ask keeps the forge's number of the deployment that it stands for."""
REF = "ref"
"""Under which it keeps what its creator deploys there: a branch, a tag or a commit."""


def read(event: Event, repository: str, environments: Collection[str]) -> Ask | None:
    """Read what a deployment asks for; None where its environment is not one of ours, and so somebody else's."""
    if event.environment not in environments or not event.sha or not event.forge_number or not event.author:
        return None
    return Ask(
        word="deploy",
        who=event.author,
        source=Source.DEPLOYMENT,
        repository=repository,
        environment=event.environment,
        arguments={NUMBER: str(event.forge_number), REF: event.ref},
        sha=event.sha,
    )


def number_of(ask: Ask) -> int:
    """Give the forge's number of the deployment that an ask stands for; 0: it stands for none."""
    return int(ask.arguments.get(NUMBER, "0")) if ask.source is Source.DEPLOYMENT else 0


def answers(ask: Ask, reason: str) -> tuple[Act, ...]:
    """Say at the forge's deployment why nothing follows; programs that make them for others get no answer."""
    if not number_of(ask) or ask.who.endswith("[bot]"):
        return ()
    return (Answered(number=number_of(ask), environment=ask.environment, sha=ask.sha, description=reason),)
