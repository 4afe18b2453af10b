"""The files of a work tree that somebody sent, as a commit that nobody made: for one plan, in a folder of its own."""

from pathlib import Path

from pushboat.model import sent_files
from pushboat.model.deployment import Lane
from pushboat.model.remote import Remote
from pushboat.store import releases
from workers.deploying.screening import Commits, commits_of
from workers.questions.trees import THE_WORK_TREE, WORK_TREE, Tree
from workers.source.git.importing import imported
from workers.source.unrendered import unrendered
from workers.tools import Tools


def of_sent(tools: Tools, lane: Lane, sent: bytes, folder: Path) -> Tree:
    """Make a commit of them below `folder`; what earlier commits have is asked where the repository is.

    Raises:
        Unsendable, CheckoutFailed: they are no files that can be a commit.
    """
    remote, caches = Remote(url=str(folder / "sent")), folder / "git"
    newest = releases.listed(tools.store, lane, 1)
    algorithm = "sha256" if newest and len(newest[0].sha) == 64 else "sha1"
    sha = imported(caches, remote, sent_files.opened(sent), algorithm)
    ours = commits_of(tools, lane.repository, sha)
    return Tree(
        name=THE_WORK_TREE,
        bringing=WORK_TREE,
        sha=sha,
        remote=remote,
        caches=caches,
        commits=Commits(ours.objects_at, lambda _before, found: unrendered(caches, remote, sha, "", found)),
        state=folder,
    )
