"""How what was asked for in a conversation ended, as its answer there: what runs now, or why not. Pure.

Pods, tools and file names speak in the sentence: it stands in a code span, where forges make nothing of it.
"""

from collections.abc import Sequence

from pushboat.model.container_log import in_markdown
from pushboat.model.deployment import Deployment, short
from pushboat.model.state import Kind, State
from pushboat.model.status import Status
from pushboat.model.wording import code

LONGEST_SENTENCE = 1_000
"""Characters; the whole stands on the deployment's page."""


def answer(saying: Sequence[tuple[Deployment, Status]], first: Sequence[str]) -> str:
    """Write the whole answer: what became of each, and below it what was said at first, which is still true.

    What containers said last stands below it where the operator lets comments say it, and nowhere else.
    """
    lines = [text(deployment, told) for deployment, told in saying]
    logs = in_markdown(log for deployment, _ in saying for log in deployment.logs if log.in_comments)
    asked = (f"Asked for: {code(each, LONGEST_SENTENCE)}" for each in first)
    return "\n\n".join((*lines, *((logs,) if logs else ()), *asked))


def text(deployment: Deployment, told: Status) -> str:
    """Write the answer to whoever asked for a deployment, from what its commit shows."""
    sha, where = code(short(deployment.sha)), code(deployment.lane.environment)
    if told.state in (State.QUEUED, State.RUNNING):
        said = f"{sha} in {where}"
    elif deployment.kind is Kind.PLAN:
        said = f"The plan of {sha} for {where}" if told.state is State.SUCCEEDED else f"No plan of {sha} for {where}"
    else:
        said = _SAID.get(told.state, f"{{sha}} is {told.state} in {{where}}").format(sha=sha, where=where)
    sentence = told.description if deployment.state is State.SUPERSEDED else deployment.reason or told.description
    end = f"; {deployment.aftermath}" if deployment.aftermath and deployment.aftermath not in sentence else ""
    return f"{said}: {code(' '.join((sentence + end).split()), LONGEST_SENTENCE)}"


_SAID = {
    State.SUCCEEDED: "{where} runs {sha}",
    State.FAILED: "{sha} failed in {where}",
    State.ERRORED: "{sha} could not be brought to {where}",
    State.CANCELLED: "{sha} was not deployed to {where}",
}
