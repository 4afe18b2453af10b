"""Say what runs in each environment, what was tried last and how that ended, what drifted, and what holds it.

Anyone who may comment may ask.
"""

from collections.abc import Iterator

from pushboat.model import status
from pushboat.model.ask import Ask
from pushboat.model.command_words import SLASH
from pushboat.model.container_log import in_markdown
from pushboat.model.deployment import Deployment, Held, short
from pushboat.model.standing import Standing
from pushboat.model.status import clip
from pushboat.model.times import clock
from pushboat.model.wording import beside, code, ended_by
from pushboat.routing.command import Command, table
from pushboat.routing.decision import Decision, Facts
from pushboat.routing.holds import all_told
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.permission import anyone, path_of
from pushboat.routing.saying import done


def lead(ask: Ask, facts: Facts) -> Decision:
    """Answer with a line for each environment."""
    lines = [_line(standing, facts.public_url) for standing in facts.standings]
    body = (
        "\n\n".join(["\n".join(lines), *_logs(facts)]) if lines else f"Nothing of {path_of(ask)} has been deployed yet."
    )
    return done(ask, "answered /deploy status", body)


def _logs(facts: Facts) -> Iterator[str]:
    """Show what containers said last, where the operator lets comments say it."""
    for standing in facts.standings:
        limits, latest = facts.limits.get(standing.environment), standing.latest
        if limits and limits.logs_in_comments and latest and latest.logs:
            yield in_markdown(latest.logs)


def _line(standing: Standing, public_url: str) -> str:
    drift = [code(standing.drift, LONGEST_SENTENCE)] if standing.drift else []  # names and values are other people's
    ahead = [standing.unmerged.sentence] if standing.unmerged else []
    return "; ".join([_state(standing, public_url), *ahead, *drift, *_holds(standing)])


def _state(standing: Standing, public_url: str) -> str:
    runs, latest = standing.runs, standing.latest
    if runs is None and latest is None:
        return f"- {standing.environment}: nothing was deployed here yet"
    words = (
        f"runs {_link(runs, public_url)} since {clock(runs.finished_at or runs.created_at)}"
        if runs
        else ("it was destroyed" if standing.destroyed else "nothing runs yet")
    )
    line = f"- {standing.environment}: {words}"
    if latest is None or (runs and latest.id == runs.id):
        return line
    if latest.holds:  # each of them is named below
        return f"{line}; tried last: {_link(latest, public_url)}, {latest.state}"
    # In code, because a reason ends with words of pods and tools: no mention, link or image of theirs is ours to post.
    reason = beside(
        clip(latest.waits or latest.reason or status.of(latest).description, LONGEST_SENTENCE), latest.state
    )
    how = f"{latest.state}: {code(reason, LONGEST_SENTENCE)}" if reason else latest.state
    return f"{line}; tried last: {_link(latest, public_url)}, {how}"


def _holds(standing: Standing) -> list[str]:
    """Say what the newest waits for and what lets nothing new start, in the order in which that ends."""
    return [_held(held) for held in all_told(standing.latest, standing.holds)]


def _held(held: Held) -> str:
    """Say one, who ends it and how; reasons and names are somebody's own words, so they stand in code too."""
    command = _said_here(held.ends_by) or held.ends_by
    who = code(held.who, LONGEST_SENTENCE) if held.who else ""
    way = ended_by(who, code(command, LONGEST_SENTENCE) if command else "")
    return f"{code(held.sentence, LONGEST_SENTENCE)}{f' ({way})' if way else ''}"


def _said_here(command: str) -> str:
    """Write a terminal's command as a comment says it, where one can: of the repository that is commented in."""
    match command.split():
        case ["pushboat", word, _, environment] if word in table():
            spoken = f"{SLASH} {word} "
            return f"{spoken}{environment}" if table()[word].grammar.startswith(spoken) else ""
    return ""


def _link(deployment: Deployment, public_url: str) -> str:
    return f"[{code(short(deployment.sha))}]({public_url.rstrip('/')}{deployment.path})"


COMMAND = Command(word="status", grammar="/deploy status", about=__doc__, may=anyone, lead=lead)
