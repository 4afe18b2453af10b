"""Which encrypted files of a checkout are opened for a render, and which uses of them are refused before it begins."""

import posixpath
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePosixPath

from yaml.nodes import Node

from pushboat.config.helm import CHART
from pushboat.errors import InvalidManifest
from workers.render.concealing import Concealed, Opening, conceal, together
from workers.render.kustomize.fields import fields_of, is_kustomization, refused
from workers.render.kustomize.references import MOST_READINGS, Reading, readings
from workers.sops.words import refused as not_opened
from workers.source.checkout import CheckedOut

_WRONG = {
    "configmapgenerator": "is encrypted, and a ConfigMap shows what is in it to everybody: name it in secretGenerator",
    "helmcharts": "is encrypted: render the chart by `helm` of an environment, whose `values` may be, or use a Secret",
}
"""Fields of a kustomization that must not name an encrypted file."""


def concealed(checked_out: CheckedOut, engine: str, opening: Opening, beside: Sequence[str]) -> Mapping[str, Concealed]:
    """Open what a render reads, and say what each word in its place stands for.

    Of a chart that is what the environment lays `beside` it; charts keep what is theirs as it is.

    Raises:
        DecryptionFailed: a file cannot be opened, or is not whole.
        RenderFailed: one stands where its values could be seen.
    """
    if engine == "helm":
        return together(conceal(checked_out.root, [file for file in beside if file in checked_out.files], opening))
    files = [file for file in checked_out.files if not _is_of_a_chart(file, checked_out.files)]
    found = conceal(checked_out.root, files, opening)
    for file in files if found else ():
        if is_kustomization(file):
            _refuse_wrong_uses(checked_out, file, found)
    return together(found)


def read_by_generators(checked_out: CheckedOut) -> frozenset[str]:
    """Name the files that become Secrets by a generator of a kustomization, and nothing else by another one."""
    found, shown = set[str](), set[str]()
    for file in filter(is_kustomization, checked_out.files):
        try:
            fields = fields_of((checked_out.root / file).read_bytes(), file)
        except InvalidManifest:
            continue
        for each in _read(file, fields):
            if each.path:
                (found if each.field == "secretgenerator" else shown).add(each.path)
    return frozenset(found - shown)


def _read(file: str, fields: Mapping[str, Node]) -> Iterator[Reading]:
    return islice(readings(posixpath.dirname(file), fields), MOST_READINGS)


def _is_of_a_chart(file: str, files: Collection[str]) -> bool:
    return any(str(folder / CHART) in files for folder in PurePosixPath(file).parents)


def _refuse_wrong_uses(checked_out: CheckedOut, file: str, found: Collection[str]) -> None:
    if file in found:
        raise not_opened(file, "a kustomization is not decrypted, for it would come apart in the open: decrypt it")
    try:
        fields = fields_of((checked_out.root / file).read_bytes(), file)
    except InvalidManifest:
        return  # told by who renders it
    for each in _read(file, fields):
        if each.field in _WRONG and each.path in found:
            raise refused(file, each.node, f"{each.path} {_WRONG[each.field]}")
