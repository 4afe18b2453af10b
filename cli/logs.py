"""`pushboat logs REPOSITORY ENVIRONMENT`: what the new pods of an environment's newest deployment write, as they do."""

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import click

from cli import configuration, elsewhere, output, telling
from cli.elsewhere import ADDRESS, Elsewhere, Json
from cli.numbering import Number, deployment_of
from cli.opening import opened_store
from cli.telling import asked
from pushboat.config.operator import Limits, Operator
from pushboat.errors import PushboatError
from pushboat.model.state import Kind
from pushboat.model.wording import counted, listed, near_miss, some
from pushboat.reading import known
from pushboat.store import deployments
from pushboat.store.database.engine import Store
from workers.cluster.client.connection import Cluster, connect
from workers.cluster.explaining.logs import follow_log, whole_log
from workers.cluster.following import Source, sources
from workers.questions.logs import FIRST_LINES, newest_objects, nothing
from workers.questions.words import NothingToRead

LOOK_EVERY = 1.0
"""Seconds between two looks for pods that came since."""


@dataclass(slots=True)
class _Printer:
    """Prints lines of several threads whole, each with its origin where there are several."""

    prefixed: bool
    lock: threading.Lock = field(default_factory=threading.Lock)

    def say(self, source: Source, line: str) -> None:
        with self.lock:
            output.data(f"{source.name} | {line}" if self.prefixed else line)


@dataclass(slots=True)
class _Following:
    """The runs of containers that are followed, each by a thread of its own, and what kept one from it."""

    cluster: Cluster
    printer: _Printer
    threads: dict[str, threading.Thread] = field(default_factory=dict)
    failures: list[PushboatError] = field(default_factory=list)

    def begin(self, source: Source) -> None:
        if source.run not in self.threads:
            self.printer.prefixed = self.printer.prefixed or bool(self.threads)
            self.threads[source.run] = threading.Thread(target=self._read, args=(source,), daemon=True)
            self.threads[source.run].start()

    @property
    def goes_on(self) -> bool:
        return any(thread.is_alive() for thread in self.threads.values())

    def _read(self, source: Source) -> None:
        try:
            for line in follow_log(self.cluster, source.pod, source.container, FIRST_LINES):
                self.printer.say(source, line)
        except PushboatError as failure:
            self.failures.append(failure)


@click.command()
@click.argument("repository")
@click.argument("environment", default="")
@click.option("--container", default="", help="This container instead of each pod's first one.")
@click.option("--all", "everything", is_flag=True, help="All replicas instead of one of each workload.")
@click.option("--follow/--no-follow", "live", default=True, help="Go on with what comes, until Ctrl-C.  [default: on]")
@click.pass_context
def logs(ctx: click.Context, repository: str, environment: str, container: str, *, everything: bool, live: bool) -> int:
    """Show what the new pods of an environment's newest deployment write.

    Instead of both names, the number of a deployment that is the newest of its environment, or `latest`.
    """
    if there := elsewhere.named():
        return _logs_there(there, repository, environment, _arguments(container, everything=everything), live=live)
    operator = configuration.load_for_reading(ctx)
    with opened_store(operator) as store:
        if not environment:
            repository, environment = _of_number(store, operator, repository)
        limits = _limits(operator, store, repository, environment)
        refs = newest_objects(store, operator.spelled(repository), environment)
    cluster = connect(operator.clusters[limits.cluster], limits.service_account, rules=operator.health)
    try:

        def look() -> list[Source]:
            return sources(cluster, refs, container=container, all_replicas=everything)

        found = look()
        if not found:
            raise NothingToRead(nothing(refs, container))
        if sys.stdout.isatty():
            output.say(f"{counted(len(found), 'container')}: {', '.join(each.name for each in found)}")
        printer = _Printer(prefixed=len(found) > 1)
        if live:
            _follow(_Following(cluster, printer), look)
            return 0
        for each in found:
            for line in whole_log(cluster, each.pod, each.container, FIRST_LINES):
                printer.say(each, line)
    finally:
        cluster.close()
    return 0


def _arguments(container: str, *, everything: bool) -> Json:
    return {**({"container": container} if container else {}), **({"all": "yes"} if everything else {})}


def _logs_there(there: Elsewhere, repository: str, environment: str, arguments: Json, *, live: bool) -> int:
    """Ask for a page of lines, and for the next ones as long as they are wanted."""
    if not environment:
        raise click.UsageError(f"name the repository and the environment: {ADDRESS} means a Pushboat elsewhere")
    question = {"word": "logs", "repository": repository, "environment": environment, "arguments": arguments}
    prefixed = False
    while True:
        told = asked(there, question)
        if told.form is None:
            return telling.tell(told, as_json=False)
        prefixed = prefixed or len(told.form["sources"]) > 1
        for each in told.form["items"]:
            output.data(f"{each['source']} | {each['line']}" if prefixed else each["line"])
        if not live or told.form["ended"]:
            return 0
        question = {**question, "arguments": {**arguments, "cursor": told.form["cursor"]}}
        time.sleep(LOOK_EVERY)


def _of_number(store: Store, operator: Operator, text: str) -> tuple[str, str]:
    """Find whose newest deployment this is; an older one's pods are gone, and others stand in their place."""
    if "/" in text:
        spelled = operator.spelled(text)
        names = listed(some(known.environments(store, operator.projects[spelled]))) if spelled else ""
        raise click.UsageError(f"logs of which environment{f': {names}' if names else ''}? pushboat logs {text} …")
    one = deployment_of(store, Number("deployment", "pushboat history").convert(text, None, None))
    if one.kind is Kind.PLAN:
        raise NothingToRead(f"{one.id} is a plan: it made no pods")
    lane = one.lane
    newest = next(row for row in deployments.latest_by_lane(store, lane.repository) if row.lane == lane)
    if newest.id != one.id:
        there = f"whose pods are there now: pushboat logs {lane.repository} {lane.environment}"
        raise NothingToRead(f"deployment {one.id} was followed by {newest.id}, {there}")
    return lane.repository, lane.environment


def _limits(operator: Operator, store: Store, repository: str, environment: str) -> Limits:
    spelled = operator.spelled(repository)
    if not spelled:
        hint = near_miss(repository, operator.projects)
        raise click.UsageError(f"pushboat.yaml has no repository {output.one_line(repository)}; {hint or 'none yet'}")
    allowed = operator.projects[spelled].environments
    if environment not in allowed:
        hint = near_miss(environment, known.environments(store, operator.projects[spelled]))
        raise click.UsageError(f"{spelled} has no environment {output.one_line(environment)}; {hint}")
    return allowed[environment]


def _follow(following: _Following, look: Callable[[], list[Source]]) -> None:
    """Follow each run of a container once, those that come later too, until all pods have ended for good."""
    while True:
        found = look()
        for each in found:
            following.begin(each)
        if following.failures:
            raise following.failures[0]
        if found and all(each.ended for each in found) and not following.goes_on:
            return
        time.sleep(LOOK_EVERY)
