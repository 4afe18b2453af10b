"""PyGithub set up for workers: no retries of its own, no sleeping, its errors turned into ours."""

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import requests
from github import Auth, BadAttributeException, Github, GithubException
from github.Requester import HTTPRequestsConnectionClass, HTTPSRequestsConnectionClass, Requester

from pushboat.config.operator import Forge
from pushboat.forges.answers import Missing, Unauthorized, translate, unreachable
from pushboat.forges.github.installations import Installations
from pushboat.forges.github.refusals import read
from pushboat.forges.punctual import Punctual

Result = TypeVar("Result")
_KEPT_CONNECTIONS = 32
MOST_PAGES = 50
"""Of a list that is read to its end; no forge has so many webhooks."""
_WHO = "ask who we are"


class Api:
    """Asks GitHub, with the credential that fits the repository; may be shared by threads."""

    def __init__(self, forge: Forge) -> None:
        self.name = forge.name
        self.forge = forge
        self.url = (forge.url or "https://github.com").rstrip("/")
        self._url = forge.api_url or "https://api.github.com"
        self._token = forge.token
        self._installations = Installations(forge.app, lambda auth: _github(auth, self._url)) if forge.app else None
        # A connection of PyGithub keeps the request it is sending in its own fields: two threads would mix theirs up.
        self._own = threading.local()
        self._own_name = ""
        self.app_id = str(forge.app.id) if forge.app else ""

    @property
    def as_app(self) -> bool:
        """Say whether we act as a GitHub App."""
        return self._installations is not None

    def ask(self, repository: str, doing: str, question: Callable[[Github], Result]) -> Result:
        """Ask one question; `doing` completes the sentence "tried to …".

        A token of the App that expired in between is renewed once.
        """
        try:
            return self._ask(repository, doing, question)
        except Unauthorized:
            if not self.renew(repository):
                raise
            return self._ask(repository, doing, question)

    def renew(self, repository: str) -> bool:
        """Let go of a token of the App's, and say whether there is an App to get another one."""
        self.forget(repository)
        return self.as_app

    def ask_unless_missing(
        self, repository: str, doing: str, question: Callable[[Github], Result], missing: Result
    ) -> Result:
        """Ask where "there is none" is an answer, which `missing` stands for."""
        try:
            return self.ask(repository, doing, question)
        except Missing:
            # 404 is also what a token sees that may not see the repository: then this raises, for nothing is known.
            self.ask(repository, f"see {repository}", lambda github: github.get_repo(repository).complete())
            return missing

    def ask_by_id(self, number: str, doing: str, question: Callable[[Github], Result]) -> Result:
        """Ask about a repository of which only GitHub's own id is sure."""
        token = self._token
        if self._installations is not None:
            token = self._translated(doing, partial(self._installations.token_by_id, number))
        return self._translated(doing, lambda: question(self._github(Auth.Token(token) if token else None)))

    def ask_as_app(self, doing: str, question: Callable[[Github], Result]) -> Result:
        """Ask as the App itself instead of one of its installations."""
        assert self._installations is not None
        github = self._github(self._installations.auth)
        return self._translated(doing, lambda: question(github))

    def own_name(self, repository: str) -> str:
        """Ask once under which login our comments stand: the token's user, or the App's bot."""
        if not self._own_name:
            if self.as_app:
                self._own_name = f"{self.ask_as_app(_WHO, lambda github: str(get(github, '/app')['slug']))}[bot]"
            else:
                self._own_name = self.ask(repository, _WHO, lambda github: str(get(github, "/user")["login"]))
        return self._own_name

    def token(self, repository: str) -> str:
        """Give the token that reaches this repository, empty without credentials."""
        if self._installations is None:
            return self._token
        installations = self._installations
        return self._translated(f"get a token for {repository}", lambda: installations.token(repository))

    def may_write_checks(self, repository: str) -> bool:
        """Say whether we are an App that may write check runs in the repository."""
        return self.as_app and self.is_granted(repository, "checks")

    def is_granted(self, repository: str, optional: str) -> bool:
        """Say whether an optional permission is ours; of what a token may, nobody knows before it is tried."""
        installations = self._installations
        if installations is None:
            return True
        return self._translated(f"get a token for {repository}", lambda: installations.has(repository, optional))

    def forget(self, repository: str) -> None:
        """Drop an App's token, so that the next one is asked for with what is granted by then."""
        if self._installations is not None:
            self._installations.forget(repository)

    def _ask(self, repository: str, doing: str, question: Callable[[Github], Result]) -> Result:
        token = self.token(repository)
        github = self._github(Auth.Token(token) if token else None)
        return self._translated(doing, lambda: question(github))

    def _github(self, auth: Auth.Auth | None) -> Github:
        kept: dict[str, Github] = self._own.__dict__.setdefault("kept", {})
        key = "" if auth is None else "app" if isinstance(auth, Auth.AppAuth) else auth.token
        if key not in kept:
            if len(kept) >= _KEPT_CONNECTIONS:
                for github in kept.values():
                    github.close()
                kept.clear()
            kept[key] = _github(auth, self._url)
        return kept[key]

    def _translated(self, doing: str, call: Callable[[], Result]) -> Result:
        try:
            return call()
        except GithubException as error:
            raise translate(self.name, doing, read(error)) from error
        except requests.RequestException as error:
            raise unreachable(self.name, doing, error) from error
        except (
            ArithmeticError,
            BadAttributeException,
            RuntimeError,
            AssertionError,
            AttributeError,
            KeyError,
            TypeError,
            ValueError,
        ) as error:
            # A proxy's page instead of the API's answer, a redirect to another host, a limit that ends at "inf":
            # PyGithub stumbles over all of them.
            raise unreachable(self.name, doing, error) from error


def get(github: Github, path: str) -> dict[str, Any]:
    """Read something."""
    _, answer = github.requester.requestJsonAndCheck("GET", path)
    return dict(answer)


def create(github: Github, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Create something; only an answer that names its number proves that it exists."""
    headers, answer = github.requester.requestJsonAndCheck("POST", path, input=dict(fields))
    if "id" not in answer and headers.get("location"):
        raise GithubException(307, answer, headers)  # PyGithub follows such an answer for those who read only
    answer["id"]
    return dict(answer)


def edit(github: Github, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Change something; only an answer that names its number proves that it was done."""
    _, answer = github.requester.requestJsonAndCheck("PATCH", path, input=dict(fields))
    answer["id"]
    return dict(answer)


def listed(github: Github, path: str) -> list[dict[str, Any]]:
    """Read a list to its end, page by page."""
    found: list[dict[str, Any]] = []
    for page in range(1, MOST_PAGES + 1):
        _, answer = github.requester.requestJsonAndCheck("GET", path, parameters={"per_page": 100, "page": page})
        found += [dict(one) for one in answer]
        if len(answer) < 100:
            break
    return found


class _Plain(HTTPRequestsConnectionClass):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session.mount("http://", Punctual())


class _Secure(HTTPSRequestsConnectionClass):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session.mount("https://", Punctual())


def _github(auth: Auth.Auth | None, url: str) -> Github:
    # PyGithub takes connections of ours for all of the process or for none of it.
    Requester.injectConnectionClasses(_Plain, _Secure)
    return Github(
        auth=auth,
        base_url=url.rstrip("/"),
        timeout=10,
        user_agent="Pushboat",
        per_page=100,
        # Its default posts again after a 502: a second comment. We retry where we know that it is safe.
        retry=None,
        seconds_between_requests=None,
        seconds_between_writes=None,
        lazy=True,
    )
