"""A release's commit, checked out to be written to, and who else reads each of its files."""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pushboat.config.environment import Environment, effective
from pushboat.config.project import Project
from pushboat.config.repository import FILE_NAME, expanded, parse
from pushboat.errors import DeploymentFailed
from pushboat.model.manifest import Manifest
from pushboat.model.remote import Remote
from workers.render import choosing
from workers.render.choosing import engine_of
from workers.render.helm.capabilities import Capabilities
from workers.render.referring import referring
from workers.source import checkout
from workers.source.checkout import CheckedOut
from workers.source.closure import Closure
from workers.source.folders import fitting
from workers.source.outside.words import Bring
from workers.source.planted import Plant
from workers.writing_back.proving import Rendered
from workers.writing_back.story import Source

Check = Callable[[tuple[Manifest, ...]], tuple[Manifest, ...]]
"""Makes rendered manifests what a release stores: the default namespace filled in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit of a repository as git has it, for an environment of a project.

    `supply` gives what a checkout asks for from outside of the repository.
    """

    caches: Path
    remote: Remote
    project: Project
    sha: str
    environment: Environment
    supply: Callable[[Path], tuple[Bring, Plant]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A commit's files that can be written to; `chart` names the folder of a chart, whose values nobody can trace."""

    source: Source
    modes: Mapping[str, str]
    chart: str = ""


def opened(commit: Commit, folder: Path, check: Check, capabilities: Callable[[], Capabilities]) -> Opened:
    """Check out what an environment is rendered from.

    Raises:
        CheckoutFailed, ForgeUnavailable, ForgeRefused: as `checkout.fetch`.
        RenderFailed: `.pushboat.yaml` asks for what the folder is not.
    """
    found = _gathered(commit, commit.environment)
    out = checkout.write(commit.caches, commit.remote, commit.sha, found, folder)
    engine = engine_of(out, commit.environment)
    source = Source(
        root=out.root,
        render=partial(_rendered, out, commit, check, capabilities),
        readers=partial(_of, _readers(commit)),
        linked=frozenset({*found.linked, *found.linked.values()}),
        kustomized=out.folder if engine == "kustomize" else None,
    )
    modes = {each.path: each.mode for each in found.files}
    return Opened(source=source, modes=modes, chart=out.shown if engine == "helm" else "")


def _rendered(out: CheckedOut, commit: Commit, check: Check, capabilities: Callable[[], Capabilities]) -> Rendered:
    """Render a copy of the files: a kustomization that builds upon other repositories is changed by it."""
    with tempfile.TemporaryDirectory(dir=out.root.parent) as folder:
        copy = replace(out, root=Path(folder, "copy"))
        shutil.copytree(out.root, copy.root)
        name, supply = commit.project.repository, commit.supply(copy.root)
        made = choosing.render(copy, commit.environment, name, capabilities, *supply)
    return {each.ref: each for each in check(made.manifests)}


def _gathered(commit: Commit, environment: Environment) -> Closure:
    beside = environment.helm.files_beside(environment.path)
    name = commit.project.repository
    return checkout.gathered(
        commit.caches, commit.remote, name, commit.sha, environment.path, referring(environment), beside
    )


def _readers(commit: Commit) -> Mapping[str, frozenset[str]]:
    """Name the other environments by the files that they read at this commit."""
    readers: defaultdict[str, set[str]] = defaultdict(set)
    for name, environment in _environments(commit).items():
        if name != commit.environment.name:
            with suppress(DeploymentFailed):  # it cannot be deployed from this commit, and so reads nothing of it
                found = _gathered(commit, environment)
                for path in (*(each.path for each in found.files), *found.linked.values()):
                    readers[path].add(name)
    return {path: frozenset(names) for path, names in readers.items()}


def _environments(commit: Commit) -> dict[str, Environment]:
    raw = checkout.read_file(commit.caches, commit.remote, commit.project.repository, commit.sha, FILE_NAME)
    if raw is None:
        return effective(commit.project, None)
    file = parse(raw, project=commit.project)
    return effective(commit.project, expanded(file, lambda way: fitting(commit.caches, commit.remote, commit.sha, way)))


def _of(readers: Mapping[str, frozenset[str]], file: str) -> frozenset[str]:
    return readers.get(file, frozenset())
