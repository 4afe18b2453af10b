"""An approval: a person's word that one commit may come to one environment. It dies with the sha."""

from dataclasses import dataclass

from pushboat.model.ask import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's approval of `sha`, given at `source` by `delivery`; `number` is the pull request of it (0: none).

    `ended` says why it does not count any more (empty: it does); `at` is in seconds, by the store's clock.
    """

    who: str
    sha: str
    source: Source
    number: int = 0
    delivery: int = 0
    at: float = 0.0
    ended: str = ""
    id: int = 0


def same_name(name: str) -> str:
    """Give a name as forges compare names: capital letters make no difference to any of them."""
    return name.casefold()
