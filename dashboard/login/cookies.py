"""The two cookies: which attempt to sign in this browser is in, and which session it has."""

from dataclasses import dataclass

from flask import Request, Response

ATTEMPT, SESSION = "pushboat-login", "pushboat-session"
HOST_ONLY = "__Host-"
"""A prefix that browsers take only with Secure, for `/`, and from this very host: no other name can set it for us."""


@dataclass(frozen=True, slots=True)
class Cookies:
    """Cookies as the public address wants them; plain http is for this machine only, where browsers take no prefix."""

    secure: bool

    def read(self, request: Request, name: str) -> str:
        """Give what a browser shows; empty where it shows nothing."""
        return request.cookies.get(self._called(name), "")

    def give(self, response: Response, name: str, value: str, lasts: float) -> None:
        """Have a browser keep something: out of reach of scripts, and of forms on other sites."""
        response.set_cookie(
            self._called(name),
            value,
            max_age=int(lasts),
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="Lax",
        )

    def take(self, response: Response, name: str) -> None:
        """Have a browser forget it."""
        response.delete_cookie(self._called(name), path="/", secure=self.secure, httponly=True, samesite="Lax")

    def _called(self, name: str) -> str:
        return f"{HOST_ONLY}{name}" if self.secure else name
