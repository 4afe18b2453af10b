"""What happens at a forge to names rather than to content: branches begin, tags come many at once, names change."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.fakes import github_payloads
from tests.fakes.bare import ZERO, Bare
from tests.fakes.forge import FakeForge
from tests.fakes.github import FakeGitHub
from tests.fakes.nouns import Happened, Sent, Update


def begin_branch(forge: FakeForge, name: str, branch: str, commit: str = "main") -> Happened:
    """Begin a branch at an existing commit and deliver that push."""
    sha = forge.projects[name].bare.resolve(commit)
    return Happened(sha=sha, sent=(_ref_came(forge, name, f"refs/heads/{branch}", sha),))


def push_tags(forge: FakeForge, name: str, tags: Mapping[str, str], delivered: Sequence[str]) -> Happened:
    """Push several tags (name to commit) at once; their deliveries come in the order that is given."""
    bare = forge.projects[name].bare
    for tag, sha in tags.items():
        bare.git("update-ref", f"refs/tags/{tag}", sha)
    sent = tuple(_ref_came(forge, name, f"refs/tags/{tag}", tags[tag]) for tag in delivered)
    return Happened(sha=list(tags.values())[-1], sent=sent)


def rename(forge: FakeForge, name: str, new: str, *, leads: bool = False) -> None:
    """Give a repository another name; it stays the same one, with the same id.

    With `leads` the old name leads to it, as at the big forges, until somebody takes that name.
    """
    if leads:
        forge.moved[name] = new
    project = forge.projects.pop(name)
    place = Path(str(project.bare.path).removesuffix(f"{name}.git"), f"{new}.git")
    place.parent.mkdir(parents=True, exist_ok=True)
    project.bare = Bare(project.bare.path.rename(place))
    project.name = new
    forge.projects[new] = project


def enqueue(forge: FakeGitHub, name: str, number: int) -> Happened:
    """Put a pull request into GitHub's merge queue: a push of the group's ref, then the wish to have it checked."""
    project = forge.projects[name]
    pull = project.pull_requests[number]
    base = project.bare.resolve(f"refs/heads/{pull.base}")
    branch = f"gh-readonly-queue/{pull.base}/pr-{number}-{base}"
    project.bare.git("update-ref", f"refs/heads/{branch}", base)
    sha = project.bare.merge(branch, pull.head_sha, "merge")
    update = Update(ref=f"refs/heads/{branch}", before=ZERO, after=sha, sha=sha, author="alice")
    pushed = forge.deliver(*forge.dialect.push(forge, project, update))
    asked = forge.deliver("merge_group", github_payloads.merge_group(forge, project, pull, update, base))
    return Happened(sha=sha, number=number, sent=(pushed, asked))


def _ref_came(forge: FakeForge, name: str, ref: str, sha: str) -> Sent:
    project = forge.projects[name]
    project.bare.git("update-ref", ref, sha)
    update = Update(ref=ref, before=ZERO, after=sha, sha=sha, author="alice")
    return forge.deliver(*forge.dialect.push(forge, project, update))
