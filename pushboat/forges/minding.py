"""A client that asks nothing while its credential is to be quiet, and says so to everybody where it is told that.

A limit is a credential's, not one question's: whoever goes on asking makes it longer, for all others too.
"""

from collections.abc import Callable
from typing import Any, cast

from pushboat.forges.answers import Limited, Quieted
from pushboat.forges.protocol import Client

_ASKS_NOTHING = frozenset(("remote", "renew"))
"""What gives a credential, or lets go of one; git's own requests do not count towards the API's limits."""


def mindful(client: Client, left: Callable[[str], float], hear: Callable[[str, Limited], None]) -> Client:
    """Wrap a client; `left` gives the seconds that a repository's credential is to be quiet, `hear` hears of a limit.

    Raises:
        Quieted: from every question in that time.
    """
    return cast("Client", _Mindful(client, left, hear))


class _Mindful:
    """Every method of a client has the repository as its first argument, so one rule serves them all."""

    def __init__(self, client: Client, left: Callable[[str], float], hear: Callable[[str, Limited], None]) -> None:
        self._client = client
        self._left = left
        self._hear = hear

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)
        if not callable(method) or name in _ASKS_NOTHING:
            return method

        def ask(repository: str, *others: Any, **named: Any) -> Any:
            if (left := self._left(repository)) > 0:
                raise Quieted(f"the forge wants us to ask nothing for {left:.0f} s more", retry_after=left)
            try:
                return method(repository, *others, **named)
            except Limited as limit:
                self._hear(repository, limit)
                raise

        return ask
