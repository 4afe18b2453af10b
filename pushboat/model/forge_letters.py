"""Letters for a forge with deployments and environments of its own: how ours stand, what its workflows are told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pushboat import later_words
from pushboat.model.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentLetter:
    """How a deployment stands, for a forge that lists deployments itself. `mark` tells ours from all others.

    `ends` says that the environment was destroyed, and nothing else. `number` is the forge's own of the deployment (0:
    none yet). What follows is not written down, for it is known when the letter is posted: `remember` is told the
    number; `former` is that of the one which ran before, `others` are those of this commit. `url` is where people see
    what was deployed; `tried` says that an earlier try may have got through.
    """

    deployment: int
    mark: str
    environment: str
    sha: str
    ref: str
    state: State
    description: str = ""
    path: str = ""
    ends: bool = False
    number: int = 0
    former: tuple[int, ...] = ()
    others: frozenset[int] = frozenset()
    url: str = ""
    tried: bool = False
    remember: Callable[[int], None] = field(default=lambda _number: None, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderLetter:
    """What a deployment brought to an environment of `source`, to be committed to that one's ref."""

    source: str
    environment: str
    deployment: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLetter:
    """Whether a workflow's job may deploy to an environment, which its rules ask us: `run` is the workflow's."""

    run: int
    environment: str
    approved: bool
    comment: str


_WRITTEN = ("deployment", "mark", "environment", "sha", "ref", "state", "description", "path", "ends", "number")


def written_deployment(letter: DeploymentLetter) -> Mapping[str, Any]:
    """Write down what is known of a deployment when it is said."""
    return {name: getattr(letter, name) for name in _WRITTEN}


def read_deployment(payload: Mapping[str, Any]) -> DeploymentLetter:
    """Read it again."""
    known = {name: payload[name] for name in _WRITTEN if name in payload}
    return DeploymentLetter(**{**known, "state": later_words.demand(State, payload["state"])})


_REVIEW = ("run", "environment", "approved", "comment")


def written_review(letter: ReviewLetter) -> Mapping[str, Any]:
    """Write down what was said to a workflow."""
    return {name: getattr(letter, name) for name in _REVIEW}


def read_review(payload: Mapping[str, Any]) -> ReviewLetter:
    """Read it again."""
    return ReviewLetter(**{name: payload[name] for name in _REVIEW})


def written_render(letter: RenderLetter) -> Mapping[str, Any]:
    """Write down what is to be committed."""
    return {"source": letter.source, "environment": letter.environment, "deployment": letter.deployment}


def read_render(payload: Mapping[str, Any]) -> RenderLetter:
    """Read it again."""
    return RenderLetter(source=payload["source"], environment=payload["environment"], deployment=payload["deployment"])
