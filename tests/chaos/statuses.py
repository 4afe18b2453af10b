"""What the forges were told of each commit, in their own words and in the order in which they were told."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pushboat.forges.git.notes import REF
from tests.chaos.producing import History
from tests.fakes.bare import Bare
from tests.fakes.forge import FakeForge

Statuses = dict[tuple[str, str, str], tuple[str, ...]]
"""By repository, commit and context."""


def all_statuses(histories: Sequence[History], forges: Mapping[str, FakeForge]) -> Statuses:
    """Read them all."""
    found: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for history in histories:
        name = history.place.repository
        if forge := forges.get(history.place.forge):
            for status in list(forge.projects[history.place.path].statuses):
                found[name, status.sha, status.context].append(status.state)
        else:
            for sha, context, state in _noted(history.bare):
                found[name, sha, context].append(state)
    return {key: tuple(states) for key, states in found.items()}


def _noted(bare: Bare) -> list[tuple[str, str, str]]:
    """Read the notes of a plain repository: `time context state: sentence`, a line each."""
    if not bare.git("for-each-ref", REF):
        return []
    found = []
    for line in bare.git("notes", f"--ref={REF}", "list").splitlines():
        blob, sha = line.split()
        for said in bare.git("cat-file", "blob", blob).splitlines():
            _, context, rest = said.split(" ", 2)
            found.append((sha, context, rest.partition(":")[0]))
    return found
