"""The story of an inspection: is an environment as its release has it, and if not, who is told and who puts it back?

Every cluster has seats of its own: one that hangs keeps its own seats busy, no place of a deployment, and the
environments of all others are compared meanwhile.
"""

import logging
import random

from pushboat import machine
from pushboat.errors import NotConfigured, PushboatError, StoreUnavailable, Unavailable
from pushboat.logs import about
from pushboat.model.deployment import Lane
from pushboat.model.inspection import Findings, InspectionClaim
from pushboat.model.wording import counted
from pushboat.routing.drifting import QUIET, NotNow, not_now
from pushboat.store import concluding, footprints, inspections, releases
from workers.cluster.client.connection import Cluster
from workers.cluster.drifting import drift, unwell
from workers.deploying.capabilities import capabilities_of
from workers.deploying.looking_back import Look, environment_of, plan_of, uncompared
from workers.deploying.packing import unpack
from workers.reporting import Seats
from workers.tools import Tools

SEATS = 2
"""Environments of one cluster that one process compares at the same time."""
TRY_AGAIN = 60.0
"""Seconds until a cluster that does not answer is asked again, where the timer is slower than that."""

logger = logging.getLogger(__name__)


def inspect(tools: Tools, seats: Seats, cluster: str) -> None:
    """Compare the environments of a cluster that are due, until none is or this process was told to end."""
    with seats.at(cluster) as seated:
        while seated and not tools.stopping.is_set():
            held = inspections.claim(tools.store, cluster, tools.by_now().operator.drift_every)
            if held is None:
                return
            with about(repository=held.lane.repository, environment=held.lane.environment):
                _inspect(tools.by_now(), held)


def _inspect(tools: Tools, held: InspectionClaim) -> None:
    lane = held.lane
    if lane.environment not in getattr(tools.operator.projects.get(lane.repository), "environments", {}):
        inspections.put_off(tools.store, held, QUIET)  # the dispatcher ends what has left; ours may be the older file
        return
    if waits := not_now(held.known, held.seen, tools.store.now()):
        _wait(tools, held, waits)
        return
    try:
        with machine.troubles():
            findings = look(tools, held)
    except StoreUnavailable:
        raise
    except Unavailable as trouble:
        _trouble(tools, held, trouble.summary, min(TRY_AGAIN, tools.operator.drift_every))
    except PushboatError as trouble:
        _trouble(tools, held, trouble.summary, _pause(tools))
    except Exception as bug:  # the last door: a bug of ours must not make this the next one due for ever
        logger.exception("%s %s met a bug", lane.repository, lane.environment)
        _trouble(tools, held, f"Pushboat's own fault ({type(bug).__name__}); its log has the details", _pause(tools))
    else:
        _conclude(tools, held, findings)


def look(tools: Tools, held: InspectionClaim) -> Findings:
    """Compare an environment with its newest release; nothing is written.

    Raises:
        PushboatError: it cannot be compared today.
    """
    lane, release = held.lane, held.seen.release
    packed = releases.packed(tools.store, lane, release.number) if release else None
    if packed is None:
        raise NotConfigured("what the newest release was made of is not kept: deploy once more")
    stored = unpack(packed, tools.key)
    limits = tools.project(lane.repository).environments[lane.environment]
    environment = environment_of(limits, stored)
    cluster = tools.clusters.of(environment)
    made = release.deployment if release else 0
    looked = Look(environment=environment, stored=stored, encryption_key=tools.encryption_key, deployment=made)
    plan = plan_of(tools.operator, tools.store, cluster, lane, looked)
    return Findings(
        found=drift(cluster, plan),
        unknown=uncompared(stored),
        unwell=unwell(cluster, plan),
        heals=environment.self_heal,
        outdated=_serves_else(tools, lane, cluster),
    )


def _serves_else(tools: Tools, lane: Lane, cluster: Cluster) -> bool:
    """Say whether a cluster serves something else than what charts were rendered for; it is asked only of charts."""
    then = footprints.served(tools.store, lane)
    return bool(then) and capabilities_of(cluster).digest != then


def _conclude(tools: Tools, held: InspectionClaim, findings: Findings) -> None:
    every, lane = tools.operator.drift_every, held.lane
    made = concluding.conclude(tools.store, held, findings, every=every, pause=_pause(tools))
    if made is None:
        logger.info("%s %s: a deployment came in between; compared again later", lane.repository, lane.environment)
        return
    if findings.found:
        objects = counted(len(findings.found), "object")
        done = f"; deployment {made.healing} puts it back" if made.healing else ""
        logger.info("%s %s: drift in %s%s", lane.repository, lane.environment, objects, done)
    tools.ring()


def _wait(tools: Tools, held: InspectionClaim, waits: NotNow) -> None:
    if waits.sentence:
        inspections.troubled(tools.store, held, waits.sentence, _pause(tools))
    else:
        inspections.put_off(tools.store, held, tools.operator.drift_every if waits.nothing_runs else QUIET)


def _trouble(tools: Tools, held: InspectionClaim, sentence: str, pause: float) -> None:
    inspections.troubled(tools.store, held, sentence, pause)
    logger.warning("%s %s could not be compared: %s", held.lane.repository, held.lane.environment, sentence)


def _pause(tools: Tools) -> float:
    """Give the seconds until the next time, never the same, so that environments do not come all at once."""
    return tools.operator.drift_every * random.uniform(0.9, 1.1)  # noqa: S311 - not a secret
