"""What keeps a question from being answered, beside what does not answer."""

from pushboat.errors import PushboatError


class Unclear(PushboatError):
    """What is meant does not follow from what was said: whoever asks must say more."""


class NothingToRead(PushboatError):
    """There is no container that could have written anything."""
