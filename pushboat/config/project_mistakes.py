"""What is wrong with a project beside what its own section says: unknown forges and clusters, names written twice."""

import re
from collections.abc import Iterable, Iterator

from pushboat.config.ci import note_ci
from pushboat.config.definition import note_both
from pushboat.config.document import Document
from pushboat.config.kinds import KINDS, ForgeKind
from pushboat.config.policy import note_policy
from pushboat.config.project import DEPLOY
from pushboat.config.signers import note_signers
from pushboat.model.wording import near_miss, quoted

_SEGMENT = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.-]*")


def note_projects(document: Document) -> None:
    """Note projects of unknown forges, written twice or wrongly, and environments outside their own limits."""
    first: dict[str, int] = {}
    for index, repository in _repositories(document):
        at = ("projects", index, "repository")
        for message in _repository_mistakes(document, repository):
            document.note(at, message)
        forge, _, path = repository.partition("/")
        kind = _kind(document, forge)
        earlier = first.setdefault(f"{forge}/{kind.comparable(path) if kind else path}", index)
        if earlier != index:
            line = document.mistake(("projects", earlier, "repository"), "").line
            document.note(at, f"{quoted(repository)} is on line {line} already: one project per repository")
    projects = document.mapping().get("projects")
    for index in range(len(projects) if isinstance(projects, list) else 0):
        for name in document.mapping("projects", index, "environments"):
            _note_environment(document, index, name)
            note_signers(document, index, name)
        renders = document.mapping("projects", index).get("renders")
        for message in (
            _repository_mistakes(document, renders, "renders") if isinstance(renders, str) and renders else ()
        ):
            document.note(("projects", index, "renders"), message)
        note_ci(document, index)


def note_policies(document: Document, own: Iterable[str]) -> None:
    """Note rules of policies that neither Pushboat nor this file has; `own` are the file's."""
    names = list(own)
    projects = document.mapping().get("projects")
    for index in range(len(projects) if isinstance(projects, list) else 0):
        for name in document.mapping("projects", index, "environments"):
            note_policy(document, ("projects", index, "environments", name, "policy"), names)


def _repositories(document: Document) -> Iterator[tuple[int, str]]:
    projects = document.mapping().get("projects")
    for index, project in enumerate(projects if isinstance(projects, list) else []):
        repository = project.get("repository") if isinstance(project, dict) else None
        if isinstance(repository, str):
            yield index, repository


def _repository_mistakes(document: Document, repository: str, key: str = "repository") -> Iterator[str]:
    forge, _, path = repository.partition("/")
    segments = path.split("/")
    forges = document.mapping("forges")
    if not path or any(not _SEGMENT.fullmatch(segment) or segment in (".", "..") for segment in segments):
        yield f"'{key}' must be the forge's name and the full path, such as github/acme/shop"
        return
    if forge not in forges:
        yield f"no forge is called {quoted(forge)}: {near_miss(forge, forges) or 'add it under forges'}"
        return
    if path.endswith(".git"):
        yield f"write {quoted(repository.removesuffix('.git'))}, without .git"
    kind = _kind(document, forge)
    if kind and not kind.fits(path):
        yield kind.shape.format(forge=forge)


def _kind(document: Document, forge: str) -> ForgeKind | None:
    kind = document.mapping("forges", forge).get("kind")
    return KINDS.get(kind) if isinstance(kind, str) else None


def _note_environment(document: Document, index: int, name: str) -> None:
    at = ("projects", index, "environments", name)
    note_both(document, at)
    written = document.mapping(*at)
    kind = _kind(document, str(document.mapping("projects", index).get("repository")).partition("/")[0])
    if written.get("merge_queue") == DEPLOY and kind and kind.no_queue:
        document.note((*at, "merge_queue"), f"'merge_queue: deploy' is not possible here: {kind.no_queue}")
    clusters = document.mapping("clusters")
    cluster = written.get("cluster")
    if isinstance(cluster, str) and cluster not in clusters:
        hint = near_miss(cluster, clusters) or "add it under clusters"
        document.note((*at, "cluster"), f"no cluster is called {quoted(cluster)}: {hint}")
    namespace, namespaces = written.get("namespace"), written.get("namespaces")
    if isinstance(namespace, str) and isinstance(namespaces, list) and namespaces and namespace not in namespaces:
        document.note((*at, "namespace"), f"{quoted(namespace)} is not among this environment's namespaces")
