"""Where a comment or a pressed button becomes an ask: at acceptance, once. Nobody reads the comment's text again."""

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.routing import buttons, grammar
from pushboat.routing.command import ENVIRONMENT


def read(event: Event, repository: str) -> Ask | None:
    """Read what a comment or a button asks for in a repository (`github/acme/shop`); None for talk and other events.

    What is meant for us and cannot be read is an ask too: its refusal is the answer.
    """
    if event.kind is EventKind.RERUN:
        return buttons.read(event, repository)
    said = grammar.parse(event.comment) if event.kind is EventKind.COMMENT else None
    if said is None:
        return None
    return Ask(
        word=said.word,
        who=event.author,
        source=Source.COMMENT,
        repository=repository,
        environment=said.names.get(ENVIRONMENT, ""),
        arguments={name: value for name, value in said.names.items() if name != ENVIRONMENT},
        number=event.number or 0,
        sha=event.sha,
        refusal=said.refusal,
        puzzled=said.puzzled,
    )
