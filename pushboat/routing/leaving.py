"""Environments that a pushed commit's file has no more, while what was deployed from that ref still runs: pure.

A tag is of the environments whose pattern it matches, as the commit that runs there has the pattern: another tag's file
says nothing of them. A branch is of those that run something of it, and of those that follow it by what runs there,
which may have come from a pull request or by its name.
"""

from fnmatch import fnmatchcase

from pushboat.events import Event
from pushboat.model.standing import Standing
from pushboat.model.status import clip
from pushboat.model.wording import counted, listed
from pushboat.routing.decision import Facts, Leave

MOST_NAMED = 3


def leaves(event: Event, facts: Facts) -> tuple[Leave, ...]:
    """Say which environments leave with a push; it is said once, beside the commit that does it."""
    gone = [
        each
        for each in facts.standings
        if each.environment not in facts.environments and not each.left_with and _follows(each, event, facts)
    ]
    sentence = clip(_sentence(gone, facts.repository)) if gone else ""
    return tuple(
        Leave(environment=each.environment, sha=event.sha, ref=event.ref, description=sentence) for each in gone
    )


def _sentence(gone: list[Standing], repository: str) -> str:
    names = [each.environment for each in gone]
    if len(gone) > 1:
        named = listed([*names[:MOST_NAMED], *(["others"] if len(names) > MOST_NAMED else [])])
        return f"{named} left .pushboat.yaml, their objects still run: put them back, or {_command(repository, '…')}"
    number = gone[0].runs.counts.total if gone[0].runs else 0
    still = f"its {counted(number, 'object')} still run" if number != 1 else "its object still runs"
    return f"{names[0]} left .pushboat.yaml, {still}: put it back, or {_command(repository, names[0])}"


def _command(repository: str, environment: str) -> str:
    return f"pushboat destroy {repository} {environment}"


def _follows(standing: Standing, event: Event, facts: Facts) -> bool:
    """Say whether what an environment has, or is about to have, came from this branch, or follows it or such tags."""
    followed = facts.followed.get(standing.environment, "")
    if event.tag:
        return fnmatchcase(event.tag, followed)
    if followed and followed == event.branch:
        return True
    there = [*([standing.runs] if standing.runs else []), *standing.unfinished]
    return event.ref.startswith("refs/heads/") and any(each.ref == event.ref for each in there)
