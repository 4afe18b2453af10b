"""How a check says that a promise is broken."""


class Broken(Exception):
    """One of ours did what it must not, or did not what it must."""


def demand(holds: object, words: str) -> None:
    """Raise unless something holds."""
    if not holds:
        raise Broken(words)
