"""A page of what the new pods of an environment write: since a cursor, or their last lines where there is none.

The lines are strangers' words. A cursor says of each run of a container up to which moment its lines were told.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping

from pushboat.model.changeset import Action
from pushboat.model.manifest import Ref
from pushboat.model.question import MOST_LOG_SOURCES, Told
from pushboat.model.wording import counted
from pushboat.store import attempts, change_sets, deployments
from pushboat.store.database.engine import Store
from workers.cluster.client.connection import Cluster
from workers.cluster.explaining.logs import lines_since
from workers.cluster.following import Source, sources
from workers.questions.words import NothingToRead, Unclear

FIRST_LINES = 100
"""Of each container that has been there before we looked."""
_RUN_DIGITS = 12
_RUN, _MOMENT = re.compile(r"[0-9a-f]{12}"), re.compile(r"\d{4}-\d\d-\d\dT[\d:.]{8,20}(Z|[+-]\d\d:\d\d)")


def page(cluster: Cluster, refs: list[Ref], *, container: str = "", everything: bool = False, cursor: str = "") -> Told:
    """Read what these objects' pods have written since the cursor.

    Raises:
        NothingToRead: none of them has a container that has started; with a cursor that is waited for.
        Unclear: the cursor is not the one of an earlier answer.
        ClusterUnavailable, ClusterRefused: it cannot be read.
    """
    known = _read(cursor)
    found = sources(cluster, refs, container=container, all_replicas=everything)[:MOST_LOG_SOURCES]
    if not found and not cursor:
        raise NothingToRead(nothing(refs, container))
    told: dict[str, str] = {}
    lines = [line for each in found for line in _lines(cluster, each, known, told)]
    form = {
        "untrusted": True,
        "items": lines,
        "cursor": json.dumps(told, separators=(",", ":")),
        "sources": [each.name for each in found],
        "ended": bool(found) and all(each.ended for each in found) and not lines,
    }
    prefixed = len(found) > 1
    return Told(
        form=form, lines=tuple(f"{each['source']} | {each['line']}" if prefixed else each["line"] for each in lines)
    )


def newest_objects(store: Store, repository: str, environment: str) -> list[Ref]:
    """Name the objects of an environment's newest deployment, also while it goes on."""
    rows = [row for row in deployments.latest_by_lane(store, repository) if row.lane.environment == environment]
    if not rows:
        raise NothingToRead(f"nothing was deployed to {environment} yet: push to the ref it follows, or promote to it")
    made = [each.ref for each in change_sets.listed(store, rows[0].id) if each.action is not Action.DELETED]
    return made or list(attempts.meant(store, rows[0].id))


def nothing(refs: list[Ref], container: str) -> str:
    """Say that no container has started."""
    which = f"container {container}" if container else "container"
    return f"no {which} of the newest deployment's {counted(len(refs), 'object')} has started yet"


def _lines(
    cluster: Cluster, source: Source, known: Mapping[str, str], told: dict[str, str]
) -> Iterator[dict[str, str]]:
    run = hashlib.sha256(source.run.encode()).hexdigest()[:_RUN_DIGITS]
    last = known.get(run, "")
    for moment, line in lines_since(cluster, source.pod, source.container, last, FIRST_LINES):
        last = moment or last
        yield {"source": source.name, "line": line}
    if last:
        told[run] = last


def _read(cursor: str) -> Mapping[str, str]:
    try:
        known = json.loads(cursor) if cursor else {}
    except (ValueError, RecursionError):
        known = None
    if not isinstance(known, dict) or not all(
        _RUN.fullmatch(run) and isinstance(moment, str) and _MOMENT.fullmatch(moment) for run, moment in known.items()
    ):
        raise Unclear("cursor must be the `cursor` of an earlier answer")
    return known
