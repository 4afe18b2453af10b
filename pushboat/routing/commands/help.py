"""List what can be said.

Anyone who may comment may ask. The list is made from the commands themselves.
"""

from pushboat.model.ask import Ask
from pushboat.model.wording import code, some
from pushboat.routing.command import Command, table
from pushboat.routing.decision import Decision, Facts
from pushboat.routing.permission import anyone, path_of
from pushboat.routing.saying import done


def lead(ask: Ask, facts: Facts) -> Decision:
    """Answer with the list."""
    return done(ask, "answered /deploy help", text(ask, facts))


def text(ask: Ask, facts: Facts) -> str:
    """Write what can be said, and where it leads."""
    lines = [f"- {code(command.grammar)}: {command.help}" for command in table().values() if command.grammar]
    if facts.limits:
        lines += ["", f"Environments of {path_of(ask)}: {', '.join(some(sorted(facts.limits)))}."]
    return "\n".join(lines)


COMMAND = Command(word="help", grammar="/deploy help", about=__doc__, may=anyone, lead=lead)
