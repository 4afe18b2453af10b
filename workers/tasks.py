"""The Celery tasks: seven names, each one line. Arguments are ids and names; all else stands in the store.

What a task is about stands in every line of the log that its thread writes, Celery's own included, and is gone with it.
"""

import logging
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun

from pushboat import logs
from pushboat.errors import StoreUnavailable
from workers import reporting
from workers.catching_up import story as catching_up
from workers.deploying import letting_go
from workers.deploying import story as deploying
from workers.inspecting import story as inspecting
from workers.questions import story as questions
from workers.routing import in_turn
from workers.tools import Tools

logger = logging.getLogger(__name__)

_SUBJECTS = {
    "route": "repository",
    "deploy": "deployment",
    "report": "forge",
    "look": "repository",
    "let_go": "deployment",
    "inspect": "cluster",
    "answer": "cluster",
}
"""What the argument of each is."""


def register(app: Celery, tools: Callable[[], Tools]) -> None:
    """Give the application its tasks; each begins with the tools of this process as they are then."""

    turns = in_turn.Turns()

    def route(repository: str) -> None:
        in_turn.route(tools(), turns, repository)

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

    tasks: dict[str, Callable[[Any], None]] = {
        "route": route,
        "deploy": deploy,
        "report": report,
        "look": look,
        "let_go": let_go,
        "inspect": inspect,
        "answer": answer,
    }
    for name, task in tasks.items():
        app.task(name=f"pushboat.{name}", shared=False)(_while_the_store_answers(task))
    task_prerun.connect(_begin)
    task_postrun.connect(_end)


def _begin(task: Any, args: Sequence[Any], **_: object) -> None:
    logs.begin(**{_SUBJECTS[task.name.removeprefix("pushboat.")]: args[0]})


def _end(**_: object) -> None:
    logs.begin()


def _while_the_store_answers(task: Callable[[Any], None]) -> Callable[[int | str], None]:
    """Leave what the store does not answer for: it is due there still, and hinted at again."""

    @wraps(task)
    def attempt(which: int | str) -> None:
        try:
            task(which)
        except StoreUnavailable as trouble:
            logger.warning("%s of %s is left for later: %s", task.__name__, which, trouble.summary)

    return attempt
