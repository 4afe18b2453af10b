"""`pushboat drift REPOSITORY ENVIRONMENT`: where the cluster is not as the release that runs there has it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from cli import configuration, output
from cli.opening import opened_store
from cli.output import AS_JSON
from pushboat.config.environment import as_released
from pushboat.config.operator import Limits, Operator
from pushboat.errors import PushboatError, Unavailable
from pushboat.model import wording
from pushboat.model.deployment import Lane, short
from pushboat.model.drift import Drift
from pushboat.model.release import Release
from pushboat.sealing import Key
from pushboat.store import releases
from workers.cluster.client.connection import connect
from workers.cluster.drifting import drift as drifted
from workers.deploying.looking_back import plan_of
from workers.deploying.packing import unpack
from workers.running.keys import kept_key


class NothingToCompare(Unavailable):
    """No release of this environment is stored whole, so nobody knows what it should be like."""


@click.command()
@click.argument("repository")
@click.argument("environment")
@AS_JSON
@click.pass_context
def drift(ctx: click.Context, repository: str, environment: str, *, as_json: bool) -> int:
    """Say where the cluster differs from the release that runs there, field by field, with who and when.

    Nothing is changed. Exit code 0 where nothing differs, 1 where something does, 3 when that could not be found out.
    """
    operator = configuration.load_for_reading(ctx)
    lane, limits = _place(operator, repository, environment)
    release, found = _look(operator, lane, limits)
    if as_json:
        output.print_json({"release": release.number, "sha": release.sha, "drift": [_form(each) for each in found]})
    else:
        _tell(release, found)
    return 1 if found else 0


def _place(operator: Operator, repository: str, environment: str) -> tuple[Lane, Limits]:
    name = operator.canonical(repository)
    project = operator.projects.get(name)
    limits = project.environments.get(environment) if project else None
    if limits is None:
        what = f"environment {output.one_line(environment)} of {output.one_line(repository)}"
        raise click.UsageError(f"pushboat.yaml has no {what}")
    return Lane(repository=name, environment=environment), limits


def _look(operator: Operator, lane: Lane, limits: Limits) -> tuple[Release, tuple[Drift, ...]]:
    with opened_store(operator) as store:
        newest = releases.listed(store, lane, 1)
        packed = releases.packed(store, lane, newest[0].number) if newest else None
    if not newest or packed is None:
        raise NothingToCompare(f"{lane.repository} {lane.environment} has no stored release yet: deploy it first")
    key = operator.encryption_key or _kept(operator.state / "encryption-key")
    stored = unpack(packed, Key(key))
    cluster = connect(operator.clusters[limits.cluster], limits.service_account, rules=operator.health)
    try:
        environment = as_released(limits, stored.said)
        return newest[0], drifted(
            cluster, plan_of(cluster, lane.repository, environment, stored, operator.canonical, key)
        )
    except PushboatError as error:
        if isinstance(error, Unavailable):
            raise
        raise NothingToCompare(error.summary, error.details) from error
    finally:
        cluster.close()


def _kept(file: Path) -> str:
    """Read the installation's key; this command makes none, for without the old one nothing that is sealed opens."""
    return kept_key(file) if file.exists() else ""


def _tell(release: Release, found: Sequence[Drift]) -> None:
    for each in found:
        output.data(output.one_line(str(each)) if len(each.fields) < 2 else f"{each.ref}:")
        for field in each.fields if len(each.fields) > 1 else ():
            output.data(f"  {output.one_line(str(field))}")
    which = f"release {release.number} ({short(release.sha)})"
    if found:
        output.say(f"{wording.counted(len(found), 'object')} not as in {which}", glyph="✘")
    else:
        output.say(f"everything is as in {which}", glyph="✔")


def _form(each: Drift) -> dict[str, Any]:
    return {
        "ref": str(each.ref),
        "drift": str(each.sort),
        "fields": [
            {"path": one.path, "release": one.release, "cluster": one.cluster, "by": one.by, "at": one.at}
            for one in each.fields
        ],
    }
