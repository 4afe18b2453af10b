"""What a forge tells of a push that came by git: the ref that moved, and each open pull request of that branch."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.fakes.bare import ZERO
from tests.fakes.nouns import Project, Update

if TYPE_CHECKING:
    from tests.fakes.forge import FakeForge


@contextmanager
def told(forge: "FakeForge", project: Project) -> Iterator[None]:
    """Deliver what the block pushed, as the bot's doing."""
    before = _heads(project)
    yield
    for ref, sha in _heads(project).items():
        was = before.get(ref, ZERO)
        if was == sha:
            continue
        forced = was != ZERO and not project.bare.contains(was, sha)
        update = Update(ref=ref, before=was, after=sha, sha=sha, author=forge.bot, forced=forced)
        forge.deliver(*forge.dialect.push(forge, project, update))
        for pull in project.pull_requests.values():
            if pull.state == "open" and pull.head_project is project and ref == f"refs/heads/{pull.head}":
                old, kept = pull.head_sha, f"refs/pull/{pull.number}/head"
                pull.head_sha = project.bare.fetch(project.bare, pull.head, kept)
                forge.deliver(*forge.dialect.pull_request(forge, project, pull, "updated", before=old))


def _heads(project: Project) -> dict[str, str]:
    listed = project.bare.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads/")
    return dict(line.split(" ") for line in listed.splitlines())  # type: ignore[misc]  # two words each
