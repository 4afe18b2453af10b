"""What GitLab says of a commit's signature; it knows its own from those of people."""

from urllib.parse import quote

from gitlab import Gitlab

from pushboat.forges.gitlab.api import Api, get
from pushboat.model.deployment import short
from pushboat.model.forge_verdict import ForgeVerdict

_GOOD = ("verified", "verified_system")
_OWN = "verified_system"
"""Of a commit that GitLab made for somebody on its pages."""


def verdict(api: Api, repository: str, sha: str) -> ForgeVerdict:
    """Read the signature; a commit without one has none to be found."""

    def read(gitlab: Gitlab) -> ForgeVerdict:
        path = f"/projects/{quote(repository, safe='')}/repository/commits/{sha}/signature"
        word = str(get(gitlab, path)["verification_status"])
        return ForgeVerdict(good=word in _GOOD, own=word == _OWN, why=word)

    doing = f"read the signature of {short(sha)} in {repository}"
    return api.ask_unless_missing(repository, doing, read, ForgeVerdict(good=False, why="unsigned"))
