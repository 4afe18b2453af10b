"""Who may command what: the forge's word on people, held against the operator's `deployers` of the environment."""

from collections.abc import Sequence

from pushboat.config.values import LEVELS
from pushboat.errors import NotPermitted, UnknownEnvironment
from pushboat.model.ask import Ask, Source
from pushboat.model.command_words import COMMAND_WORDS, SLASH
from pushboat.model.wording import called, code, listed, near_miss
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
    limits = facts.limits.get(ask.environment)
    if limits is None:
        raise UnknownEnvironment(_unknown(ask, facts))
    if ask.source is not Source.COMMAND and not _is_among(ask.who, facts.permission, limits.deployers):
        raise NotPermitted(_not_permitted(ask, facts, limits.deployers))


def writers_only(ask: Ask, facts: Facts) -> None:
    """Refuse whoever may not write to the repository.

    Raises:
        UnknownEnvironment: the operator's file has no such environment for this repository.
        NotPermitted: the asker lacks what it needs.
    """
    if ask.environment and ask.environment not in facts.limits:
        raise UnknownEnvironment(_unknown(ask, facts))
    if ask.source is not Source.COMMAND and not _is_among(ask.who, facts.permission, (WRITE,)):
        who, has = called(ask.who), _level(facts.permission)
        raise NotPermitted(
            f"{who} may not {ask.word} #{ask.number}: that needs {WRITE} permission on {path_of(ask)}, "
            f"and {who} has {has}. Ask someone who may to comment {code(f'{SLASH} {ask.word}')}."
        )


def path_of(ask: Ask) -> str:
    """Name the repository as its forge does."""
    return ask.repository.partition("/")[2]


def _is_among(who: str, permission: str, deployers: Sequence[str]) -> bool:
    if who in deployers and who not in LEVELS:
        return True
    enough = [LEVELS.index(one) for one in deployers if one in LEVELS]
    has = LEVELS.index(permission) if permission in LEVELS else 0
    return bool(enough) and has >= min(enough)


def _level(permission: str) -> str:
    return permission if permission in LEVELS else "none"


def _not_permitted(ask: Ask, facts: Facts, deployers: Sequence[str]) -> str:
    levels = sorted((one for one in deployers if one in LEVELS), key=LEVELS.index)
    users = [called(one) for one in deployers if one not in LEVELS]
    ways = [f"{levels[0]} permission on {path_of(ask)}"] if levels else []
    ways += [f"to be {listed(users, 'or')}"] if users else []
    needs = listed(ways, "or") or "an entry under deployers in the operator's file"
    who, has = called(ask.who), _level(facts.permission)
    said = f"{SLASH} {ask.environment}" if ask.word == "deploy" else f"{SLASH} {ask.word} {ask.environment}"
    return (
        f"{who} may not {ask.word} {ask.environment}: that needs {needs}, and {who} has {has}. "
        f"Ask {'someone who may' if ways else 'the operator'} to comment {code(said)}."
    )


def _unknown(ask: Ask, facts: Facts) -> str:
    hint = near_miss(ask.environment, {*facts.limits, *COMMAND_WORDS}) if ask.source is not Source.COMMENT else ""
    meant = f" {hint[0].upper()}{hint[1:]}" if hint.endswith("?") else ""
    if ask.source is Source.COMMENT:
        said = [ask.environment] if ask.word == "deploy" else [ask.word, ask.environment]
        meant = did_you_mean(suggestion(said, facts.limits))
    return (
        f"{path_of(ask)} has no environment {code(ask.environment)}.{meant} "
        f"It has {listed(code(one) for one in sorted(facts.limits))}."
    )
