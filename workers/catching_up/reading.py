"""Asking where a repository's refs stand: all of them, or where those are too many, fewer: last those that deploy."""

from collections.abc import Iterator

from pushboat.errors import CheckoutFailed, InvalidRepositoryFile
from pushboat.model.head import Look
from pushboat.store import deployments
from workers.catching_up import coverage
from workers.catching_up.coverage import ALL, There
from workers.source.environments import environments_at, fetched
from workers.source.git.heads import TooManyRefs, default_head, heads_of
from workers.tools import Tools


def read(tools: Tools, look: Look) -> tuple[There, str]:
    """Read the refs and say which were asked for, by another name where the forge has given the repository one.

    What was too much at the last look is not tried again at each one, but when the log of deliveries is due.
    """
    repository = look.repository
    if look.log_due or look.covered in ("", ALL):
        there = _ask(tools, repository, ALL)
        if there is not None:
            return there, ALL
    narrower = coverage.choices(_followed(tools, repository))[1:]
    for choice in narrower if look.log_due else coverage.from_there(look.covered, narrower):
        there = _ask(tools, repository, choice)
        if there is not None:
            return there, choice
    return {}, coverage.NOTHING


def _ask(tools: Tools, repository: str, choice: str) -> There | None:
    """Ask for the refs of a coverage; None where they are too many."""
    try:
        there = fetched(tools, repository, lambda remote: heads_of(tools.scratch, remote, coverage.patterns(choice)))
    except TooManyRefs:
        return None
    return there if coverage.fits(choice, there) else None


def _followed(tools: Tools, repository: str) -> Iterator[str]:
    """Give what environments follow: by the operator's file, by the default branch's, and by what was deployed."""
    for limits in tools.project(repository).environments.written.values():
        yield from _full(limits.fixed.get("branch", ""), limits.fixed.get("tag", ""))
    sha = fetched(tools, repository, lambda remote: default_head(tools.scratch, remote))
    try:
        environments = environments_at(tools, repository, sha)[0] if sha else {}
    except (CheckoutFailed, InvalidRepositoryFile):
        environments = {}  # its own push says so; what was deployed before is still followed
    for one in environments.values():
        yield from _full(one.branch, one.tag)
    for newest in deployments.latest_by_lane(tools.store, repository):
        if newest.ref.startswith("refs/"):
            yield newest.ref


def _full(branch: str, tag: str) -> Iterator[str]:
    if branch:
        yield f"refs/heads/{branch}"
    if tag:
        yield f"refs/tags/{tag}"
