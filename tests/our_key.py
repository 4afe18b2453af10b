"""The key of an installation whose file names none, as its own processes have it."""

from pathlib import Path

from pushboat.config.operator import Operator
from pushboat.own_key import kept_key
from pushboat.sealing import Key


def our_key(state: Path) -> Key:
    """Give the key that is kept in a state folder; it is made where there is none."""
    return Key(our_secret(state))


def our_secret(state: Path) -> str:
    """Give that key's characters."""
    return kept_key(
        Operator(public_url="", host="", port=0, state=state, workers=1, forges={}, clusters={}, projects={})
    )
