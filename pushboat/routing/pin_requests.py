"""A promotion by pull request: of two folders on one branch, the one's pins are proposed for the other one.

Nothing is deployed by it, so no hold binds it; its merge is deployed as any push.
"""

from collections.abc import Iterable

from pushboat.config.environment import Environment
from pushboat.errors import CommandRefused
from pushboat.model.ask import Ask, Source
from pushboat.model.deployment import Deployment, Promoted, short
from pushboat.model.pin import Compared, Left, Moved, Opened, PinRequest
from pushboat.model.wording import called, code, counted, printable
from pushboat.routing.command import FROM, GLASS, PRUNE
from pushboat.routing.decision import Decision, Facts
from pushboat.routing.naming import active
from pushboat.routing.pin_acts import RequestPins
from pushboat.routing.saying import done

LONGEST = 200
"""Characters of an image or of what it belongs to."""
MOST_ROWS = 200
MOST_LEFT = 20


def branch_of(promoted: str, environment: str) -> str:
    """Name the branch of a pair of environments: one for each, since no name has a slash."""
    return f"pushboat/promote/{promoted}/to/{environment}"


def incomparable(here: Environment, there: Environment) -> str:
    """Say why one environment's pins are nothing to another one; empty where they can be moved."""
    instead = f"use {code(f'/deploy promote {here.name} {there.name}')} without {code('--pull-request')}"
    if not there.branch:
        follows = f"follows tags like {code(there.tag)}" if there.tag else "follows no branch"
        return f"{there.name} {follows}, so no merge would move it: {instead}."
    if here.branch and here.branch != there.branch:
        return (
            f"{here.name} follows {code(here.branch)} and {there.name} {code(there.branch)}: where environments are "
            f"branches, merge the one into the other."
        )
    if _folder(here) == _folder(there):
        return f"{here.name} and {there.name} are one folder, {code(_folder(here))}, with the same pins: {instead}."
    return ""


def _folder(environment: Environment) -> str:
    return environment.path.strip("/").removeprefix("./") or "."


def request(ask: Ask, facts: Facts, runs: Deployment) -> Decision:
    """Propose the pins that move, or say that none do.

    Raises:
        CommandRefused: the two folders cannot be compared, or what was asked for makes no sense of a pull request.
        UnknownEnvironment: the commit does not say where the environment lies.
    """
    for option in (PRUNE, GLASS):
        if option in ask.arguments:
            written = code(f"--{option.replace('_', '-')}")
            raise CommandRefused(
                f"A pull request deploys nothing, so {written} has no meaning beside {code('--pull-request')}: leave "
                f"one of the two out."
            )
    assert facts.commit is not None, "the worker reads the file of what runs before a promotion is routed"
    active(ask, facts, facts.commit)
    compared = facts.compared or Compared(why="Nobody looked at the two folders: ask again.")
    if compared.why:
        raise CommandRefused(compared.why)
    promoted = Promoted(environment=ask.arguments[FROM], release=runs.release)
    of = promoted.sentence
    if not compared.moved:
        sentence = f"nothing to move: {ask.environment} has the pins of {of} ({short(runs.sha)}) already"
        return done(ask, sentence, "\n\n".join([f"{sentence[:1].upper()}{sentence[1:]}.", *_not_moved(compared.left)]))
    said = f"{counted(len(compared.moved), 'pin')} of {of} ({short(runs.sha)}) to {ask.environment}"
    wanted = PinRequest(
        branch=branch_of(promoted.environment, ask.environment),
        base=compared.branch,
        tip=compared.tip,
        files=compared.files,
        message=_message(f"Promote {of} to {ask.environment}", compared.moved, ask),
        title=f"Promote {of} to {ask.environment}",
        body=_body(ask, runs, of, compared),
    )
    return Decision(acts=(RequestPins(ask=ask, request=wanted, said=said),), sentence=f"to move {said}")


def told(act: RequestPins, opened: Opened | None) -> Decision:
    """Say how it went; without a pull request, on a forge that has none, the branch is all there is."""
    ask, wanted, by = act.ask, act.request, printable(act.ask.who)
    if opened is None:
        sentence = (
            f"pushed {wanted.branch}, which moves {act.said}, as {by} said: there are no pull requests here, so merge "
            f"it into {wanted.base}"
        )
        return done(ask, sentence, f"{sentence[:1].upper()}{sentence[1:]}.")
    did, where = "opened" if opened.new else "updated", f"#{opened.number}"
    rest = f"which moves {act.said}"
    body = f"{did.title()} {where}, {rest}. Merging it deploys as any push does: {opened.url}"
    return done(ask, f"{did} {where}, {rest}, as {by} said: {opened.url}", body)


def taken(branch: str, sha: str, whose: str) -> CommandRefused:
    """Refuse because somebody has put something on the branch, which is not overwritten."""
    return CommandRefused(
        f"{code(branch, LONGEST)} holds {code(short(sha))}, which {code(whose)} made, and that is not overwritten: "
        f"merge or close its pull request, delete the branch, then ask again."
    )


def not_allowed(refusal: str, scope: str) -> CommandRefused:
    """Refuse because the forge did, and name what our token needs for it."""
    needs = f" For promotion pull requests our token needs {scope}." if scope else ""
    return CommandRefused(f"{refusal.rstrip('.')}.{needs}")


def _message(subject: str, moved: Iterable[Moved], ask: Ask) -> str:
    lines = "\n".join(f"- {printable(one.what, LONGEST)}: {one.old} -> {one.new}" for one in moved)
    return f"{subject}\n\n{lines}\n\nAsked-for-by: {printable(ask.who)}\n"


def _body(ask: Ask, runs: Deployment, of: str, compared: Compared) -> str:
    asked = f" in #{ask.number}" if ask.number else ""
    who = called(ask.who) if ask.source is Source.COMMENT else printable(ask.who)
    rows = [
        f"| {_cell(one.what)} | {_cell(one.old)} | {_cell(one.new)} | {_cell(f'{one.file}:{one.line}')} |"
        for one in compared.moved[:MOST_ROWS]
    ]
    more = len(compared.moved) - len(rows)
    table = "\n".join(["| Pin | now | then | at |", "|---|---|---|---|", *rows])
    what = f"What runs in {code(ask.arguments[FROM])}, {of} ({short(runs.sha)}), for {code(ask.environment)}."
    return "\n\n".join(
        [
            f"{what} {who} asked for it{asked}.",
            table,
            *([f"And {more} more."] if more > 0 else []),
            *_not_moved(compared.left),
            "Nothing but these pins changes. Merging deploys as any push does. Asked for again, this is made anew.",
        ]
    )


def _not_moved(left: tuple[Left, ...]) -> list[str]:
    if not left:
        return []
    lines = [f"- {code(one.what, LONGEST)} {code(one.why, LONGEST)}" for one in left[:MOST_LEFT]]
    more = [f"- and {len(left) - MOST_LEFT} more"] if len(left) > MOST_LEFT else []
    return ["\n".join(["Not moved:", "", *lines, *more])]


def _cell(text: str) -> str:
    return code(text, LONGEST).replace("|", r"\|")
