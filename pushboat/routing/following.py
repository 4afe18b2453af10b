"""Which environments follow a ref, and how that is said."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from pushboat.config.environment import Environment
from pushboat.errors import Mistake
from pushboat.model.state import State
from pushboat.model.status import LONGEST_DESCRIPTION, clip
from pushboat.model.wording import printable
from pushboat.routing.decision import Post

MOST_NAMED = 20
"""A file with mistakes may name anything; so many environments get a status for it."""

LONGEST_LINE = 1_000
"""Characters of one mistake."""


def of_branch(environments: Mapping[str, Environment], branch: str) -> list[Environment]:
    """Give the environments that follow a branch, by name."""
    return [one for _, one in sorted(environments.items()) if branch and one.branch == branch]


def of_tag(environments: Mapping[str, Environment], tag: str) -> list[Environment]:
    """Give the environments whose pattern a tag matches, by name."""
    return [one for _, one in sorted(environments.items()) if one.tag and fnmatchcase(tag, one.tag)]


def described(environment: Environment) -> str:
    """Say what an environment follows."""
    if environment.branch:
        return f"{environment.name} follows {environment.branch}"
    if environment.tag:
        return f"{environment.name} follows tags {environment.tag}"
    return f"{environment.name} deploys only by /deploy {environment.name}"


def all_described(environments: Iterable[Environment]) -> str:
    """Say what each environment follows, for someone whose push did nothing."""
    return ", ".join(described(one) for one in sorted(environments, key=lambda one: one.name))


def nothing_active(has_file: bool, at: str) -> str:  # noqa: FBT001 - a fact, named at every call
    """Say why a repository without a single environment deploys nothing."""
    if has_file:
        return f"{at} has no environment that is active: give one a path in .pushboat.yaml"
    return f"{at} has no .pushboat.yaml, and the operator fixes no path: add the file with an environment and its path"


def of_mistakes(mistakes: tuple[Mistake, ...], contexts: Iterable[str], sha: str, ref: str) -> tuple[Post, ...]:
    """Post the mistakes of the repository's file under each context."""
    description = summary(mistakes, LONGEST_DESCRIPTION)
    return tuple(
        Post(sha=sha, context=context, state=State.FAILED, description=description, ref=ref)
        for context in dict.fromkeys(contexts)
    )


def summary(mistakes: tuple[Mistake, ...], longest: int) -> str:
    """Say the first mistake and the number of others, both within the length."""
    more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
    return f"{clip(str(mistakes[0]), longest - len(more))}{more}"


def in_full(mistakes: tuple[Mistake, ...]) -> str:
    """Say every mistake, a line each."""
    return "\n".join(printable(str(mistake), LONGEST_LINE) for mistake in mistakes)
