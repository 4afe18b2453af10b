"""Reads a word that is stored, also one that only a later version knows: two of them may run side by side.

Such a word is itself and none of those that we know, so that it is no reason to do anything; it is told as it stands.
"""

from enum import StrEnum
from typing import TypeVar

Word = TypeVar("Word", bound=StrEnum)


def read(kind: type[Word], text: str) -> Word:
    """Read a word of this kind; one that is not known becomes a member that equals nothing but its own text."""
    try:
        return kind(text)
    except ValueError:
        later = str.__new__(kind, text)
        later._name_, later._value_ = text, text
        return later


class LaterWord(ValueError):
    """Something cannot be done without understanding a word that only a later version knows."""


def demand(kind: type[Word], text: str) -> Word:
    """Read a word by which something is done, and not only told.

    Raises:
        LaterWord: this version does not know it.
    """
    word = read(kind, text)
    if not is_known(word):
        raise LaterWord(f"{text} is no {kind.__name__.lower()} that this version knows")
    return word


def known_or(word: Word, instead: Word) -> Word:
    """Give a word that was read, or in place of one that is not known what it counts as here."""
    return word if is_known(word) else instead


def is_known(word: StrEnum) -> bool:
    """Say whether this version knows a word that was read."""
    return word in tuple(type(word))
