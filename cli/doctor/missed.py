"""Plain git: which pushes could the hook not bring to us, and has a look at the repository found them since?"""

from collections.abc import Collection, Iterator, Sequence

from cli.configuration import NotSetUp
from cli.opening import opened_store
from pushboat.config.operator import Forge, Operator
from pushboat.errors import ForgeRefused, PushboatError
from pushboat.forges.git import missed, repositories
from pushboat.forges.table import client_of
from pushboat.store import deliveries
from workers.checks.words import Line, failed, passed


def check_missed(operator: Operator, names: Sequence[str]) -> Iterator[Line]:
    """Count what waits beside each bare repository; nothing is said of one where nothing waits."""
    for repository in names:
        name, _, path = repository.partition("/")
        forge = operator.forges[name]
        if forge.root is None:
            continue
        try:
            folder = repositories.folder(forge, path)
        except ForgeRefused:
            continue  # the forge's own checks say it
        if not (refs := missed.kept(folder)):
            continue
        known = _known(operator, forge, path, set(refs))
        if waiting := sum(ref not in known for ref in refs):
            sentence = f"{_pushes(waiting)} to {folder.name} did not get to Pushboat and must be sent again"
            yield failed(f"{repository} missed", sentence, missed.sending(folder))
        else:
            sentence = f"{_pushes(len(refs))} that the hook could not send came by another way since"
            yield passed(f"{repository} missed", sentence)


def _pushes(count: int) -> str:
    return "1 push" if count == 1 else f"{count} pushes"


def _known(operator: Operator, forge: Forge, path: str, refs: Collection[str]) -> set[str]:
    """Pick the refs of which a delivery tells where they stand now: an earlier push to one would lead to nothing."""
    client, found = client_of(forge), set()
    try:
        with opened_store(operator) as store:
            for ref in refs:
                sha = client.head(path, ref)
                rows = deliveries.listed(store, repository=f"{forge.name}/{path}", sha=sha) if sha else ()
                if any(row.event.ref == ref for row in rows):
                    found.add(ref)
    except (PushboatError, NotSetUp):
        return set()  # the line about the store says it
    return found
