"""`pushboat drift REPOSITORY ENVIRONMENT`: where the cluster is not as the release that runs there has it."""

from dataclasses import dataclass

import click

from cli import configuration, output
from cli.opening import opened_store
from cli.output import AS_JSON
from pushboat.config.operator import Limits, Operator
from pushboat.errors import PushboatError, Unavailable
from pushboat.model import wording
from pushboat.model.deployment import Lane, short
from pushboat.model.drift import Drift, same_by
from pushboat.model.inspection import Seen
from pushboat.model.release import Release
from pushboat.reading.drifted import object_form
from pushboat.routing.drifting import incomparable
from pushboat.sealing import Key
from pushboat.store import inspections, releases
from pushboat.store.database.engine import Store
from workers.cluster.client.connection import connect
from workers.cluster.drifting import drift as drifted
from workers.deploying.looking_back import Look, environment_of, plan_of, uncompared
from workers.deploying.packing import unpack
from workers.running.keys import known_key


class NothingToCompare(Unavailable):
    """No release of this environment is stored whole, so nobody knows what it should be like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of looking: the release, what differs from it, and what nobody can compare (empty: nothing)."""

    release: Release
    found: tuple[Drift, ...]
    unknown: str


@click.command()
@click.argument("repository")
@click.argument("environment")
@AS_JSON
@click.pass_context
def drift(ctx: click.Context, repository: str, environment: str, *, as_json: bool) -> int:
    """Say where the cluster differs from the release that runs there, field by field, with who and when.

    The cluster is asked now, and nothing in it is changed. Exit code 0 where nothing differs, 1 where something does,
    3 when that could not be found out.
    """
    operator = configuration.load_for_reading(ctx)
    lane, limits = _place(operator, repository, environment)
    with opened_store(operator) as store:
        before = inspections.looked_at(store, lane)
        looked = _look(operator, store, lane, limits, before)
        _refuse_overlapped(before, inspections.looked_at(store, lane))
        _pass_on(store, lane, looked)
    release, found = looked.release, looked.found
    if as_json:
        form = {"release": release.number, "sha": release.sha, "drift": [object_form(each) for each in found]}
        output.print_json({**form, "why": looked.unknown})
    else:
        _tell(looked)
    return 1 if found else 3 if looked.unknown else 0


def _place(operator: Operator, repository: str, environment: str) -> tuple[Lane, Limits]:
    name = operator.spelled(repository)
    known = operator.projects[name].environments if name else {}
    if environment not in known:
        what = f"environment {output.one_line(environment)} of {output.one_line(repository)}"
        hint = wording.near_miss(environment, known) if known else wording.near_miss(repository, operator.projects)
        raise click.UsageError(f"pushboat.yaml has no {what}; {hint or 'none yet'}")
    return Lane(repository=name, environment=environment), known[environment]


def _look(operator: Operator, store: Store, lane: Lane, limits: Limits, seen: Seen) -> Looked:
    if seen.running is not None:
        raise NothingToCompare(f"deployment {seen.running} is changing {lane.environment} just now: ask again after it")
    release = seen.release
    packed = releases.packed(store, lane, release.number) if release else None
    why = incomparable(seen)
    if release is None or packed is None or why:
        raise NothingToCompare(f"{lane.repository} {lane.environment}: {why}")
    key = operator.encryption_key or known_key(operator.state / "encryption-key")
    stored = unpack(packed, Key(key))
    cluster = connect(operator.clusters[limits.cluster], limits.service_account, rules=operator.health)
    try:
        environment = environment_of(limits, stored)
        looked = Look(environment=environment, stored=stored, encryption_key=key, deployment=release.deployment)
        plan = plan_of(operator, store, cluster, lane, looked)
        return Looked(release=release, found=drifted(cluster, plan), unknown=uncompared(stored))
    except PushboatError as error:
        if isinstance(error, Unavailable):
            raise
        raise NothingToCompare(error.summary, error.details) from error
    finally:
        cluster.close()


def _refuse_overlapped(before: Seen, after: Seen) -> None:
    """Refuse to say what a look saw of two releases at once."""
    if after.running is not None or after.fence != before.fence:
        raise NothingToCompare(
            "a deployment began meanwhile, so what was seen is neither the one nor the other: ask again"
        )


def _pass_on(store: Store, lane: Lane, looked: Looked) -> None:
    """Let the timer come round at once where it knows something else; the commit's status is its to change."""
    known = next((each for each in inspections.listed(store, lane.repository) if each.lane == lane), None)
    if known and same_by(known.found) != same_by(looked.found):
        inspections.wake(store, lane)


def _tell(looked: Looked) -> None:
    release, found = looked.release, looked.found
    for each in found:
        output.data(output.one_line(str(each)) if len(each.fields) < 2 else f"{each.ref}:")
        for field in each.fields if len(each.fields) > 1 else ():
            output.data(f"  {output.one_line(str(field))}")
    which = f"release {release.number} ({short(release.sha)})"
    if found:
        output.say(f"{wording.counted(len(found), 'object')} not as in {which}", glyph="✗")
    elif not looked.unknown:
        output.say(f"everything is as in {which}", glyph="✔")
    if looked.unknown:
        output.say(looked.unknown, glyph="?")
