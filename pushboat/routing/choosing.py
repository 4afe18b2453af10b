"""Which release a rollback goes to: the one that was named, or the last one before what went wrong; and bringing it."""

from collections.abc import Sequence

from pushboat.errors import CommandRefused
from pushboat.model.ask import Ask
from pushboat.model.command_words import SLASH
from pushboat.model.deployment import Deployment, short
from pushboat.model.release import Release, origin
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.times import clock
from pushboat.model.wording import code
from pushboat.routing.decision import Deploy

MOST_LISTED = 10
"""Releases that an answer lists."""


def choose(releases: Sequence[Release], standing: Standing, wanted: str = "") -> Release:
    """Choose the release to bring back; `releases` are the environment's, newest first.

    Where anything newer wrote something and did not get through, whatever came after it, what runs is neither the one
    nor the other, and the newest release is meant. So it is where everything was destroyed, or a removal was begun and
    not ended, even if it deleted nothing yet: what is wanted back is what it was to take. Else the one before the
    content that runs: rolling back twice goes back two steps, and never to what was rolled back from.

    Raises:
        CommandRefused: there is none, or none of that number, or its render is not kept any more; with those that are.
    """
    where = standing.environment
    if not releases:
        raise CommandRefused(
            f"Nothing that could be brought back was deployed to {where} yet: deploy a commit by its name instead."
        )
    if wanted:
        return _named(releases, where, wanted)
    if standing.destroyed or standing.halfway or _broke_off(standing.latest):
        return _demand_kept(releases[0], releases, where)
    runs = releases[0]
    before = [each for each in releases if each.number < origin(runs, releases) and each.digest != runs.digest]
    if not before:
        raise CommandRefused(f"{where} had nothing else before release {runs.number}, which runs. {_list(releases)}")
    return _demand_kept(before[0], releases, where)


def brought(release: Release, ask: Ask, trigger: Trigger, *, glass: str = "", prune_many: bool = False) -> Deploy:
    """Bring a release once more to the environment that an ask names, as whoever asks, just as it is stored."""
    return Deploy(
        kind=Kind.DEPLOY,
        environment=ask.environment,
        ref=release.ref,
        sha=release.sha,
        author=ask.who,
        trigger=trigger,
        release=release.number,
        pull_request=release.pull_request,
        prune_many=prune_many,
        glass=glass,
    )


def _named(releases: Sequence[Release], where: str, wanted: str) -> Release:
    found = [each for each in releases if str(each.number) == wanted]
    if not found:
        near = next((each.number for each in releases if str(each.number) == wanted.strip("vr#VR.")), 0)
        meant = f" Did you mean {code(f'{SLASH} rollback {where} {near}')}?" if near else ""
        raise CommandRefused(f"{where} has no release {code(wanted)}.{meant} {_list(releases)}")
    return _demand_kept(found[0], releases, where)


def _demand_kept(release: Release, releases: Sequence[Release], where: str) -> Release:
    if not release.kept:
        raise CommandRefused(
            f"What release {release.number} of {where} was made of is not kept any more: deploy {short(release.sha)} "
            f"instead. {_list(releases)}"
        )
    return release


def _broke_off(latest: Deployment | None) -> bool:
    """Say whether the newest deployment has written something and did not get through, or is a removal that began."""
    if latest is None or latest.state not in (State.FAILED, State.ERRORED, State.CANCELLED):
        return False
    return latest.counts.changes_something or (latest.kind is Kind.REMOVAL and latest.started_at is not None)


def _list(releases: Sequence[Release]) -> str:
    kept = [each for each in releases if each.kept][:MOST_LISTED]
    lines = "\n".join(f"- {each.number}: {code(short(each.sha))}, {clock(each.at)}{_of(each)}" for each in kept)
    return f"There are:\n\n{lines}" if kept else "None is kept."


def _of(release: Release) -> str:
    return f", a rollback to {release.again}" if release.again else ""
