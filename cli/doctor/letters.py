"""Statuses and comments: what no forge took, and which forges want to be left alone now."""

from collections.abc import Iterator

from cli.configuration import NotSetUp
from cli.opening import opened_store
from pushboat.config.operator import Operator
from pushboat.errors import StoreUnavailable
from pushboat.model.times import ago, lasted
from pushboat.model.wording import counted
from pushboat.store import backlogs, giving_up, quieting
from workers.checks.words import Line, failed, passed, warned


def check_letters(operator: Operator) -> Iterator[Line]:
    """Say what was given up, the newest with its reason, and what waits for a pause."""
    try:
        with opened_store(operator) as store:
            numbers, newest = giving_up.numbers(store), giving_up.listed(store, 1)
            pauses, late, now = quieting.listed(store), backlogs.late_letters(store), store.now()
    except (StoreUnavailable, NotSetUp):
        return  # another line says so
    for each in pauses:
        said = f"{each.credential} is told and asked nothing for {each.left:.0f} s more: {each.reason}"
        if each.unknown:
            yield failed(
                "letters", said, "renew the token in the operator's file; its letters go out by themselves then"
            )
        else:
            yield warned("letters", said, "wait; where it comes often, give it a credential with a higher limit")
    if newest:
        last, lost = newest[0], counted(sum(numbers.values()), "letter")
        sentence = f"{lost} given up, the newest {ago(last.at, now)}: {last.about}: {last.error}"
        yield failed(
            "letters", sentence, "mend that, then `pushboat letters resend --all`; `pushboat letters list` has all"
        )
    if late and not pauses:
        lasting = f"the oldest for {lasted(late.oldest)}, a {late.kind} of {late.repository}: {late.error}"
        yield warned(
            "letters",
            f"{counted(late.number, 'letter')} not taken yet, {lasting}",
            "mend that; they are tried again by themselves, and what stands behind them goes then",
        )
    elif not pauses and not newest:
        yield passed("letters", "the forges took all that they were told")
