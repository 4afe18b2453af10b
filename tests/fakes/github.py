"""A small GitHub on localhost: `FakeGitHub(folder)` is a forge whose payloads, API and rules are GitHub's."""

import hashlib
import hmac
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from pushboat.config.operator import Forge, Secret
from tests.fakes import github_payloads as payloads
from tests.fakes.forge import FakeForge
from tests.fakes.github_api import application
from tests.fakes.github_checks import Run, press
from tests.fakes.github_deployments import Listed
from tests.fakes.github_queue import MergeQueue
from tests.fakes.nouns import Comment, Project, PullRequest, Sent, Update

Event = tuple[str, dict[str, Any]]
PERMISSIONS = {
    "contents": "read",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
    "checks": "write",
    "deployments": "write",
    "actions": "read",
}


class FakeGitHub(FakeForge):
    """GitHub; `app_key` (PEM of the public key) makes it accept an App's tokens too."""

    def __init__(self, folder: Path) -> None:
        self.app_key = ""
        self.app_tokens: dict[str, str] = {}
        self.app_grants: dict[str, dict[str, str]] = {}
        self.people: dict[str, str] = {}
        """Who signed in somewhere, by the token that told who it is."""
        self.invited: set[str] = set()
        self.app_permissions = dict(PERMISSIONS)
        self.app_hook: dict[str, str] = {}
        self.waiting_suites: set[str] = set()
        self.check_runs: dict[str, list[Run]] = {}
        self.queues: dict[str, MergeQueue] = {}
        self.environments: dict[tuple[str, str], dict[str, Any]] = {}
        self.protected: dict[str, list[str]] = {}
        self.tells_deployments = False
        self.asked: set[tuple[str, int, str]] = set()
        self.reviews: list[tuple[int, str, str, str]] = []
        self.listed: dict[str, list[Listed]] = {}
        self.app_events = ["push", "pull_request", "issue_comment"]
        super().__init__(folder, _Dialect())
        self.api_url = f"{self.url}/api/v3"

    def may_read(self, repository: str, password: str) -> bool:
        """Accept the token, and an App's token for its own repository."""
        return super().may_read(repository, password) or self.app_tokens.get(password) == repository

    def may_write(self, repository: str, password: str) -> bool:
        """Accept the token with its scope, and an App's token that was granted to write contents."""
        if password in self.app_grants:
            return self.app_grants[password].get("contents") == "write" and self.may_read(repository, password)
        return super().may_write(repository, password)

    def runs(self, repository: str, sha: str, context: str = "") -> list[Run]:
        """List a commit's check runs in the order in which they began."""
        return [one for one in self.check_runs.get(repository, ()) if one.sha == sha and context in ("", one.name)]

    def press(self, repository: str, run: Run, user: str, button: str = "") -> Sent:
        """Let somebody press a button below a run, or Re-run."""
        return press(self, repository, run, user, button)

    def configured(self, name: str = "github", **other: Any) -> Forge:
        """Give what the operator's file would say."""
        forge = Forge(
            name=name,
            kind="github",
            url=self.url,
            api_url=self.api_url,
            clone_url=self.clone_url,
            webhook_secrets=(Secret(value=self.secret),),
            token=self.token,
        )
        return replace(forge, **other)


class _Dialect:
    def application(self, forge: FakeForge) -> Flask:
        assert isinstance(forge, FakeGitHub)
        return application(forge)

    def push(self, forge: FakeForge, project: Project, update: Update) -> Event:
        return "push", payloads.push(forge, project, update)

    def pull_request(self, forge: FakeForge, project: Project, pull: PullRequest, action: str, **more: Any) -> Event:
        words = {
            "updated": "synchronize",
            "merged": "closed",
            "ready": "ready_for_review",
            "draft": "converted_to_draft",
        }
        payload = payloads.pull_request_event(forge, project, pull, words.get(action, action))
        if action == "updated":
            payload |= {"before": more["before"], "after": pull.head_sha}
        return "pull_request", payload

    def comment(self, forge: FakeForge, project: Project, comment: Comment, action: str, **more: Any) -> Event:
        if comment.sha:
            return "commit_comment", payloads.commit_comment_event(forge, project, comment, action)
        payload = payloads.comment_event(forge, project, comment, action)
        if action == "edited":
            payload["changes"] = {"body": {"from": more["before"]}}
        return "issue_comment", payload

    def ping(self, forge: FakeForge, project: Project) -> Event:
        return "ping", {"zen": "Keep it logically awesome.", "hook_id": 1, **payloads.around(forge, project, "alice")}

    def sign(self, forge: FakeForge, event: str, body: bytes) -> dict[str, str]:
        key = forge.secret.encode()
        return {
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/044aadd",
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": str(uuid.uuid4()),
            "X-GitHub-Hook-ID": "1",
            "X-GitHub-Hook-Installation-Target-Type": "repository",
            "X-Hub-Signature": f"sha1={hmac.new(key, body, hashlib.sha1).hexdigest()}",
            "X-Hub-Signature-256": f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}",
        }
