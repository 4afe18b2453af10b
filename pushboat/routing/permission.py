"""Who may command what: the forge's word on people, held against the operator's lists of the environment."""

from collections.abc import Collection, Sequence

from pushboat.config.project import Limits
from pushboat.config.values import LEVELS, is_team
from pushboat.errors import NotPermitted, UnknownEnvironment
from pushboat.model.ask import Ask, Source
from pushboat.model.command_words import BY_TOKEN, COMMAND_WORDS, ON_COMMITS, SLASH
from pushboat.model.wording import called, code, listed, near_miss, some
from pushboat.routing.command import FROM
from pushboat.routing.decision import Facts
from pushboat.routing.nearest import did_you_mean, suggestion

WRITE = "write"


def anyone(ask: Ask, facts: Facts) -> None:
    """Let everybody who may comment ask for this."""


def deployers_only(ask: Ask, facts: Facts) -> None:
    """Refuse whoever may not deploy to the environment; whoever may write to the store is the operator.

    Raises:
        UnknownEnvironment: the operator's file has no such environment for this repository.
        NotPermitted: the asker lacks what it needs.
    """
    _refuse_who_is_not_among(ask, facts)


def approvers_only(ask: Ask, facts: Facts) -> None:
    """Refuse whoever may not approve for the environment; whoever may write to the store is the operator.

    Raises:
        UnknownEnvironment: the operator's file has no such environment for this repository.
        NotPermitted: the asker lacks what it needs.
    """
    _refuse_who_is_not_among(ask, facts)


def people(limits: Limits, word: str) -> tuple[str, ...]:
    """Give the operator's list of who may say a word about an environment: levels, users and teams."""
    return limits.approvers if word in ON_COMMITS else limits.deployers


def _refuse_who_is_not_among(ask: Ask, facts: Facts) -> None:
    limits = facts.limits.get(ask.environment)
    if limits is None:
        raise UnknownEnvironment(_unknown(ask, facts))
    wanted = people(limits, ask.word)
    if not _is_entitled(ask, facts) and not is_among(ask.who, facts.permission, wanted, facts.teams):
        raise NotPermitted(_not_permitted(ask, facts, wanted))


def _is_entitled(ask: Ask, facts: Facts) -> bool:
    """Say whether an ask needs nobody's word at the forge: the operator's, and what API or page took from who may.

    Where the worker asked the forge about a person of a page, its word is what counts.
    """
    if ask.source is Source.COMMAND:
        return True
    return ask.source in (Source.API, Source.PAGE) and ask.word in BY_TOKEN and not facts.permission


def writers_only(ask: Ask, facts: Facts) -> None:
    """Refuse whoever may not write to the repository.

    Raises:
        UnknownEnvironment: the operator's file has no such environment for this repository.
        NotPermitted: the asker lacks what it needs.
    """
    if ask.environment and ask.environment not in facts.limits:
        raise UnknownEnvironment(_unknown(ask, facts))
    if ask.source is not Source.COMMAND and not is_among(ask.who, facts.permission, (WRITE,)):
        who, has = called(ask.who), _level(facts.permission)
        raise NotPermitted(
            f"{who} may not {ask.word} #{ask.number}: that needs {WRITE} permission on {path_of(ask)}, "
            f"and {who} has {has}. Ask someone who may to comment {code(f'{SLASH} {ask.word}')}."
        )


def path_of(ask: Ask) -> str:
    """Name the repository as its forge does."""
    return ask.repository.partition("/")[2]


def is_among(who: str, permission: str, wanted: Sequence[str], teams: Collection[str] = ()) -> bool:
    """Say whether a person is among the operator's `wanted`: by level, by name, or by one of their `teams`."""
    if who in wanted and who not in LEVELS and not is_team(who):
        return True
    if any(one in teams for one in wanted if is_team(one)):
        return True
    enough = [LEVELS.index(one) for one in wanted if one in LEVELS]
    has = LEVELS.index(permission) if permission in LEVELS else 0
    return bool(enough) and has >= min(enough)


def _level(permission: str) -> str:
    return permission if permission in LEVELS else "none"


def _not_permitted(ask: Ask, facts: Facts, deployers: Sequence[str]) -> str:
    levels = sorted((one for one in deployers if one in LEVELS), key=LEVELS.index)
    users = [called(one) for one in deployers if one not in LEVELS and not is_team(one)]
    teams = [code(one) for one in deployers if is_team(one)]
    ways = [f"{levels[0]} permission on {path_of(ask)}"] if levels else []
    ways += [f"to be {listed(users, 'or')}"] if users else []
    ways += [f"to be a member of {listed(teams, 'or')}"] if teams else []
    needs = listed(ways, "or") or "an entry under deployers in the operator's file"
    who, has = called(ask.who), _level(facts.permission)
    said = " ".join((SLASH, *_words(ask)))
    return (
        f"{who} may not {ask.word} {ask.environment}: that needs {needs}, and {who} has {has}. "
        f"Ask {'someone who may' if ways else 'the operator'} to comment {code(said)}."
    )


def _words(ask: Ask) -> list[str]:
    """Write an ask as a comment says it."""
    word = [] if ask.word == "deploy" else [ask.word]
    return [*word, *([ask.arguments[FROM]] if FROM in ask.arguments else []), ask.environment]


def _unknown(ask: Ask, facts: Facts) -> str:
    hint = near_miss(ask.environment, {*facts.limits, *COMMAND_WORDS}) if ask.source is not Source.COMMENT else ""
    meant = f" {hint[0].upper()}{hint[1:]}" if hint.endswith("?") else ""
    if ask.source is Source.COMMENT:
        meant = did_you_mean(suggestion(_words(ask), facts.limits))
    return (
        f"{path_of(ask)} has no environment {code(ask.environment)}.{meant} "
        f"It has {listed(some(code(one) for one in sorted(facts.limits)))}."
    )
