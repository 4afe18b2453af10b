"""Posts a letter through a forge's own table: a kind that has no row there is one that the forge cannot show."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pushboat.model.letter import Letter

Api = TypeVar("Api")
Posting = Mapping[type, Callable[[Api, str, Any, str], None]]
"""From a letter's class to what posts it, given the forge's API, the repository, the letter and our public URL."""


def post(table: Posting[Api], api: Api, repository: str, letter: Letter, public_url: str) -> bool:
    """Post a letter and say whether this forge shows its kind."""
    show = table.get(type(letter))
    if show is not None:
        show(api, repository, letter, public_url)
    return show is not None
