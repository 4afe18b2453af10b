"""A folder's kustomization as manifests: built by kustomize, each object with the place that it came from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pushboat.errors import DeploymentFailed, InvalidManifest
from pushboat.model.manifest import Manifest
from workers.manifests.decoding import decode
from workers.manifests.reading import read_manifests
from workers.render.helm.capabilities import Capabilities
from workers.render.helm.varying import differences
from workers.render.kustomize.building import LARGEST_OUTPUT, build
from workers.render.kustomize.localising import NONE, Supply, localise
from workers.render.kustomize.naming import Names
from workers.render.kustomize.tracing import trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a kustomization became, by which programs, whether charts were among it, and what people should know."""

    manifests: list[Manifest]
    engine: str
    charts: bool
    notes: tuple[str, ...]


def render(
    root: Path, folder: str, capabilities: Callable[[], Capabilities] = Capabilities, supply: Supply = NONE
) -> Made:
    """Give what a folder's kustomization becomes, and by which kustomize; `supply` gives what it names elsewhere.

    The checkout is changed where that is needed: what came is put into it, and its files name what is there.

    Raises:
        RenderFailed: the kustomization asks for what we refuse or do not get, or kustomize refused it.
        InvalidManifest: what it builds are no manifests.
        NotConfigured: kustomize cannot be run here.
        ForgeUnavailable, ForgeRefused: what it names elsewhere cannot be had.
    """
    names = Names()
    with names.in_errors():
        localise(root, folder, supply, names)
        made = _made(root, folder, capabilities)
    return replace(made, manifests=[names.manifest(each) for each in made.manifests])


def _made(root: Path, folder: str, capabilities: Callable[[], Capabilities]) -> Made:
    built = build(root, folder, capabilities)
    try:
        made = read_manifests(built.text, folder or ".", largest=LARGEST_OUTPUT)
    except InvalidManifest as error:
        raise _at_its_source(root, built.reached.resources) or error from error
    notes = [*built.notes]
    if built.again is not None:
        twice = read_manifests(built.again, folder or ".", largest=LARGEST_OUTPUT)
        notes += [note for note in [differences(made, twice)] if note]
    found = trace(root, folder, made)
    return Made(manifests=found, engine=built.engine, charts=bool(built.reached.charts), notes=tuple(notes))


def _at_its_source(root: Path, files: Iterable[str]) -> DeploymentFailed | None:
    """Find the file that has what is wrong with the output: its lines mean nothing to people."""
    for file in files:
        try:
            read_manifests(decode((root / file).read_bytes(), file), file)
        except DeploymentFailed as error:
            return error
    return None
