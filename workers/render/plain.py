"""A folder of plain files, or one of them: every YAML and JSON file that is chosen, in the order of their names."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath

from pushboat.config.environment import Environment
from pushboat.config.helm import CHART
from pushboat.config.repository import FILE_NAME
from pushboat.errors import InvalidManifest, RenderFailed
from pushboat.model.manifest import Manifest
from workers.manifests.decoding import decode
from workers.manifests.places import Allowance
from workers.manifests.reading import read_manifests
from workers.manifests.words import Unread
from workers.render.kustomize.fields import is_kustomization
from workers.render.other_files import is_no_manifest, line_without, refused
from workers.render.selecting import Selection, is_manifest, names_nothing
from workers.source.checkout import CheckedOut
from workers.source.walking import Word


def read(checked_out: CheckedOut, environment: Environment) -> list[Manifest]:
    """Read every manifest file below the folder in the order of their names; hidden ones are left out.

    Raises:
        RenderFailed: files that are no manifests, or a choice of files that finds none.
        InvalidManifest: a manifest that cannot be read, or one that is read under two names.
    """
    files = [checked_out.file] if checked_out.file else _chosen(checked_out, environment)
    if checked_out.file and not is_manifest(checked_out.file):
        raise RenderFailed(f"{checked_out.file} is no file of manifests (*.yaml, *.yml, *.json): correct `path`")
    found: dict[str, Sequence[Manifest]] = {}
    others: list[str] = []
    wrong: list[InvalidManifest] = []
    allowance = Allowance()
    for file in files:
        text = ""
        try:
            text = decode((checked_out.root / file).read_bytes(), file)
            found[file] = read_manifests(text, file, allowance=allowance)
        except InvalidManifest as error:
            if is_no_manifest(text, file):
                others.append(file)
            if isinstance(error, Unread) and error.rest:
                found[file] = error.rest
            wrong.append(error)
    if others and not checked_out.file:
        raise refused(others, found, checked_out.folder, environment)
    if wrong:
        raise Unread(wrong, [manifest for made in found.values() for manifest in made])
    _demand_one_name_each({file for file, made in found.items() if made}, checked_out, environment)
    return [manifest for made in found.values() for manifest in made]


def _chosen(checked_out: CheckedOut, environment: Environment) -> list[str]:
    base, selection = PurePosixPath(checked_out.folder), Selection(environment)
    below = [file for file in checked_out.files if PurePosixPath(file).is_relative_to(base)]
    inside = {file: PurePosixPath(file).relative_to(base) for file in below}
    chosen = [file for file, path in inside.items() if _is_chosen(path, selection)]
    for glob in environment.include:
        if names_nothing(glob, [str(inside[file]) for file in chosen]):
            raise RenderFailed(
                f"`include` of {environment.name} in {FILE_NAME} has '{glob}', which takes no manifest in "
                f"{checked_out.shown}: correct it, for what it meant would be deleted"
            )
    return [file for file in chosen if not _is_another_renderers(file, inside[file], chosen, checked_out, environment)]


def _is_chosen(path: PurePosixPath, selection: Selection) -> bool:
    folders = path.parents[: len(path.parents) - 1]
    return all(selection.of(str(folder), folder=True) is Word.TAKE for folder in folders) and (
        selection.of(str(path), folder=False) is Word.TAKE
    )


def _is_another_renderers(
    file: str, inside: PurePosixPath, files: Collection[str], checked_out: CheckedOut, environment: Environment
) -> bool:
    """Pass by the folder's own kustomization or chart where `render: plain` asks for it; one deeper is a mistake."""
    if not (is_kustomization(file) or inside.name == CHART):
        return False
    if len(inside.parts) == 1:
        return True
    kind, never = ("chart", "rendered") if inside.name == CHART else ("kustomization", "built")
    folder = f"{PurePosixPath(file).parent}/"
    theirs = [each for each in files if each.startswith(folder)]
    rest = [each for each in files if not each.startswith(folder)]
    raise InvalidManifest(
        f"{file}:1: a {kind} below a plain folder is not {never}: let `path` name its folder, or add "
        f"`{line_without(theirs, rest, checked_out.folder, environment)}`"
    )


def _demand_one_name_each(read_files: Collection[str], checked_out: CheckedOut, environment: Environment) -> None:
    """Refuse a file that is read twice, since its objects would be; symbolic links give files more names."""
    names: dict[str, str] = {}
    twins: Mapping[str, str] = {
        file: names[place]
        for file in sorted(read_files, key=lambda file: (file in checked_out.linked, file))
        if names.setdefault(place := checked_out.linked.get(file, file), file) != file
    }
    if twins:
        file, other = next(iter(twins.items()))
        line = line_without(twins, set(read_files) - set(twins), checked_out.folder, environment)
        raise InvalidManifest(
            f"{file}:1: over a symbolic link this is the same file as {other}, so that all in it would be there twice: "
            f"add `{line}` to {environment.name} in {FILE_NAME}"
        )
