"""A look at environments as people read it at a terminal, file by file."""

import sys
from collections.abc import Iterator, Sequence

from cli import output
from cli.checking.looking import Looked
from pushboat.config.repository import FILE_NAME
from pushboat.model.wording import counted, unbold
from pushboat.policy import table
from workers.review.rules import RULES
from workers.review.words import Weight

KNOWN = RULES.keys() | table.RULES.keys()
"""What `pushboat explain` knows; people's own rules say what they mean themselves."""
_LOOKS = {Weight.ERROR: ("✗", "red"), Weight.WARNING: ("⚠", "yellow")}


def lines(each: Looked) -> Iterator[str]:
    """Say what became of one environment; every line about a place begins with it."""
    name, mistakes = output.one_line(each.environment), each.mistakes
    rest = each.findings
    if each.unknown:
        yield f"{mark('?', 'magenta')} {name}: {output.one_line(each.unknown)}"
    elif len(mistakes) == 1:
        yield f"{mark('✗', 'red')} {name}: {output.one_line(str(mistakes[0]))}"
        rest = tuple(one for one in rest if one is not mistakes[0])
    elif mistakes:
        files = len({one.spot[0] for one in mistakes})
        yield f"{mark('✗', 'red')} {name}: {counted(len(mistakes), 'mistake')} in {counted(files, 'file')}"
    else:
        yield f"{mark('✔', 'green')} {name}: {counted(each.objects, 'object')} from {each.path} ({each.engine})"
    yield from (f"    {output.one_line(line)}" for line in unbold(each.details).splitlines())
    yield from (f"    {mark(*_LOOKS[one.weight])} {output.one_line(str(one))}" for one in rest)
    yield from (f"    {output.one_line(note)}" for note in each.notes)


def sum_up(found: Sequence[Looked], against: str) -> None:
    """Say what it comes to, and what nobody looked at."""
    wrong, unknown = sum(bool(each.mistakes) for each in found), sum(bool(each.unknown) for each in found)
    many = counted(len(found), "environment")
    warnings = sum(len(each.findings) - len(each.mistakes) for each in found)
    warned = f"; {counted(warnings, 'warning')}" if warnings else ""
    if wrong:
        output.say(f"{wrong} of {many} would be refused{warned}")
    elif unknown:
        output.say(f"{unknown} of {many} could not be looked at here{warned}")
    else:
        output.say(f"{many}, no mistake found{warned}" if found else f"no environment of {FILE_NAME} has a path")
    output.say(against)
    if rules := list(dict.fromkeys(one.rule for each in found for one in each.findings if one.rule in KNOWN)):
        output.say(f"what these mean: pushboat explain {' '.join(rules)}")


def mark(glyph: str, colour: str) -> str:
    """Draw a sign, coloured where that is welcome."""
    return output.painted(glyph, colour, sys.stdout)
