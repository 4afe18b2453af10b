"""Before an environment is destroyed: what would go and what would stay, by a look at it, and its name typed."""

import sys

import click

from cli import output
from pushboat.config.operator import Operator
from pushboat.errors import PushboatError, Unavailable
from pushboat.model.deployment import Lane
from pushboat.model.wording import counted
from pushboat.own_key import known_key
from pushboat.sealing import Key
from pushboat.store.database.engine import Store
from workers.cluster import inventory
from workers.cluster.client.connection import connect
from workers.cluster.planning.removal import make_removal
from workers.cluster.reading.live import read_live
from workers.cluster.removing import namespaces
from workers.cluster.removing.foreseeing import Foreseen, foresee
from workers.deploying import former, shared
from workers.deploying.last_release import LastRelease, last_release
from workers.deploying.removal_hooks import spaces_of

MOST_SHOWN = 40
"""Objects that are named; the rest is counted."""


class CannotLook(Unavailable):
    """Nobody can say what would go."""


def confirmed(operator: Operator, store: Store, lane: Lane, named: str, *, skip_hooks: bool) -> bool:
    """Say whether the asker means it: by the name that came with `--yes`, else by the one that is typed.

    Raises:
        UsageError: another name was said, or none where nobody can be asked.
        CannotLook: the cluster does not say what would go.
    """
    name = lane.environment
    if named:
        if named != name:
            raise click.UsageError(f"--yes {output.one_line(named)} is not the name of this environment, {name}")
        return True
    if not sys.stdin.isatty():
        raise click.UsageError(f"nobody is here to ask: say --yes {name} if everything in it is to be deleted")
    last = last_release(operator, store, _key(operator), lane, skip_hooks=skip_hooks)
    _tell(lane, last, look(operator, store, lane, last))
    typed = click.prompt(f"Type {name} to destroy it", default="", show_default=False, err=True)
    return str(typed).strip() == name


def look(operator: Operator, store: Store, lane: Lane, last: LastRelease) -> Foreseen:
    """Find out what would go and what would stay, as the removal itself will find it.

    What other environments want is read off their releases: what git has moved to one of them since, only the removal
    knows, which renders them.

    Raises:
        CannotLook: the cluster does not say.
    """
    environment = former.with_former_names(operator, store, lane.repository, last.environment)
    cluster = connect(operator.clusters[environment.cluster], environment.service_account, rules=operator.health)
    try:
        known = inventory.locate(cluster, lane.repository, environment, operator.canonical)
        elsewhere = shared.namespaces(operator, store, lane.repository, environment)
        live = read_live(cluster, known, last.objects, environment, elsewhere)
        removal = make_removal(live, shared.by_release(operator, store, lane, environment, live, ()))
        spaces = namespaces.candidates(cluster, spaces_of(operator, store, lane, environment, removal))
        return foresee(cluster, removal, spaces)
    except PushboatError as error:
        way = f"say --yes {lane.environment} to destroy it without a look"
        raise CannotLook(f"{error.summary}; {way}", error.details) from error
    finally:
        cluster.close()


def _tell(lane: Lane, last: LastRelease, found: Foreseen) -> None:
    environment = last.environment
    output.say(f"{lane.repository} {lane.environment}, in cluster {environment.cluster}:")
    for each in last.hooks:
        output.say(f"  runs       {each.ref}")
    for ref in found.goes[:MOST_SHOWN]:
        output.say(f"  deleted    {ref}")
    if len(found.goes) > MOST_SHOWN:
        output.say(f"  … and {len(found.goes) - MOST_SHOWN} more")
    for stale in found.stays:
        output.say(f"  stays      {stale.ref}: {stale.kept}")
    going = counted(len(found.goes), "object")
    output.say(f"{going} would be deleted, for good" if found.goes else "nothing of it is there")


def _key(operator: Operator) -> Key:
    return Key(known_key(operator))
