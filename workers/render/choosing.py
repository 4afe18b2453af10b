"""From a folder to manifests: plain files, or what kustomize builds of them. Which of the two, the folder says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pushboat.config.environment import Environment
from pushboat.errors import RenderFailed
from pushboat.model.manifest import Manifest
from workers.manifests.reading import read_manifests
from workers.render import plain
from workers.render.kustomize import building
from workers.render.kustomize.references import NAMES
from workers.source.checkout import CheckedOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a folder became, by which engine: plain or kustomize, and of which `roots` of the commit."""

    manifests: tuple[Manifest, ...]
    engine: str
    roots: Mapping[str, str] = field(default_factory=dict)


def render(checked_out: CheckedOut, environment: Environment) -> Rendered:
    """Turn a folder into manifests.

    Raises:
        RenderFailed: the engine refused the folder, or there is nothing in it.
        InvalidManifest: a file, or what the engine made, cannot be read; with file:line.
    """
    engine = _engine(checked_out, environment.render)
    if engine == "helm":
        raise RenderFailed(f"not yet supported: helm ({checked_out.folder or '.'}/Chart.yaml): commit rendered YAML")
    found = _kustomized(checked_out) if engine == "kustomize" else plain.read(checked_out)
    if not found:
        raise RenderFailed(_nothing(checked_out, engine))
    return Rendered(manifests=tuple(found), engine=engine, roots=checked_out.roots)


def _engine(checked_out: CheckedOut, wanted: str) -> str:
    has = {name for name in (*NAMES, "Chart.yaml") if (checked_out.path / name).is_file()}
    if wanted == "kustomize" and not has & set(NAMES):
        raise RenderFailed(f"{checked_out.folder or '.'} has no kustomization.yaml: add one, or remove `render`")
    if wanted != "auto":
        return wanted
    if has & set(NAMES):
        return "kustomize"
    return "helm" if has else "plain"


def _kustomized(checked_out: CheckedOut) -> list[Manifest]:
    """Build the kustomization; lines of its output mean nothing to people, so every object stands at the overlay."""
    shown = checked_out.folder or "."
    try:
        built = building.build(checked_out.root, checked_out.folder)
    except RenderFailed as error:
        hint = _left_out(checked_out, f"{error.summary} {error.details}")
        raise RenderFailed(f"{hint}{error.summary}", error.details) from error
    return [
        Manifest(ref=made.ref, version=made.version, body=made.body, file=shown, line=1)
        for made in read_manifests(built, shown, largest=building.LARGEST_OUTPUT)
    ]


def _left_out(checked_out: CheckedOut, words: str) -> str:
    """Name the link or submodule that the renderer missed, because we did not check it out."""
    for kind, paths in (("a symbolic link", checked_out.links), ("a submodule", checked_out.submodules)):
        for path in paths:
            if PurePosixPath(path).name in words:
                return f"{path} is {kind}, which Pushboat does not follow: commit the files. "
    return ""


def _nothing(checked_out: CheckedOut, engine: str) -> str:
    shown = checked_out.folder or "."
    if checked_out.submodules:
        return (
            f"{shown} holds no manifests, only the submodule {checked_out.submodules[0]}, which Pushboat does not fetch"
        )
    what = "builds no objects" if engine == "kustomize" else "holds no manifests (*.yaml, *.yml, *.json)"
    return f"{shown} {what}: deploying nothing would delete everything; add a manifest"
