"""A folder of plain files: every YAML and JSON file below it, in the order of their names."""

from pathlib import PurePosixPath

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest
from workers.manifests.decoding import decode
from workers.manifests.reading import read_manifests
from workers.render.kustomize.fields import is_kustomization
from workers.source.checkout import CheckedOut

_MANIFESTS = (".yaml", ".yml", ".json")


def read(checked_out: CheckedOut) -> list[Manifest]:
    """Read every manifest file below the folder in the order of their names; hidden ones are left out."""
    found: list[Manifest] = []
    base = PurePosixPath(checked_out.folder)
    for file in checked_out.files:
        path = PurePosixPath(file)
        if not path.is_relative_to(base) or path.suffix.lower() not in _MANIFESTS:
            continue
        inside = path.relative_to(base)
        if any(part.startswith(".") for part in inside.parts):
            continue
        if is_kustomization(file):
            _refuse_nested(file, inside)
            continue
        found += read_manifests(decode((checked_out.root / file).read_bytes(), file), file)
    return found


def _refuse_nested(file: str, inside: PurePosixPath) -> None:
    """A kustomization of the folder itself is left out where `render: plain` asks for it; one deeper is a mistake."""
    if len(inside.parts) > 1:
        raise InvalidManifest(
            f"{file}:1: a kustomization below a plain folder is not built: let `path` name its folder"
        )
