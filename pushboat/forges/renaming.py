"""A client that asks the forge by a repository's name of today, while everything of ours keeps the operator's name.

A forge leads readers from an old name to the new one, but not those who post.
"""

from collections.abc import Callable
from typing import Any, cast

from pushboat.forges.protocol import Client


def by_names_of_today(client: Client, called: Callable[[str], str]) -> Client:
    """Wrap a client; `called` gives the path under which the forge has a repository now."""
    return cast("Client", _ByNamesOfToday(client, called))


class _ByNamesOfToday:
    """Every method of a client has the repository as its first argument, so one rule serves them all."""

    def __init__(self, client: Client, called: Callable[[str], str]) -> None:
        self._client = client
        self._called = called

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = getattr(self._client, name)

        def ask(repository: str, *others: Any, **named: Any) -> Any:
            return method(self._called(repository), *others, **named)

        return ask
