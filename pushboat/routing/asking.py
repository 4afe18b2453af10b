"""Where a comment, a button or a forge's deployment becomes an ask: at acceptance, once. No text is read again."""

from collections.abc import Collection
from typing import Any

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.model.marker import is_ours
from pushboat.routing import buttons, forge_deployments, grammar
from pushboat.routing.command import ENVIRONMENT
from pushboat.routing.overhearing import overheard


def read(event: Event, repository: str, environments: Collection[str] = ()) -> Ask | None:
    """Read what a comment or a button asks for in a repository (`github/acme/shop`); None for talk and other events.

    `environments` are the repository's in the operator's file, by which half-right commands are known.

    What is meant for us and cannot be read is an ask too: its refusal is the answer. So is what only looks like one,
    where a person wrote it into a conversation in which commands count: it is overheard.
    """
    if event.kind is EventKind.RERUN:
        return buttons.read(event, repository)
    if event.kind is EventKind.DEPLOYMENT:
        return forge_deployments.read(event, repository, environments)
    if event.kind is not EventKind.COMMENT:
        return None
    said = grammar.parse(event.comment, environments)
    if said is not None:
        return Ask(
            word=said.word,
            **_asked(event, repository),
            environment=said.names.get(ENVIRONMENT, ""),
            arguments={name: value for name, value in said.names.items() if name != ENVIRONMENT},
            refusal=said.refusal,
            puzzled=said.puzzled,
        )
    where = overheard(event.comment) if _may_command(event) else ""
    return Ask(word="", **_asked(event, repository), overheard=where) if where else None


def _may_command(event: Event) -> bool:
    """Say whether commands would count where and by whom this was written; machines and documents quote them a lot."""
    return (
        event.action == "created"
        and event.comment_on in ("pull_request", "commit")
        and not (event.bot or is_ours(event.comment))
    )


def _asked(event: Event, repository: str) -> dict[str, Any]:
    return {
        "who": event.author,
        "source": Source.COMMENT,
        "repository": repository,
        "number": event.number or 0,
        "sha": event.sha,
    }
