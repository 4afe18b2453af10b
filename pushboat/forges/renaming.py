"""A client that asks the forge by a repository's name of today, while everything of ours keeps the operator's name.

A forge leads readers from an old name to the new one, but not those who post. So what is refused is tried once more
where the forge, asked by its own id, has another name for the repository.
"""

from collections.abc import Callable
from typing import Any, cast

from pushboat.errors import ForgeRefused
from pushboat.forges.protocol import Client


def by_names_of_today(client: Client, called: Callable[[str], str], renamed: Callable[[str], bool]) -> Client:
    """Wrap a client; `called` gives the path under which the forge has a repository, as far as we know.

    `renamed` asks the forge, and says whether `called` knows better now.
    """
    return cast("Client", _ByNamesOfToday(client, called, renamed))


class _ByNamesOfToday:
    """Every method of a client has the repository as its first argument, so one rule serves them all."""

    def __init__(self, client: Client, called: Callable[[str], str], renamed: Callable[[str], bool]) -> None:
        self._client = client
        self._called = called
        self._renamed = renamed

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)
        if not callable(method):
            return method  # what it says of itself, of no repository

        def ask(repository: str, *others: Any, **named: Any) -> Any:
            try:
                return method(self._called(repository), *others, **named)
            except ForgeRefused:
                if name == "name_of" or not self._renamed(repository):
                    raise
                return method(self._called(repository), *others, **named)

        return ask
