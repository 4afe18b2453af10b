"""The Celery tasks: seven names, each one line. Arguments are ids and names; all else stands in the store."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from celery import Celery

from pushboat.errors import StoreUnavailable
from workers import reporting
from workers.catching_up import story as catching_up
from workers.deploying import letting_go
from workers.deploying import story as deploying
from workers.inspecting import story as inspecting
from workers.questions import story as questions
from workers.routing import story as routing
from workers.tools import Tools

logger = logging.getLogger(__name__)


def register(app: Celery, tools: Callable[[], Tools]) -> None:
    """Give the application its tasks; each begins with the tools of this process as they are then."""

    def route(repository: str) -> None:
        routing.route_repository(tools(), repository)

    def deploy(deployment: int) -> None:
        deploying.deploy(tools(), deployment)

    seats = reporting.Seats()

    def report(forge: str) -> None:
        reporting.report(tools(), seats, forge)

    def look(repository: str) -> None:
        catching_up.look(tools(), repository)

    def let_go(deployment: int) -> None:
        letting_go.let_go(tools(), deployment)

    places = reporting.Seats(inspecting.SEATS)

    def inspect(cluster: str) -> None:
        inspecting.inspect(tools(), places, cluster)

    chairs = reporting.Seats(questions.SEATS)

    def answer(cluster: str) -> None:
        questions.answer(tools(), chairs, cluster)

    tasks: dict[str, Callable[[Any], None]] = {"route": route, "deploy": deploy, "report": report, "look": look}
    tasks |= {"let_go": let_go, "inspect": inspect}
    tasks["answer"] = answer
    for name, task in tasks.items():
        app.task(name=f"pushboat.{name}", shared=False)(_dropped_without_a_store(name, task))


def _dropped_without_a_store(name: str, task: Callable[[Any], None]) -> Callable[[Any], None]:
    """Let a hint go that cannot be followed now: what it is about is in the store, which gives it again."""

    @wraps(task)
    def follow(about: str | int) -> None:
        try:
            task(about)
        except StoreUnavailable as trouble:
            logger.warning("%s %s waits until the store is back: %s", name, about, trouble.summary)

    return follow
