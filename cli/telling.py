"""An answer of a cluster, printed as it is printed where Pushboat runs; and a question that is asked elsewhere."""

import time

import click

from cli import output
from cli.elsewhere import Elsewhere, Json, NoAnswer, NotThere
from cli.patience import patiently
from pushboat.model.question import ANSWER_WITHIN, Told
from pushboat.model.wording import near_miss

NO, USAGE, COULD_NOT_FIND_OUT = 1, 2, 3
_LOOK_EVERY = (0.1, 0.2, 0.4)
_THEN_EVERY = 0.8


def tell(told: Told, *, as_json: bool) -> int:
    """Print an answer, data to stdout and talk to stderr, and give its exit code.

    Raises:
        UsageError: it says that the question is not clear.
    """
    if told.code == USAGE:
        raise click.UsageError("; ".join(output.one_line(sentence) for _, sentence in told.said))
    if as_json and told.form is not None:
        output.print_json(told.form)
        return told.code
    for line in told.lines:
        output.data(line)
    for glyph, sentence in told.said:
        output.say(sentence, glyph=glyph)
    return told.code


def asked(there: Elsewhere, question: Json, path: str = "questions") -> Told:
    """Ask a Pushboat elsewhere, which takes such questions at a path of its API, and wait for the answer.

    Raises:
        NoAnswer: nobody answered in time.
        UsageError: there is no such environment.
    """
    number = _taken(there, question, path)
    began, pauses = time.monotonic(), iter(_LOOK_EVERY)
    while time.monotonic() - began < ANSWER_WITHIN + 5:
        time.sleep(next(pauses, _THEN_EVERY))
        said = patiently(lambda: there.get(f"questions/{number}")).form["answer"]
        if said is not None:
            return Told(
                code=said["code"],
                form=said["form"],
                lines=tuple(said["lines"]),
                said=tuple((each["glyph"], each["sentence"]) for each in said["said"]),
            )
    raise NoAnswer(f"{there.url} took the question, and answers nothing")


def _taken(there: Elsewhere, question: Json, path: str) -> int:
    try:
        return int(there.post(path, question).form["question"])
    except NotThere as gone:
        rows = there.get("environments").form["items"]
        names = {row["repository"] for row in rows}
        spelled = next((name for name in names if name.lower() == str(question.get("repository", "")).lower()), "")
        of_it = [row["environment"] for row in rows if row["repository"] == spelled]
        hint = near_miss(question["environment"], of_it) if spelled else near_miss(question["repository"], names)
        raise click.UsageError(f"{gone.summary}; {hint or 'none yet'}") from gone
