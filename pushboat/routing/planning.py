"""What planning a proposal consists of: a plan for each environment of its base, and one answer for all of them."""

from collections.abc import Iterable

from pushboat.config.environment import Environment
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.status import clip
from pushboat.routing.decision import Deploy, Post

SUMMARY = "pushboat/plan"


def plans(
    followers: Iterable[Environment], whole: Post, base: str, author: str, trigger: Trigger, *, only: str = ""
) -> tuple[Deploy, ...]:
    """Plan for these environments the commit whose `whole` answer this is.

    `only`: of the others no more is wanted than that a plan of this commit answers: all of them are summed up.
    """
    return tuple(
        Deploy(
            kind=Kind.PLAN,
            environment=one.name,
            ref=whole.ref,
            sha=whole.sha,
            author=author,
            trigger=trigger,
            number=whole.number,
            base=base,
            once=only not in ("", one.name),
        )
        for one in followers
    )


def summary(number: int, sha: str, ref: str, state: State, description: str, *, base: str = "") -> Post:
    """Answer for all plans together; a branch rule can require it."""
    return Post(sha=sha, context=SUMMARY, state=state, description=clip(description), ref=ref, number=number, base=base)
