"""What a rollback would change, said before it is asked for, and whether that is meant; here and elsewhere alike."""

import sys
import tempfile
from pathlib import Path

import click

from cli import output, telling
from cli.elsewhere import Elsewhere, Json, NoAnswer, NotAllowed
from pushboat.config.operator import Operator
from pushboat.model.deployment import Lane
from pushboat.model.question import Told
from pushboat.store.database.engine import Store
from workers.questions.answering import answered
from workers.questions.onlooking import onlooking
from workers.questions.rollback import foretold


def agreed_here(operator: Operator, store: Store, lane: Lane, arguments: dict[str, str], *, sure: bool) -> bool:
    """Say what would change and hear whether it is meant; what was shown is then what is asked for."""
    with (
        tempfile.TemporaryDirectory(prefix="pushboat-") as scratch,
        onlooking(operator, store, Path(scratch)) as tools,
    ):
        told = answered(lambda: foretold(tools, lane, arguments.get("release", "")))
    return _agreed(told, lane.environment, arguments, sure=sure)


def agreed_there(there: Elsewhere, place: Json, arguments: dict[str, str], *, sure: bool) -> bool:
    """Do the same where Pushboat is elsewhere; nobody who must go back is kept from it by an answer that is missing."""
    wanted = {name: arguments[name] for name in ("release",) if name in arguments}
    try:
        told = telling.asked(there, {"word": "rollback", **place, "arguments": wanted})
    except (NoAnswer, NotAllowed) as silent:
        said = silent.summary if isinstance(silent, NoAnswer) else silent.message.partition("\n")[0]
        told = Told(code=telling.COULD_NOT_FIND_OUT, said=(("", f"what that changes is not known: {said}"),))
    return _agreed(told, place["environment"], arguments, sure=sure)


def _agreed(told: Told, environment: str, arguments: dict[str, str], *, sure: bool) -> bool:
    """Hear it, where somebody is there to be asked; what cannot be gone back to is refused by the one who decides."""
    if told.code == telling.NO:
        return True
    for glyph, sentence in told.said:
        output.say(sentence, glyph=glyph)
    question = "Go back?"
    if told.form is not None:
        arguments["release"] = str(told.form["release"])
    else:
        release = arguments.get("release", "")
        question = f"{environment} goes back to {f'release {release}' if release else 'the release before'}. {question}"
    return sure or not sys.stdin.isatty() or click.confirm(question, err=True)
