"""A small GitLab on localhost: `FakeGitLab(folder)` is a forge whose payloads, API and rules are GitLab's."""

import base64
import hashlib
import hmac
import time
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from pushboat.config.operator import Forge, Secret
from tests.fakes import gitlab_payloads as payloads
from tests.fakes.forge import FakeForge
from tests.fakes.gitlab_api import application
from tests.fakes.gitlab_deployments import Listed, Place
from tests.fakes.gitlab_statuses import Job
from tests.fakes.nouns import Comment, Project, PullRequest, Update

Event = tuple[str, dict[str, Any]]


class FakeGitLab(FakeForge):
    """GitLab; with `signing_token` set its deliveries are signed, as 19.0 and later can.

    Without `dates_entries` its log and its headers name no times, as before 19.0; without `has_log` there is none, as
    before 17.3.
    """

    def __init__(self, folder: Path) -> None:
        self.jobs: list[Job] = []
        self.listed: dict[str, list[Listed]] = {}
        self.places: dict[str, dict[str, Place]] = {}
        self.protected: dict[tuple[str, str], dict[str, Any]] = {}
        self.groups: dict[int, tuple[str, set[str]]] = {}
        self.above: dict[tuple[str, str], dict[str, Any]] = {}
        """What groups demand of a tier of environments, by the group's path and the tier."""
        self.owned: set[str] = set()
        """The groups that our account owns."""
        self.inherited: dict[str, set[str]] = {}
        self.group_levels: dict[tuple[str, str], int] = {}
        self.edition = "ee"
        self.licensed = False
        self.may_approve_own = False
        self.guarded: set[tuple[str, str]] = set()
        self.group_hooks: dict[str, list[dict[str, Any]]] = {}
        self.dates_entries = self.has_log = True
        self.resends_a_minute = 5
        self.expires_at = ""
        super().__init__(folder, _Dialect())
        self.api_url = f"{self.url}/api/v4"

    def spelled(self, name: str) -> str:
        """Serve a project by its old name too, as GitLab does without a redirect."""
        known = super().spelled(name)
        return known if known in self.projects else self.moved.get(known, known)

    def may_deploy(self, repository: str, environment: str) -> bool:
        """Say whether the bot may deploy to an environment, which may be protected from it."""
        return (repository, environment) not in self.guarded

    def signature(self, id_: str, stamp: str, body: bytes) -> dict[str, str]:
        """Sign an id, a time and a body with the signing token, or say the secret as it is."""
        if not self.signing_token:
            return {"X-Gitlab-Token": self.secret}
        key = base64.b64decode(self.signing_token.removeprefix("whsec_"))
        digest = hmac.new(key, f"{id_}.{stamp}.".encode() + body, hashlib.sha256).digest()
        return {"webhook-signature": f"v1,{base64.b64encode(digest).decode()}"}

    def resigned(self, headers: dict[str, str], body: bytes) -> dict[str, str]:
        """Sign a delivery that is sent again under its old id."""
        id_, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        return {**headers, **self.signature(id_, stamp, body)}

    def configured(self, name: str = "gitlab", **other: Any) -> Forge:
        """Give what the operator's file would say."""
        signing = Secret(value=self.signing_token, kind="signing")
        forge = Forge(
            name=name,
            kind="gitlab",
            url=self.url,
            api_url=self.api_url,
            clone_url=self.clone_url,
            webhook_secrets=(signing if self.signing_token else Secret(value=self.secret),),
            token=self.token,
        )
        return replace(forge, **other)


class _Dialect:
    def application(self, forge: FakeForge) -> Flask:
        assert isinstance(forge, FakeGitLab)
        return application(forge)

    def push(self, forge: FakeForge, project: Project, update: Update) -> Event:
        event = "Tag Push Hook" if update.ref.startswith("refs/tags/") else "Push Hook"
        return event, payloads.push(forge, project, update)

    def pull_request(self, forge: FakeForge, project: Project, pull: PullRequest, action: str, **more: Any) -> Event:
        words = {"opened": "open", "reopened": "reopen", "closed": "close", "merged": "merge"}
        payload = payloads.merge_request_event(forge, project, pull, words.get(action, "update"))
        if action == "updated":
            payload["object_attributes"]["oldrev"] = more["before"]
        if action in ("ready", "draft"):
            payload["changes"] = {"draft": {"previous": action == "ready", "current": action == "draft"}}
        if more.get("how") == "fast-forward":
            payload["object_attributes"]["merge_commit_sha"] = None
        return "Merge Request Hook", payload

    def comment(self, forge: FakeForge, project: Project, comment: Comment, action: str, **more: Any) -> Event:
        return "Note Hook", payloads.note_event(forge, project, comment, "update" if action == "edited" else "create")

    def ping(self, forge: FakeForge, project: Project) -> Event:
        # There is no ping: the Test button sends a sample of the last push.
        sha = project.bare.resolve("refs/heads/main")
        return self.push(forge, project, Update(ref="refs/heads/main", before=sha, after=sha, sha=sha, author="alice"))

    def sign(self, forge: FakeForge, event: str, body: bytes) -> dict[str, str]:
        id_, stamp = str(uuid.uuid4()), str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "GitLab/19.1.0",
            "X-Gitlab-Event": event,
            "X-Gitlab-Instance": forge.url,
            "X-Gitlab-Webhook-UUID": str(uuid.uuid4()),
            "X-Gitlab-Event-UUID": str(uuid.uuid4()),
            "Idempotency-Key": id_,
        }
        assert isinstance(forge, FakeGitLab)
        dated = {"webhook-id": id_, "webhook-timestamp": stamp} if forge.dates_entries else {}
        return {**headers, **dated, **forge.signature(id_, stamp, body)}
