"""What the very first look at a repository deploys, where the operator's file says `first: deploy`."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pushboat.config.project import Limits, Project
from workers.catching_up.comparing import natural
from workers.catching_up.coverage import There

MOST_BRANCHES = 50
"""Where the operator's file leaves the branch to the repository's, which only each branch's own commit has."""

_BRANCH, _TAG = "refs/heads/", "refs/tags/"


def first_deployments(project: Project, there: There) -> list[str]:
    """Give the refs that an environment with `first: deploy` may follow, each once; of tags the highest."""
    wanted = [
        ref
        for limits in project.environments.written.values()
        if limits.first == "deploy"
        for ref in _candidates(limits, there)
    ]
    return list(dict.fromkeys(wanted))


def _candidates(limits: Limits, there: There) -> Iterator[str]:
    fixed = limits.fixed
    if "branch" in fixed:
        yield from (ref for ref in there if ref == f"{_BRANCH}{fixed['branch']}")
    elif "tag" not in fixed:
        yield from [ref for ref in there if ref.startswith(_BRANCH)][:MOST_BRANCHES]
    if "branch" not in fixed:
        pattern = f"{_TAG}{fixed.get('tag', '*')}"
        yield from sorted((ref for ref in there if fnmatchcase(ref, pattern)), key=natural)[-1:]
