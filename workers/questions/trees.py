"""The files that a plan is made of: a work tree's as they are, or those of a commit of a repository at its forge."""

from dataclasses import dataclass
from pathlib import Path

from pushboat.config.project import Limits
from pushboat.model.ask import Ask, Source
from pushboat.model.deployment import Lane, short
from pushboat.model.remote import Remote
from workers.deploying.screening import Commits, commits_of
from workers.routing import revisions
from workers.source import checkout
from workers.source.environments import fetched, remote
from workers.tools import Tools

THE_WORK_TREE, WORK_TREE = "the work tree", "a push of this"
"""How a work tree is called, and its deployment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Files as git has them, kept below `caches` as if they had been fetched from `remote`.

    `name` is how sentences call them, `bringing` what a deployment of them is called. `commits` tells what earlier
    commits have. What they want from outside is kept below `state`. `commit` is their sha where others have it too.
    """

    name: str
    bringing: str
    sha: str
    remote: Remote
    caches: Path
    commits: Commits
    state: Path
    commit: str = ""


def of_commit(tools: Tools, lane: Lane, limits: Limits, wanted: str) -> Tree:
    """Give those of a commit or tag of the repository's own; of the head that the environment follows without one.

    Raises:
        CommandRefused: there is no such commit, or no ref of the repository itself has it.
        CheckoutFailed, ForgeUnavailable, ForgeRefused: it cannot be had.
    """
    asked = Ask(
        word="plan",
        who="",
        source=Source.COMMAND,
        repository=lane.repository,
        environment=lane.environment,
        sha=wanted,
    )
    sha = revisions.of_command_line(tools, asked, limits).sha
    fetched(tools, lane.repository, lambda source: checkout.fetch(tools.git_caches, source, lane.repository, sha))
    return Tree(
        name=f"{lane.repository} at {short(sha)}",
        bringing=f"deploying {short(sha)}",
        sha=sha,
        remote=remote(tools, lane.repository),
        caches=tools.git_caches,
        commits=commits_of(tools, lane.repository, sha),
        state=tools.operator.state,
        commit=sha,
    )
