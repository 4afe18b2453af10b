"""What a forge shows beside a commit: context, state, one sentence. Composed here for every forge alike."""

from dataclasses import dataclass

from pushboat.model.deployment import Deployment, short
from pushboat.model.state import Kind, State
from pushboat.model.wording import printable

FILE_CONTEXT = "pushboat"
"""Under which it is said what is about the repository's file, and no environment."""
LONGEST_DESCRIPTION = 140
"""GitHub answers 422 to a longer one."""
THEN = "; then "
"""Between the sentences of several holds, in the order in which they will end."""
LONGEST_AFTERMATH = 80
"""Of those. What failed must be told as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One status to post; `path` is the page below the public URL, `ref` the branch or tag where GitLab needs it.

    `state` is ours; each forge's client translates it into its own words.
    """

    context: str
    state: State
    description: str
    path: str
    ref: str = ""


def context(deployment: Deployment) -> str:
    """Name the status context that a deployment speaks under."""
    prefix = "pushboat/plan" if deployment.kind is Kind.PLAN else "pushboat"
    return f"{prefix}/{deployment.lane.environment}"


def clip(text: str, longest: int = LONGEST_DESCRIPTION) -> str:
    """Cut a sentence to what a forge accepts, on a character boundary and with a mark; nothing in it is obeyed.

    Pods, tools and file names speak in it, and terminals show it: what does not print is escaped.
    """
    line = printable(" ".join(text[: longest * 4].split()), longest * 4)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def of(deployment: Deployment) -> Status:
    """Say where a deployment stands, as a commit status."""
    state, sentence = _sentence(deployment)
    if deployment.kind is Kind.REMOVAL and state is State.SUCCEEDED:
        state = State.CANCELLED  # green always means that this content runs
    return Status(
        context=context(deployment),
        state=state,
        description=_clipped(sentence, deployment.aftermath),
        path=deployment.path,
        ref=deployment.ref,
    )


def inherited(follower: Deployment, successor: Deployment) -> Status:
    """Say on a superseded commit how the newer one that contains it ended."""
    newer = short(successor.sha)
    if successor.state is State.SUCCEEDED:
        sentence = f"{'planned' if follower.kind is Kind.PLAN else 'runs'} as part of {newer}"
    else:
        sentence = f"{newer}, which contains this: {successor.reason}"
    return Status(
        context=context(follower),
        state=successor.state,
        description=_clipped(sentence, successor.aftermath),
        path=successor.path,
        ref=follower.ref,
    )


def _clipped(sentence: str, end: str) -> str:
    """Cut a sentence in front of what became of it, which is news."""
    last = f"; {clip(end, LONGEST_AFTERMATH)}" if end else ""
    return clip(sentence.removesuffix(f"; {end}"), LONGEST_DESCRIPTION - len(last)) + last


def _sentence(deployment: Deployment) -> tuple[State, str]:
    if deployment.state is not State.SUPERSEDED:
        return deployment.state, _waits(deployment) or deployment.reason or _unexplained(deployment)
    newer = short(deployment.successor_sha)
    if not newer:
        return State.CANCELLED, f"given up for the removal of {deployment.lane.environment}{_way_back(deployment)}"
    if deployment.successor_contains:
        return State.RUNNING, f"superseded by {newer}, follows it"
    return State.CANCELLED, f"replaced by {newer}"


def _waits(deployment: Deployment) -> str:
    """Say what it waits for: where several things do not all fit, as many as do whole and how many more there are."""
    every = [clip(held.sentence, LONGEST_DESCRIPTION * 4) for held in deployment.holds]
    rest = ["", *(f"; and {more} more" for more in range(1, len(every)))]
    fitting = (f"{THEN.join(every[: len(every) - more])}{end}" for more, end in enumerate(rest))
    whole = next((said for said in fitting if len(said) <= LONGEST_DESCRIPTION), "")
    if whole or not every:
        return whole or deployment.waits
    return clip(every[0], LONGEST_DESCRIPTION - len(rest[-1])) + rest[-1]


def _way_back(deployment: Deployment) -> str:
    """Say how a pushed commit is had after all; what brings a release back is asked for by its number."""
    lane = deployment.lane
    at = f"--sha {short(deployment.sha)}"
    return "" if deployment.again else f"; to have it: pushboat deploy {lane.repository} {lane.environment} {at}"


def _unexplained(deployment: Deployment) -> str:
    if deployment.state is State.RUNNING:
        return _AT_WORK.get(deployment.kind, "working")
    return _UNEXPLAINED.get(deployment.state, str(deployment.state))


_AT_WORK = {Kind.DEPLOY: "deploying", Kind.PLAN: "planning", Kind.REMOVAL: "destroying the environment"}


_UNEXPLAINED = {
    State.QUEUED: "waiting for its turn",
    State.SUCCEEDED: "done",
    State.FAILED: "failed",
    State.ERRORED: "could not finish",
    State.CANCELLED: "cancelled",
}
