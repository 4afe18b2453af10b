"""`pushboat explain CODE`: what a code means, why, and how it is mended; offline, from what was installed."""

import difflib

import click

from cli import output
from cli.carried import carried
from cli.explaining.table import BY_CODE, SUBJECTS
from cli.explaining.words import Explanation
from cli.output import AS_JSON

PAGES = carried("docs", "errors.md")
"""Where the pages of this version lie, on this machine."""


@click.command()
@click.argument("codes", nargs=-1, metavar="[CODE]...")
@AS_JSON
def explain(codes: tuple[str, ...], *, as_json: bool) -> int:
    """Say what a CODE means that a finding, an error, a hold or the doctor names; without one, list them all.

    It needs neither a network nor a file of yours.
    """
    wanted = [_found(code) for code in codes] if codes else list(BY_CODE.values())
    if as_json:
        output.print_json([_form(each) for each in wanted])
    elif codes:
        output.data("\n\n".join(_told(each) for each in wanted))
    else:
        output.data("\n\n".join(_listed(subject, rows) for subject, rows in SUBJECTS.items()))
        output.say("pushboat explain CODE says more")
    return 0


def _found(code: str) -> Explanation:
    """Find a code as people type it: in any case, with blanks, and by its class's name."""
    plain = code.strip().strip("`[]().,:").lower().replace("_", "-").replace(" ", "-")
    names = {name.replace("-", ""): name for name in BY_CODE}
    name = plain if plain in BY_CODE else names.get(plain.replace("-", ""), "")
    if name:
        return BY_CODE[name]
    near = (
        difflib.get_close_matches(plain, BY_CODE, 3, 0.6) or [each for each in BY_CODE if plain and plain in each][:3]
    )
    hint = f"Did you mean {' or '.join(near)}?" if near else "`pushboat explain` lists them all."
    raise click.UsageError(f"there is no code {output.one_line(code)!r}. {hint}")


def _form(each: Explanation) -> dict[str, str]:
    return {
        "code": each.code,
        "means": each.means,
        "why": each.why,
        "mend": each.mend,
        "example": each.example,
        "page": f"{PAGES}/{each.page}",
    }


def _told(each: Explanation) -> str:
    return "\n".join(
        (
            f"{each.code}: {each.means}",
            f"  why:      {each.why}",
            f"  mend it:  {each.mend}",
            f"  example:  {each.example}",
            f"  more:     {PAGES}/{each.page}",
        )
    )


def _listed(subject: str, rows: tuple[Explanation, ...]) -> str:
    widest = max(len(each.code) for each in rows)
    return "\n".join((subject, *(f"  {each.code:<{widest}}  {each.means}" for each in rows)))
