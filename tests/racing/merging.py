"""In which orders the steps of several people can come: each one's own stay in order, everything else is chance."""

from collections.abc import Iterator, Sequence


def interleavings(*people: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Give every order in which these steps can follow each other."""
    left = [steps for steps in people if steps]
    if not left:
        yield ()
    for place, steps in enumerate(left):
        for rest in interleavings(*left[:place], steps[1:], *left[place + 1 :]):
            yield (steps[0], *rest)
