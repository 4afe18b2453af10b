"""What Gitea and Forgejo say of a commit's signature; theirs is the one of a signer who has no account."""

from urllib.parse import quote

from pushboat.forges.answers import Missing
from pushboat.forges.gitea.api import Api, Connection, of
from pushboat.model.deployment import short
from pushboat.model.forge_verdict import ForgeVerdict


def verdict(api: Api, repository: str, sha: str) -> ForgeVerdict:
    """Read the commit, and look for an account of its signer's name.

    The API says nowhere whose key it was. A person's key leads to its owner's account; the instance's key leads to
    what `[repository.signing] SIGNING_NAME` says. Where an account has that name as well, nothing is the forge's own.
    """
    doing = f"read the signature of {short(sha)} in {repository}"

    def read(forge: Connection) -> dict[str, object]:
        found = forge.get(of(repository, "git", "commits", sha), stat="false", files="false")
        return dict(found["commit"].get("verification") or {})

    said = api.ask(doing, read)
    good, why, signer = said.get("verified") is True, str(said.get("reason") or ""), said.get("signer")
    name = str(signer.get("username") or "") if isinstance(signer, dict) else ""
    return ForgeVerdict(good=good, own=good and bool(name) and not _has_account(api, name), why=why)


def _has_account(api: Api, name: str) -> bool:
    try:
        api.ask("look for the signer's account", lambda forge: forge.get(f"/users/{quote(name, safe='')}"))
    except Missing:
        return False
    return True
