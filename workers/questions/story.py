"""The story of a question: it is taken, asked of a cluster, and answered as a terminal beside the server would be told.

Every cluster has seats of its own, so that one that hangs keeps nobody waiting who asks another.
"""

import logging
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from pushboat.config.operator import Limits, Operator
from pushboat.errors import NotConfigured
from pushboat.logs import about
from pushboat.model.deployment import Lane
from pushboat.model.health import Health
from pushboat.model.question import Question, Told
from pushboat.model.reach import EVERYTHING
from pushboat.reading import known
from pushboat.store import questions
from workers.cluster.examining import NOT_THERE
from workers.questions import doctor, drift, logs, plan, rollback, why
from workers.questions.answering import COULD_NOT_FIND_OUT, answered
from workers.questions.sent import of_sent
from workers.questions.speaking import There
from workers.questions.trees import of_commit
from workers.questions.words import Unclear
from workers.reporting import Seats
from workers.tools import Tools

SEATS = 4
"""Questions of one cluster that one process answers at the same time."""

logger = logging.getLogger(__name__)


def answer(tools: Tools, seats: Seats, cluster: str) -> None:
    """Answer what is asked of a cluster, until nothing is or this process was told to end."""
    with seats.at(cluster) as seated:
        while seated and not tools.stopping.is_set():
            held = questions.claim(tools.store, cluster)
            if held is None:
                return
            with about(question=held.id, cluster=cluster):
                questions.answer(tools.store, held, _told(tools.by_now(), held))


def _told(tools: Tools, question: Question) -> Told:
    try:
        return answered(lambda: _ANSWERS[question.word](tools, question))
    except Exception as bug:  # the last door: whoever asks waits for an answer
        logger.exception("question %s (%s) met a bug", question.id, question.word)
        said = f"Pushboat's own fault ({type(bug).__name__}); the worker's log has the details"
        return Told(code=COULD_NOT_FIND_OUT, said=(("✗", said),))


def _doctor(tools: Tools, question: Question) -> Told:
    return doctor.examined(tools, question.reach, _within(tools, question))


def _drift(tools: Tools, question: Question) -> Told:
    lane, limits = _place(tools.operator, question)
    return drift.told_of(*drift.drift_of(tools.operator, tools.store, lane, limits))


def _logs(tools: Tools, question: Question) -> Told:
    lane, limits = _place(tools.operator, question)
    refs = logs.newest_objects(tools.store, lane.repository, lane.environment)
    given = question.arguments
    return logs.page(
        tools.clusters.of(limits),
        refs,
        container=given.get("container", ""),
        everything=bool(given.get("all")),
        cursor=given.get("cursor", ""),
    )


def _plan(tools: Tools, question: Question) -> Told:
    lane, limits = _place(tools.operator, question)
    if question.files:
        with tempfile.TemporaryDirectory(prefix="sent-", dir=tools.scratch) as folder:
            tree = of_sent(tools, lane, question.files, Path(folder))
            return plan.told_of(plan.planned(tools, lane, limits, tree), tree)
    tree = of_commit(tools, lane, limits, question.arguments.get("sha", ""))
    return plan.told_of(plan.planned(tools, lane, limits, tree), tree)


def _rollback(tools: Tools, question: Question) -> Told:
    lane, _ = _place(tools.operator, question)
    return rollback.foretold(tools, lane, question.arguments.get("release", ""))


def _why(tools: Tools, question: Question) -> Told:
    given, there = question.arguments, _within(tools, question)
    namespace, cluster = given.get("namespace", ""), given.get("cluster", "")
    clusters = {each.cluster for environments in there.values() for each in environments.values()}
    if cluster and cluster not in clusters:
        raise Unclear(f"there is no cluster {cluster} that this token may see")
    there = _only(there, namespace, cluster)
    if not any(there.values()):
        raise Unclear(f"there is no namespace {namespace} that this token may see" if namespace else "there is nothing")
    found = why.why(tools.operator, there, given.get("object", ""), cluster=cluster)
    ref = found.finding.ref
    spaces = {name for environments in there.values() for each in environments.values() for name in each.namespaces}
    seen = ref.namespace in spaces or (ref.kind == "Namespace" and ref.name in spaces)
    in_no_namespace = found.finding.judgement == NOT_THERE and not ref.namespace  # said alike, so that it tells nothing
    is_there = found.finding.judgement.health is not Health.MISSING
    if question.reach != EVERYTHING and not seen and (is_there or in_no_namespace):
        raise Unclear(f"{ref} is in no namespace, and this token sees those of its environments alone")
    return why.told_of(found)


def _place(operator: Operator, question: Question) -> tuple[Lane, Limits]:
    """Look up what is asked about, as the operator allows it now.

    Raises:
        NotConfigured: it has left the operator's file since.
    """
    lane = Lane(repository=question.reach.only, environment=question.reach.environment)
    limits = operator.limits(lane.repository, lane.environment)
    if limits is None:
        raise NotConfigured(f"{lane.environment} of {lane.repository} is not in the operator's file any more")
    return lane, limits


def _within(tools: Tools, question: Question) -> There:
    """Give the environments that the asker's token sees."""
    reach, operator = question.reach, tools.operator
    return {
        repository: {name: limits for name, limits in environments.items() if reach.environment in ("", name)}
        for repository, environments in known.everywhere(tools.store, operator).items()
        if not reach.only or operator.alike(reach.only, [repository])
    }


def _only(there: There, namespace: str, cluster: str) -> There:
    """Narrow environments to those of a cluster and with a namespace, where one is named, and to that one of theirs.

    Where this leaves none, nobody may look anywhere: the same name in another cluster is another namespace.
    """
    return {
        repository: {
            name: replace(limits, namespaces=(namespace,) if namespace else limits.namespaces)
            for name, limits in environments.items()
            if cluster in ("", limits.cluster) and (namespace in limits.namespaces if namespace else limits.namespaces)
        }
        for repository, environments in there.items()
    }


_ANSWERS: Mapping[str, Callable[[Tools, Question], Told]] = {
    "doctor": _doctor,
    "drift": _drift,
    "logs": _logs,
    "plan": _plan,
    "rollback": _rollback,
    "why": _why,
}
