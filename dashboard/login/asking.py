"""Questions to the forge or issuer that people sign in with: only its own hosts, no redirects, and an end to each."""

from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session

from dashboard.login.refusing import LoginRefused
from pushboat.config.login import Login
from pushboat.config.urls import may_be_asked
from pushboat.errors import ForgeUnavailable
from pushboat.forges.punctual import Punctual

MOST_BYTES = 256 * 1024
SECONDS = 10.0


class Asking(OAuth2Session):  # type: ignore[misc]  # it ships no types
    """A session of OAuth2 that asks whom the operator named and nobody else."""

    def __init__(self, login: Login, **settings: Any) -> None:
        super().__init__(client_id=login.client_id, client_secret=login.client_secret, **settings)
        self._login = login
        self.mount("https://", Punctual())
        self.mount("http://", Punctual())

    def request(self, method: str, url: str, **settings: Any) -> requests.Response:
        """Ask, within the time and the bytes that an answer may have.

        Raises:
            LoginRefused: the address is not one of those that may be asked, or it leads elsewhere.
            ForgeUnavailable: there is no answer that can be read.
        """
        called = self._login.called
        if not may_be_asked(url, self._login.hosts):
            raise LoginRefused(
                f"{called} names an address on a host that Pushboat may not ask; "
                "the operator lists it as login: {hosts: [HOST]} if it is the issuer's"
            )
        settings |= {"allow_redirects": False, "stream": True, "timeout": SECONDS}
        try:
            answer: requests.Response = super().request(method, url, **settings)
            body = b""
            for part in answer.iter_content(64 * 1024):
                body += part
                if len(body) > MOST_BYTES:
                    break
        except (requests.RequestException, OSError) as trouble:
            raise ForgeUnavailable(f"{called} does not answer ({type(trouble).__name__})") from trouble
        finally:
            self.close()
        if answer.status_code >= 500 or answer.status_code == 429 or len(body) > MOST_BYTES:
            raise ForgeUnavailable(f"{called} gave no answer that can be used ({answer.status_code})")
        if 300 <= answer.status_code < 400:
            raise LoginRefused(f"{called} leads on to another address, which Pushboat does not follow")
        answer._content = body  # noqa: SLF001 - requests has no other way to bound what it reads
        return answer
