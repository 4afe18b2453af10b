"""The record of a release, from the store here or from a Pushboat elsewhere, and whose word it is that it is right."""

import json
from dataclasses import dataclass

import click

from cli import configuration
from cli.elsewhere import Elsewhere, Json, NotThere
from cli.numbering import deployment_of, number_there
from cli.opening import opened_store
from pushboat import later_words
from pushboat.model.record_worth import Worth, judge
from pushboat.reading import records


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A record, as the API has it and as it is stored; `whose` word its worth is, where not this machine's."""

    form: Json
    written: str
    whose: str = ""

    @property
    def worth(self) -> Worth:
        """Say what it is worth."""
        return later_words.read(Worth, self.form["signature"])


def record_here(ctx: click.Context, number: int, noted: tuple[bytes, ...]) -> Recorded | str:
    """Read it from the store here; a sentence where there is none."""
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        made = deployment_of(store, number)
        found = records.find(store, operator, made, noted)
    why = records.lacking(found, made.id)
    if found is None or why:
        return why
    return Recorded(form=records.record_form(found), written=found.written)


def record_there(there: Elsewhere, number: int, noted: tuple[bytes, ...]) -> Recorded | str:
    """Ask a Pushboat elsewhere for it, and check it with keys that somebody noted; a sentence where there is none."""
    number = number_there(there, number)
    try:
        form = there.get(f"deployments/{number}/record").form
    except NotThere as gone:
        return gone.summary
    written = json.dumps(form["envelope"], separators=(",", ":")) if form["envelope"] else ""
    if not noted:
        return Recorded(
            form=form, written=written, whose=f": {there.url} says so, and --key with a key of yours proves it"
        )
    made = there.get(f"deployments/{number}").form
    wanted = number, made["repository"], made["environment"], made["sha"]
    judged = judge(written or "none", wanted, noted)
    return Recorded(form={**form, "signature": str(judged.worth), "why": judged.why}, written=written)
