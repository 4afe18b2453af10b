"""An ask that is sent to a Pushboat elsewhere, and followed from here as one of its own machine is."""

from collections.abc import Mapping

import click

from cli import following, output
from cli.elsewhere import Elsewhere, Json, NoAnswer, NotThere
from cli.following import Manner, follow_through
from cli.foretelling import agreed_there
from cli.vantage import There
from pushboat.errors import CommandRefused
from pushboat.model.command_words import BY_TOKEN
from pushboat.model.wording import near_miss
from pushboat.routing.command import Command


def send(
    there: Elsewhere, asked: Command, repository: str, environment: str, arguments: dict[str, str], manner: Manner
) -> int:
    """Send it, follow what becomes of it, and give the exit code.

    Raises:
        UsageError: there is no such repository, or a token cannot ask for this.
        CommandRefused: there is no such environment.
    """
    _refuse_what_no_token_may(asked, arguments)
    place = {"repository": repository, "environment": environment}
    if asked.about_releases and not agreed_there(there, place, arguments, sure=manner.sure):
        output.say("nothing was done")
        return following.NO
    wish = {"word": asked.word, **place, "arguments": dict(arguments)}
    taken = _taken(there, wish)
    return follow_through(There(elsewhere=there), int(taken["delivery"]), taken["url"], asked.ends_as, manner)


def _refuse_what_no_token_may(asked: Command, arguments: Mapping[str, str]) -> None:
    written = {option.name: option.written for option in asked.options}
    for name in arguments:
        if name not in BY_TOKEN[asked.word]:
            raise click.UsageError(
                f"{written.get(name, name)} works only where Pushboat runs: a token neither names a commit, nor "
                "consents to a large prune, nor breaks the glass"
            )


def _taken(there: Elsewhere, wish: Json) -> Json:
    try:
        return there.post("asks", wish).form
    except NotThere as gone:
        raise _typo(there, wish, gone) from gone
    except NoAnswer as silent:
        known = "whether it took the ask is not known: `pushboat deliveries list` shows it"
        raise NoAnswer(silent.summary, "\n".join(each for each in (silent.details, known) if each)) from silent


def _typo(there: Elsewhere, wish: Json, gone: NotThere) -> Exception:
    """Say what may have been meant, out of what the token sees."""
    rows = there.get("environments").form["items"]
    names = {row["repository"] for row in rows}
    spelled = next((name for name in names if name.lower() == wish["repository"].lower()), "")
    if not spelled:
        hint = near_miss(wish["repository"], names) or "none yet"
        return click.UsageError(f"there is no repository {output.one_line(wish['repository'])} there; {hint}")
    hint = near_miss(wish["environment"], [row["environment"] for row in rows if row["repository"] == spelled])
    return CommandRefused(f"{gone.summary}; {hint}" if hint else gone.summary)
