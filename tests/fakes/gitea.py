"""A small Gitea on localhost: `FakeGitea(folder)` is a forge whose payloads, API and rules are Gitea's."""

import hashlib
import hmac
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from pushboat.config.operator import Forge, Secret
from tests.fakes import gitea_payloads as payloads
from tests.fakes.bare import ZERO
from tests.fakes.forge import FakeForge
from tests.fakes.gitea_api import application
from tests.fakes.nouns import Comment, Project, PullRequest, Update

Event = tuple[str, dict[str, Any]]


class FakeGitea(FakeForge):
    """Gitea; with `is_forgejo` its deliveries carry Forgejo's headers as well."""

    def __init__(self, folder: Path) -> None:
        self.is_forgejo = False
        self.allowed_hosts = (
            "*"  # ALLOWED_HOST_LIST; Gitea's own is "external", and what it refuses it tells its log only
        )
        super().__init__(folder, _Dialect())
        self.api_url = f"{self.url}/api/v1"

    def configured(self, name: str = "gitea", **other: Any) -> Forge:
        """Give what the operator's file would say."""
        forge = Forge(
            name=name,
            kind="gitea",
            url=self.url,
            api_url=self.api_url,
            clone_url=self.clone_url,
            webhook_secrets=(Secret(value=self.secret),),
            token=self.token,
        )
        return replace(forge, **other)


class _Dialect:
    def application(self, forge: FakeForge) -> Flask:
        assert isinstance(forge, FakeGitea)
        return application(forge)

    def push(self, forge: FakeForge, project: Project, update: Update) -> Event:
        if update.after == ZERO and update.ref.startswith("refs/heads/"):
            return "delete", payloads.delete(forge, project, update)
        return "push", payloads.push(forge, project, update)

    def pull_request(self, forge: FakeForge, project: Project, pull: PullRequest, action: str, **more: Any) -> Event:
        words = {"updated": "synchronized", "merged": "closed", "ready": "edited", "draft": "edited"}
        was = pull.title
        if action in ("ready", "draft"):  # a draft is one by its title
            pull.title = was.removeprefix("WIP: ") if action == "ready" else f"WIP: {was}"
            was = was if action == "draft" or was.startswith("WIP: ") else f"WIP: {was}"
        payload = payloads.pull_request_event(forge, project, pull, words.get(action, action))
        if action in ("ready", "draft"):
            payload["changes"] = {"title": {"from": was}}
        return "pull_request", payload

    def comment(self, forge: FakeForge, project: Project, comment: Comment, action: str, **more: Any) -> Event:
        payload = payloads.comment_event(forge, project, comment, action)
        if action == "edited":
            payload["changes"] = {"body": {"from": more["before"]}}
        return "issue_comment", payload

    def ping(self, forge: FakeForge, project: Project) -> Event:
        # There is no ping: the test button sends a push of the default branch's tip to itself.
        sha = project.bare.resolve("refs/heads/main")
        return self.push(forge, project, Update(ref="refs/heads/main", before=sha, after=sha, sha=sha, author="alice"))

    def sign(self, forge: FakeForge, event: str, body: bytes) -> dict[str, str]:
        assert isinstance(forge, FakeGitea)
        id_, key = str(uuid.uuid4()), forge.secret.encode()
        sha1, sha256 = (hmac.new(key, body, digest).hexdigest() for digest in (hashlib.sha1, hashlib.sha256))
        named = {"Delivery": id_, "Event": event, "Event-Type": event}
        headers = {f"X-{who}-{name}": value for who in ("Gitea", "Gogs", "GitHub") for name, value in named.items()}
        headers |= {"X-Gitea-Signature": sha256, "X-Gogs-Signature": sha256}
        headers |= {"X-Hub-Signature": f"sha1={sha1}", "X-Hub-Signature-256": f"sha256={sha256}"}
        headers |= {"Content-Type": "application/json", "User-Agent": "Go-http-client/1.1"}
        if forge.is_forgejo:
            headers |= {f"X-Forgejo-{name}": value for name, value in named.items()} | {"X-Forgejo-Signature": sha256}
        return headers
