"""What GitHub says of a commit's signature; those that it makes itself are committed by an account of its own."""

from github import Github

from pushboat.forges.github.api import Api, get
from pushboat.model.deployment import short
from pushboat.model.forge_verdict import ForgeVerdict

_ITSELF = "web-flow"
"""The account by which GitHub commits what people merge and edit on its pages; nobody else has its key."""


def verdict(api: Api, repository: str, sha: str) -> ForgeVerdict:
    """Read the commit; of its files, of which there may be thousands, one."""

    def read(github: Github) -> ForgeVerdict:
        found = get(github, f"/repos/{repository}/commits/{sha}?per_page=1")
        said = dict(found["commit"]["verification"])
        committer = found.get("committer") or {}
        return ForgeVerdict(
            good=said["verified"] is True,
            own=committer.get("login") == _ITSELF,
            why=str(said.get("reason") or ""),
        )

    return api.ask(repository, f"read the signature of {short(sha)} in {repository}", read)
