"""May a deployment start by the rules of the forge's own environment? Pure: a verdict and its sentence.

GitHub itself holds only workflows to these rules, and GitLab only pipelines: nobody else keeps them where we deploy.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pushboat.model.deployment import Deployment
from pushboat.model.forge_rules import Consent, ForgeRules, Person, Sort, Who
from pushboat.model.times import clock
from pushboat.model.wording import called, counted, listed, printable
from pushboat.routing.refs import matches

LONGEST = 80
"""Characters of a name that the forge lets people choose freely."""
MOST_NAMED = 5
REVIEWERS = "reviewers"
TIMER = "timer"
"""The kinds of hold that a deployment waits with."""
_PLACES = {"refs/heads/": "branch", "refs/tags/": "tag"}


class Answer(StrEnum):
    """What the rules say."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    WAITS = "waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the rules say of one deployment, in a sentence that stands alone.

    Where it waits: `hold` names the kind of hold, `until` is when that is over, in seconds since the epoch (None: once
    people have approved).
    """

    answer: Answer
    sentence: str = ""
    hold: str = ""
    until: float | None = None


ALLOWED = Verdict(answer=Answer.ALLOWED)


def verdict(
    rules: ForgeRules,
    deployment: Deployment,
    asker: Person,
    approvers: Iterable[Person],
    now: float,
    ref: str = "",
) -> Verdict:
    """Judge a deployment by the rules: what refuses it comes before what it waits for, people before the clock.

    Args:
        asker: who wants it, as the forge names them.
        approvers: who approved this deployment so far.
        ref: the branch or tag that it counts as, where it has none of its own.
    """
    why = _unknown(rules) or _ref(rules, deployment.ref or ref) or _deployer(rules, asker)
    if why:
        return Verdict(answer=Answer.REFUSED, sentence=why)
    missing = _missing(rules, asker, list(approvers))
    if missing:
        return Verdict(answer=Answer.WAITS, sentence=missing, hold=REVIEWERS)
    until = deployment.created_at + rules.wait
    if until > now:
        sentence = f"waits until {clock(until)}: so says the wait timer of {_place(rules)}"
        return Verdict(answer=Answer.WAITS, sentence=sentence, hold=TIMER, until=until)
    return ALLOWED


def unreadable(environment: str, scope: str) -> str:
    """Say that nobody knows whether there are rules, for our token may not read them."""
    return (
        f"our token may not read the rules of {environment} at the forge: the operator must give it {scope}, or set "
        f"`forge_environments: ignore` there"
    )


def _place(rules: ForgeRules) -> str:
    return f"{rules.environment} at the forge"


def _unknown(rules: ForgeRules) -> str:
    if not rules.unknown:
        return ""
    names = listed(printable(name, LONGEST) for name in rules.unknown[:MOST_NAMED])
    return (
        f"{_place(rules)} has rules that Pushboat does not know ({names}): take them away there, or the operator sets "
        f"`forge_environments: ignore`"
    )


def _ref(rules: ForgeRules, ref: str) -> str:
    if rules.branches is None and rules.tags is None:
        return ""
    allowed = {"branch": rules.branches or (), "tag": rules.tags or ()}
    sort, name = _parted(ref)
    if any(matches(pattern, name) for pattern in allowed.get(sort, ())):
        return ""
    words = [
        f"{'branches' if kind == 'branch' else 'tags'} {_patterns(names)}" for kind, names in allowed.items() if names
    ]
    takes = f"takes only {listed(words)}" if words else "takes no branch and no tag"
    this = f"this is {sort} {printable(name, LONGEST)}" if sort else "this commit is of none of them"
    return f"{_place(rules)} {takes}, and {this}: deploy what it takes, or change that there"


def _parted(ref: str) -> tuple[str, str]:
    return next(
        ((sort, ref.removeprefix(prefix)) for prefix, sort in _PLACES.items() if ref.startswith(prefix)), ("", "")
    )


def _patterns(names: tuple[str, ...]) -> str:
    more = len(names) - MOST_NAMED
    shown = [printable(name, LONGEST) for name in names[:MOST_NAMED]]
    return listed([*shown, f"{more} more"] if more > 0 else shown)


def _deployer(rules: ForgeRules, asker: Person) -> str:
    closed = next((those for those in rules.deployers if not asker.is_among & set(those)), None)
    if closed is None:
        return ""
    who = called(asker.name) if asker.name else "nobody whom the forge knows asked for this, who"
    if not closed:
        return f"{_place(rules)} lets nobody deploy: whoever maintains the project changes that there"
    may = _people(closed)
    return f"{who} may not deploy to {_place(rules)}: that is for {may}, one of whom must deploy it"


def _missing(rules: ForgeRules, asker: Person, approvers: list[Person]) -> str:
    """Say whose approval is missing; each person counts once, and the asker only where the rules let them."""
    own = asker.name.casefold()
    counted_in = {one.name.casefold(): one for one in approvers if rules.self_review or one.name.casefold() != own}
    open_ones = []
    for consent in rules.consents:
        have = sum(consent.counts(one) for one in counted_in.values())
        if have < consent.count:
            open_ones.append((consent, consent.count - have))
    if not open_ones:
        return ""
    wanted = listed(_wanted(consent, count) for consent, count in open_ones)
    vain = not rules.self_review and any(one.name.casefold() == own for one in approvers)
    note = f"; {called(asker.name)} asked for it, and so cannot" if vain else ""
    return f"waits for {wanted}, as {_place(rules)} demands{note}"


def _wanted(consent: Consent, count: int) -> str:
    return f"{counted(count, 'approval')} by {_people(consent.among)}"


def _people(among: tuple[Who, ...]) -> str:
    more = len(among) - MOST_NAMED
    shown = [_named(who) for who in among[:MOST_NAMED]]
    return listed([*shown, f"{more} more"] if more > 0 else shown, "or")


def _named(who: Who) -> str:
    if who.sort is Sort.USER:
        return called(who.name)
    if who.sort is Sort.LEVEL:
        return f"whoever has {printable(who.name)}"
    name = printable(who.name, LONGEST)
    return f"whoever has {printable(who.level)} in {name}" if who.level else f"team {name}"
