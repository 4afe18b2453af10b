"""python-gitlab set up for workers: a timeout, no retries of its own, no sleeping, its errors turned into ours."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import requests
from gitlab import Gitlab
from gitlab.exceptions import GitlabError, RedirectError

from pushboat.config.operator import Forge
from pushboat.forges.answers import Answer, Missing, read_reset, translate, unreachable
from pushboat.forges.punctual import Punctual
from pushboat.pauses import read_pause

Result = TypeVar("Result")
_NO_FIELD = "doesn't exist on type"
"""How GitLab refuses a field that only other editions or versions have."""


def get(gitlab: Gitlab, path: str) -> dict[str, Any]:
    """Read something; what is no object counts as an empty one."""
    answer = gitlab.http_get(path)
    return answer if isinstance(answer, dict) else {}


def ask_graph(gitlab: Gitlab, query: str, variables: dict[str, str]) -> dict[str, Any]:
    """Ask by GraphQL; where this GitLab has no such field, there is nothing of it.

    Raises:
        ValueError: it could not answer.
    """
    address = f"{gitlab.url}/api/graphql"
    answer = gitlab.http_post(address, post_data={"query": query, "variables": variables})
    if not isinstance(answer, dict):
        raise TypeError("a page instead of an answer")
    wrong = [str(dict(each).get("message")) for each in answer.get("errors") or ()]
    if any(_NO_FIELD not in message for message in wrong):
        raise ValueError("GitLab could not answer all that it was asked")
    return dict(answer.get("data") or {})


class Api:
    """Asks GitLab; may be shared by threads, each has a session of its own."""

    def __init__(self, forge: Forge) -> None:
        self.name = forge.name
        self.forge = forge
        self.url = forge.url
        self._address = (forge.api_url or forge.url).rstrip("/").removesuffix("/api/v4")
        self._token = forge.token
        self._own = threading.local()
        self._own_name = ""

    def ask(self, doing: str, question: Callable[[Gitlab], Result]) -> Result:
        """Ask one question; `doing` completes the sentence "tried to …"."""
        try:
            return question(self._gitlab())
        except GitlabError as error:
            raise translate(self.name, doing, self._answer(error)) from error
        except requests.RequestException as error:
            raise unreachable(self.name, doing, error) from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # A proxy's page instead of the API's answer: python-gitlab hands it out as if it were data.
            raise unreachable(self.name, doing, error) from error

    def ask_unless_missing(
        self, project: str, doing: str, question: Callable[[Gitlab], Result], missing: Result
    ) -> Result:
        """Ask where "there is none" is an answer, which `missing` stands for."""
        try:
            return self.ask(doing, question)
        except Missing:
            # 404 is also what a token sees that may not see the project: then this raises, for nothing is known.
            self.ask(f"see {project}", lambda gitlab: gitlab.projects.get(project))
            return missing

    def own_name(self) -> str:
        """Ask once under which user name our notes stand."""
        if not self._own_name:
            self._own_name = self.ask("ask who we are", lambda gitlab: str(get(gitlab, "/user")["username"]))
        return self._own_name

    def _gitlab(self) -> Gitlab:
        kept: _Impatient | None = getattr(self._own, "gitlab", None)
        if kept is None:
            session = requests.Session()
            session.mount("https://", Punctual())
            session.mount("http://", Punctual())
            session.hooks["response"].append(self._remember)
            kept = self._own.gitlab = _Impatient(
                self._address,
                private_token=self._token or None,
                timeout=10,
                session=session,
                retry_transient_errors=False,
                keep_base_url=True,
                user_agent="Pushboat",
            )
        return kept

    def _remember(self, response: requests.Response, *_args: Any, **_kwargs: Any) -> None:
        # The library's errors do not carry the headers, and a limit's length stands only there.
        date = response.headers.get("Date", "")
        self._own.retry_after = read_pause(response.headers.get("Retry-After", ""), date)
        if self._own.retry_after is None and response.status_code == 429:
            self._own.retry_after = read_reset(response.headers.get("RateLimit-Reset", ""), date)

    def _answer(self, error: GitlabError) -> Answer:
        pause: float | None = getattr(self._own, "retry_after", None)
        if error.response_code == 409 and pause is None:
            pause = 1.0  # somebody else is updating this commit's statuses at this moment
        if isinstance(error, RedirectError):
            return Answer(code=301, message="it has another address now")
        # No code: the answer was not JSON although it was 2xx, so something else than GitLab answered.
        return Answer(
            code=error.response_code or 502,
            message=str(error.error_message)[:300],
            retry_after=pause,
        )


class _Impatient(Gitlab):
    """Answers 429 at once; the library would sleep in our worker, and can be told otherwise only per request."""

    def http_request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request without waiting out a rate limit."""
        kwargs.setdefault("obey_rate_limit", False)
        return super().http_request(*args, **kwargs)
