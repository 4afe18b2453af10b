"""The nouns of the review: what is wrong with one object, and at which field of it."""

from pushboat.model.manifest import Path


class Wrong(Exception):
    """One object's mistake; `path` is the field that it is about, `by_name` where its name is what is wrong."""

    def __init__(self, sentence: str, path: Path = (), *, by_name: bool = False) -> None:
        super().__init__(sentence)
        self.path = path
        self.by_name = by_name


class NotAllowed(Wrong):
    """An object is where the operator allows none: a kind outside namespaces, or a namespace of somebody else's."""

    def __init__(self, sentence: str, path: Path, *, kind: str = "", namespace: str = "") -> None:
        super().__init__(sentence, path)
        self.kind = kind
        self.namespace = namespace


class Moved(Wrong):
    """An object's kind is served under another version than the one that is written."""

    def __init__(self, sentence: str, kind: str, now: str) -> None:
        super().__init__(sentence, ("apiVersion",))
        self.kind = kind
        self.now = now
