"""Acting as a GitHub App: one token per repository, limited to it and to what we need, renewed before it expires."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github import Auth, Github

from pushboat.config.operator import App
from pushboat.errors import ForgeRefused

PERMISSIONS = {"contents": "read", "metadata": "read", "pull_requests": "write", "statuses": "write"}
OPTIONAL = {"checks": "write", "deployments": "write", "actions": "read", "contents": "write"}
"""Asked for where the installation has them: check runs, GitHub's list of deployments, its environments' rules, and
branches of ours that promote."""
SHORTEST_RSA = 2048
"""Bits."""
_RENEW_BEFORE = 300.0
"""Seconds that a token we hand out is still good for: longer than any fetch."""


@dataclass(frozen=True, slots=True)
class _Token:
    value: str = field(repr=False)
    expires_at: float
    granted: frozenset[str]


class Installations:
    """Finds the App's installation for a repository and keeps its token."""

    def __init__(self, app: App, connect: Callable[[Auth.Auth], Github]) -> None:
        try:
            key = load_pem_private_key(app.private_key.encode(), None)
        except (ValueError, TypeError) as error:
            raise ForgeRefused(
                "the App's private key is no PEM key without a passphrase; the operator must download it again"
            ) from error
        if not isinstance(key, RSAPrivateKey) or key.key_size < SHORTEST_RSA:
            raise ForgeRefused(
                f"the App's private key is no RSA key of {SHORTEST_RSA} bits or more; the operator must make a new one "
                "on the App's page, and download it"
            )
        # PyGithub would read a text, and prove its primes, for each request; PyJWT takes a key that was read as it is.
        self.auth = Auth.AppAuth(app.id, lambda: key)  # type: ignore[arg-type,return-value]
        self._github = connect(self.auth)
        self._lock = threading.Lock()
        self._tokens: dict[str, _Token] = {}

    def token(self, repository: str) -> str:
        """Give a token that is good for some minutes yet."""
        return self._kept(repository).value

    def has(self, repository: str, optional: str) -> bool:
        """Say whether that token has one of the optional permissions."""
        return optional in self._kept(repository).granted

    def token_by_id(self, number: str) -> str:
        """Get a token for the repository of this id, whatever it is called; it is not kept."""
        return self._fetch(f"/repositories/{int(number)}", {"repository_ids": [int(number)]}).value

    def forget(self, repository: str) -> None:
        """Drop a token that GitHub no longer accepts."""
        with self._lock:
            self._tokens.pop(repository, None)

    def _kept(self, repository: str) -> _Token:
        with self._lock:
            kept = self._tokens.get(repository)
            if kept is None or kept.expires_at - _RENEW_BEFORE < time.time():
                kept = self._tokens[repository] = self._fetch(
                    f"/repos/{repository}", {"repositories": [repository.rpartition("/")[2]]}
                )
            return kept

    def _fetch(self, place: str, chosen: dict[str, list[Any]]) -> _Token:
        requester = self._github.requester
        _, installation = requester.requestJsonAndCheck("GET", f"{place}/installation")
        granted = installation.get("permissions")
        found = granted if isinstance(granted, dict) else {}
        # What is not granted makes GitHub refuse the whole token.
        more = {name: level for name, level in OPTIONAL.items() if found.get(name) in (level, "write")}
        # PyGithub's own call cannot limit the token to one repository.
        _, answer = requester.requestJsonAndCheck(
            "POST",
            f"/app/installations/{int(installation['id'])}/access_tokens",
            input={**chosen, "permissions": {**PERMISSIONS, **more}},
        )
        expires_at = datetime.fromisoformat(answer["expires_at"]).timestamp()
        return _Token(str(answer["token"]), expires_at, frozenset(more))
