"""What each forge says of a commit's signature, in its own words; without a verdict a commit is not signed."""

from typing import TYPE_CHECKING, Any

from flask import Flask

from tests.fakes.nouns import Verdict

if TYPE_CHECKING:
    from tests.fakes.forge import FakeForge

NOBODY = Verdict(good=False)
INSTANCE = "Gitea signs"
"""What the fake Gitea's SIGNING_NAME says."""


def open_at_github(app: Flask, forge: "FakeForge", find: Any, refuse: Any, repo: str) -> None:
    """Open a commit with its verification; GitHub commits by an account of its own, web-flow."""

    @app.get(f"{repo}/commits/<sha>")
    def one_commit(owner: str, name: str, sha: str) -> Any:
        if find(forge, owner, name).bare.resolve(sha) != sha:
            refuse(422, f"No commit found for SHA: {sha}")
        said = forge.verdicts.get(sha)
        reason = ("valid" if said.good else "unknown_key") if said else "unsigned"
        login = (said.by or "web-flow") if said else "alice"
        return {
            "sha": sha,
            "commit": {"verification": {"verified": bool(said and said.good), "reason": reason}},
            "committer": {"login": login, "id": 19864447},
            "files": [],
        }


def open_at_gitlab(app: Flask, forge: "FakeForge", find: Any, refuse: Any, project: str) -> None:
    """Open a commit's signature, of which GitLab knows whether it is its own."""

    @app.get(f"{project}/repository/commits/<sha>/signature")
    def signature(id: str, sha: str) -> Any:  # noqa: A002
        known, said = find(forge, id).bare.resolve(sha) == sha, forge.verdicts.get(sha)
        if not known or said is None:
            refuse(404, "404 Signature Not Found")
        good = "verified" if said.by else "verified_system"
        return {"signature_type": "SSH", "verification_status": good if said.good else "unknown_key"}


def open_at_gitea(app: Flask, forge: "FakeForge", repo: str, resolved: Any, refuse: Any) -> None:
    """Open a commit with its verification, and the accounts."""

    @app.get(f"{repo}/git/commits/<sha>")
    def one(owner: str, name: str, sha: str) -> Any:
        found, said = resolved(owner, name, sha), forge.verdicts.get(sha, NOBODY)
        signer = {"name": said.by or INSTANCE, "email": "a@example.com", "username": said.by or INSTANCE}
        verification = {"verified": said.good, "reason": "gpg.error.no_gpg_keys_found", "signer": None}
        good = {"reason": f"{said.by or INSTANCE} / 3D5C", "signer": signer} if said.good else {}
        return {"sha": found, "commit": {"verification": verification | good}}

    @app.get("/api/v1/users/<name>")
    def account(name: str) -> Any:
        return {"login": name} if name in forge.users else refuse(404, f"user redirect does not exist [name: {name}]")
