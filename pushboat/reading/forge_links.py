"""Where a repository's forge shows what our pages name: commits, branches, proposals, people."""

from collections.abc import Mapping
from dataclasses import dataclass

from pushboat.config.forge import Forge
from pushboat.config.kinds import KINDS
from pushboat.config.web_pages import NONE, WebPages


@dataclass(frozen=True, slots=True)
class ForgeLinks:
    """Addresses at the forges of the operator's file; empty where there is none. Repositories as `<forge>/<path>`."""

    forges: Mapping[str, Forge]

    def commit(self, repository: str, sha: str) -> str:
        """Say where a commit is shown."""
        pages, url, path = self._of(repository)
        return pages.of_commit(url, path, sha)

    def ref(self, repository: str, ref: str) -> str:
        """Say where a branch or a tag is shown."""
        pages, url, path = self._of(repository)
        return pages.of_ref(url, path, ref)

    def proposal(self, repository: str, number: int) -> str:
        """Say where a pull or merge request is shown; below 0 it is a merge queue's head, made for that one."""
        pages, url, path = self._of(repository)
        return pages.of_proposal(url, path, abs(number))

    def person(self, repository: str, name: str) -> str:
        """Say where an account is shown."""
        pages, url, _ = self._of(repository)
        return pages.of_person(url, name)

    def repository(self, repository: str) -> str:
        """Say where the repository itself is shown."""
        pages, url, path = self._of(repository)
        return f"{url}/{path}" if pages != NONE and url else ""

    def _of(self, repository: str) -> tuple[WebPages, str, str]:
        name, _, path = repository.partition("/")
        forge = self.forges.get(name)
        return (KINDS[forge.kind].pages, forge.url, path) if forge else (NONE, "", "")
