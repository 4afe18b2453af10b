"""Whether what is deployed does as the rules of its environment have it: refused, or said beside the plan.

What a release stores ran here before. It is not kept from coming back by a rule of today: that is only said.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from pushboat.config.environment import Environment
from pushboat.errors import Denied
from pushboat.model.manifest import Manifest
from pushboat.model.wording import counted
from workers.review.apart import ask_guarded
from workers.review.policy import Rulebook, abide, not_looked_at
from workers.review.reviewing import in_order
from workers.review.words import Finding, Weight

MOST_REFUSED, MOST_WARNED = 20, 8


Look = Callable[[Sequence[Manifest]], Iterable[Finding]]


def judged(environment: Environment, manifests: Sequence[Manifest], *, ran_before: bool = False) -> tuple[str, ...]:
    """Say what of them is not as the rules have it, a line for each rule.

    Raises:
        Denied: a rule denies something of it, and it never ran here.
    """
    findings = in_order(_against(environment, manifests))
    told = [str(each) for each in _denied(findings)]
    if told and not ran_before:
        listed = "\n".join(f"- {sentence}" for sentence in told[:MOST_REFUSED])
        listed += f"\n- and {len(told) - MOST_REFUSED:,} more" if len(told) > MOST_REFUSED else ""
        raise Denied(f"{told[0]}{f' (and {len(told) - 1:,} more)' if told[1:] else ''}", listed)
    return (*_warnings(findings), *not_looked_at(manifests))


def as_well(look: Look, environment: Environment) -> Look:
    """Let a look at what is refused already find what the rules deny, too."""
    return lambda manifests: [*look(manifests), *_denied(_against(environment, manifests))]


def _against(environment: Environment, manifests: Sequence[Manifest]) -> Iterable[Finding]:
    today = datetime.now(UTC).date()
    book = Rulebook(policy=environment.policy, own=environment.rules, today=today, ask=ask_guarded)
    return abide(manifests, book)


def _denied(findings: Iterable[Finding]) -> list[Finding]:
    return [each for each in findings if each.weight is Weight.ERROR]


def _warnings(findings: Sequence[Finding]) -> list[str]:
    by_rule: dict[str, list[Finding]] = {}
    for each in sorted(findings, key=lambda each: each.weight is not Weight.ERROR):
        by_rule.setdefault(each.rule, []).append(each)
    lines = [
        f"warning: {of_it[0]}{f', and {len(of_it) - 1:,} more' if of_it[1:] else ''}" for of_it in by_rule.values()
    ]
    if len(lines) > MOST_WARNED:
        rest = f"{counted(len(lines) - MOST_WARNED, 'more rule')} of policy would like something else: "
        return [*lines[:MOST_WARNED], f"warning: {rest}`pushboat check` names all"]
    return lines
