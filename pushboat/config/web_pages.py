"""Where people look at things on each kind of forge: the paths behind its web address."""

import re
from dataclasses import dataclass
from urllib.parse import quote

_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
"""What may be an account's name; old GitLabs send the name that people read, which leads nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPages:
    """Paths with `{repository}`, `{sha}`, `{name}` or `{number}` in them; empty: the forge has no such page."""

    commit: str = ""
    branch: str = ""
    tag: str = ""
    proposal: str = ""
    person: str = ""

    def of_commit(self, url: str, repository: str, sha: str) -> str:
        """Say where a commit is shown; empty where it is nowhere."""
        return _address(url, self.commit, repository=repository, sha=sha)

    def of_ref(self, url: str, repository: str, ref: str) -> str:
        """Say where a branch or a tag, by its full name, is shown."""
        for beginning, path in (("refs/heads/", self.branch), ("refs/tags/", self.tag)):
            if ref.startswith(beginning):
                return _address(url, path, repository=repository, name=ref.removeprefix(beginning))
        return ""

    def of_proposal(self, url: str, repository: str, number: int) -> str:
        """Say where a pull or merge request is shown."""
        return _address(url, self.proposal, repository=repository, number=number) if number > 0 else ""

    def of_person(self, url: str, name: str) -> str:
        """Say where an account is shown."""
        return _address(url, self.person, name=name) if _LOGIN.fullmatch(name) else ""


def _address(url: str, path: str, **parts: object) -> str:
    return url + path.format(**{key: quote(str(part)) for key, part in parts.items()}) if url and path else ""


GITHUB = WebPages(
    commit="/{repository}/commit/{sha}",
    branch="/{repository}/tree/{name}",
    tag="/{repository}/tree/{name}",
    proposal="/{repository}/pull/{number}",
    person="/{name}",
)
GITLAB = WebPages(
    commit="/{repository}/-/commit/{sha}",
    branch="/{repository}/-/tree/{name}",
    tag="/{repository}/-/tags/{name}",
    proposal="/{repository}/-/merge_requests/{number}",
    person="/{name}",
)
GITEA = WebPages(
    commit="/{repository}/commit/{sha}",
    branch="/{repository}/src/branch/{name}",
    tag="/{repository}/src/tag/{name}",
    proposal="/{repository}/pulls/{number}",
    person="/{name}",
)
NONE = WebPages()
