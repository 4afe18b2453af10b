"""A folder's kustomization as manifests: built by kustomize, each object with the place that it came from."""

from collections.abc import Iterable
from pathlib import Path

from pushboat.errors import DeploymentFailed, InvalidManifest
from pushboat.model.manifest import Manifest
from workers.manifests.decoding import decode
from workers.manifests.reading import read_manifests
from workers.render.kustomize.building import LARGEST_OUTPUT, build
from workers.render.kustomize.tracing import trace


def render(root: Path, folder: str) -> tuple[list[Manifest], str]:
    """Give what a folder's kustomization becomes, and by which kustomize.

    Raises:
        RenderFailed: the kustomization asks for what we refuse, or kustomize refused it.
        InvalidManifest: what it builds are no manifests.
        NotConfigured: kustomize cannot be run here.
    """
    built = build(root, folder)
    try:
        made = read_manifests(built.text, folder or ".", largest=LARGEST_OUTPUT)
    except InvalidManifest as error:
        raise _at_its_source(root, built.reached.resources) or error from error
    return trace(root, folder, made), built.engine


def _at_its_source(root: Path, files: Iterable[str]) -> DeploymentFailed | None:
    """Find the file that has what is wrong with the output: its lines mean nothing to people."""
    for file in files:
        try:
            read_manifests(decode((root / file).read_bytes(), file), file)
        except DeploymentFailed as error:
            return error
    return None
