"""The REST API of Gitea and Forgejo over `requests`: a time for each answer, no retries, refusals as our errors."""

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import requests

from pushboat.config.operator import Forge
from pushboat.errors import ForgeRefused, ForgeUnavailable, UnreadableDelivery
from pushboat.forges.answers import Answer, Limited, Missing, translate, unreachable
from pushboat.forges.punctual import ANSWER_SECONDS, Punctual
from pushboat.pauses import read_pause

Result = TypeVar("Result")
MOST_PAGES = 50
"""Of a list that is read to its end; no forge has so many webhooks."""


class Refused(Exception):
    """An answer that is not 2xx."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.message)
        self.answer = answer


class Connection:
    """One thread's session. Answers are JSON of any shape; whoever asks a question stumbles where it is another one."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address
        self._session = requests.Session()
        self._session.trust_env = False  # a .netrc of this machine would replace our token
        self._session.mount("https://", Punctual())
        self._session.mount("http://", Punctual())
        self._session.headers.update({"Accept": "application/json", "User-Agent": "Pushboat"})
        if token:
            self._session.headers["Authorization"] = f"token {token}"

    def get(self, path: str, **query: str) -> Any:
        """Read something, also from a repository's new place."""
        return self._ask("GET", path, params=query)

    def listed(self, path: str) -> list[dict[str, Any]]:
        """Read a list to its end: how much a page holds is for the server's settings to say."""
        found: list[dict[str, Any]] = []
        for page in range(1, MOST_PAGES + 1):
            answer = self.get(path, page=str(page), limit="50")
            found += [dict(one) for one in answer]
            if not answer:
                break
        return found

    def create(self, path: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Create something; only an answer that names its number proves that it exists."""
        answer = self._ask("POST", path, json=fields)
        answer["id"]
        return dict(answer)

    def do(self, method: str, path: str) -> None:
        """Do something of which only the code tells that it was done."""
        self._send(method, path)

    def edit(self, path: str, fields: Mapping[str, Any]) -> None:
        """Change something; only an answer that names its number proves that it was done."""
        self._ask("PATCH", path, json=fields)["id"]

    def react(self, path: str, reaction: str) -> None:
        """React to something; the answer has no number, only the reaction."""
        self._ask("POST", path, json={"content": reaction})["content"]

    def _ask(self, method: str, path: str, **more: Any) -> Any:
        return self._send(method, path, **more).json()

    def _send(self, method: str, path: str, **more: Any) -> requests.Response:
        answer = self._session.request(
            method,
            f"{self._address}{path}",
            timeout=ANSWER_SECONDS,
            allow_redirects=method == "GET",  # a POST would arrive as a GET
            **more,
        )
        if not answer.ok or answer.is_redirect:
            raise Refused(_refusal(answer))
        return answer


class Api:
    """Asks one Gitea or Forgejo; may be shared by threads, each has a connection of its own."""

    def __init__(self, forge: Forge) -> None:
        self.name = forge.name
        self.forge = forge
        self.url = forge.url.rstrip("/")
        self._address = forge.api_url.rstrip("/")
        self._token = forge.token
        self._own = threading.local()
        self._own_name = ""

    def ask(self, doing: str, question: Callable[[Connection], Result]) -> Result:
        """Ask one question; `doing` completes the sentence "tried to …"."""
        try:
            return question(self._connection())
        except Refused as refused:
            raise translate(self.name, doing, refused.answer) from refused
        except requests.RequestException as error:
            raise unreachable(self.name, doing, error) from error
        except (AttributeError, KeyError, TypeError, ValueError, UnreadableDelivery) as error:
            # A proxy's page, or something of another shape, in place of the API's answer.
            raise unreachable(self.name, doing, error) from error

    def ask_unless_missing(
        self, repository: str, doing: str, question: Callable[[Connection], Result], missing: Result
    ) -> Result:
        """Ask where "there is none" is an answer, which `missing` stands for."""
        try:
            return self.ask(doing, question)
        except Missing:
            # 404 is also what a token sees that may not see the repository: then this raises, for nothing is known.
            self.ask(f"see {repository}", lambda forge: forge.get(of(repository))["id"])
            return missing

    def ask_about(
        self, place: str, doing: str, question: Callable[[Connection], Result], absent: ForgeRefused | None = None
    ) -> Result:
        """Ask where Gitea answers 500 for what is about something that is not there; then this raises Missing.

        Args:
            absent: what is raised in its place.
        """
        try:
            return self.ask(doing, question)
        except Limited:
            raise
        except ForgeUnavailable as trouble:
            try:
                self.ask(doing, lambda forge: forge.get(place))
            except Missing as missing:
                if absent:
                    raise absent from missing
                raise
            except (ForgeRefused, ForgeUnavailable):
                raise trouble from None
            raise

    def own_name(self) -> str:
        """Ask once under which login our comments stand."""
        if not self._own_name:
            self._own_name = self.ask("ask who we are", lambda forge: str(forge.get("/user")["login"]))
        return self._own_name

    def _connection(self) -> Connection:
        kept: Connection | None = getattr(self._own, "connection", None)
        if kept is None:
            kept = self._own.connection = Connection(self._address, self._token)
        return kept


def of(repository: str, *parts: str) -> str:
    """Write the path of something in a repository; the slashes in a ref's name stay."""
    return "/".join(("/repos", *(quote(part) for part in (repository, *parts))))


def _refusal(answer: requests.Response) -> Answer:
    try:
        said = answer.json()
    except ValueError:
        said = None
    message = str(said.get("message") or "") if isinstance(said, dict) else ""
    pause = read_pause(answer.headers.get("Retry-After", ""), answer.headers.get("Date", ""))
    return Answer(code=answer.status_code, message=message[:300], retry_after=pause)
