"""When enough people have approved a commit, and the words for that: pure, for the hold, the commands and the store."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from pushboat.config.environment import Environment
from pushboat.config.project import Limits
from pushboat.config.values import LEVELS, is_team
from pushboat.model.approval import Approval, same_name
from pushboat.model.ask import Source
from pushboat.model.deployment import short
from pushboat.model.wording import counted, listed, printable

TAKEN_BACK = "took it back"
MAY_NOT = "may not approve any more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """Note that `who` approves a commit for an environment; what waited for that alone may start.

    `number` is the pull request that it was said on (0: none), `opener` who opened that. `whom` says in words who else
    may, for what waits on.
    """

    environment: str
    sha: str
    who: str
    source: Source
    number: int = 0
    opener: str = ""
    whom: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unapprove:
    """Let an approval count no more, since who gave it takes it back; what has not begun waits again."""

    environment: str
    sha: str
    who: str
    whom: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carry:
    """Let what was approved at `head` count for `sha` too, the merge of it, which has the very same files."""

    environment: str
    head: str
    sha: str
    whom: str = ""


def wanted(environment: Environment | None, limits: Limits | None) -> int:
    """Say how many people must approve what comes to an environment: the larger of what both files say."""
    return max(environment.approvals if environment else 0, limits.approvals if limits else 0)


def needed(number: int, author: str) -> int:
    """Say how many that are for one deployment: one more where nobody knows who pushed it."""
    return number if author or not number else number + 1


OPERATOR = "the operator, at the terminal"
"""Who may approve where a forge has no comments."""


def whom(approvers: Sequence[str], *, silent: bool = False) -> str:
    """Say who may approve, in words; on a `silent` forge nobody comments."""
    if silent:
        return OPERATOR
    levels = sorted((one for one in approvers if one in LEVELS), key=LEVELS.index)
    others = [one for one in approvers if one not in LEVELS]
    ways = [f"whoever has {levels[0]} permission"] if levels else []
    ways += [f"a member of {one.removeprefix('@')}" if is_team(one) else one for one in others]
    return listed(ways, "or")


def that_count(approvals: Iterable[Approval], apart: Collection[str]) -> list[Approval]:
    """Pick the approvals that count, one of each person.

    `apart` are those who are behind the commit or asked for it, by their names as forges compare them.
    """
    found: dict[str, Approval] = {}
    for each in approvals:
        name = same_name(each.who)
        if not each.ended and name not in apart:
            found.setdefault(name, each)
    return list(found.values())


def missing(needed: int, given: Sequence[Approval], every: Iterable[Approval] = ()) -> str:
    """Say how many approvals are missing, who gave those that count, and whose of `every` one fell away."""
    names = {same_name(each.who) for each in given}
    gone = {same_name(each.who): each for each in every if each.ended and same_name(each.who) not in names}
    who = listed(printable(each.who) for each in given)
    said = [f"{who} approved {short(given[0].sha)}"] if given else []
    said += [f"{printable(each.who)} {each.ended}" for each in gone.values()]
    more = counted(needed - len(given), "more approval" if given else "approval")
    return f"{more} ({'; '.join(said)})" if said else more
