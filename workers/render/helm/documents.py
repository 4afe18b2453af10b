"""What Helm printed, taken apart: each object with the template that it came of."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pushboat.errors import InvalidManifest, RenderFailed
from pushboat.model.manifest import Manifest
from pushboat.model.wording import near_miss, printable
from workers.manifests.directives.helm import BEFORE_HELM_3, HOOKS, TESTS
from workers.manifests.places import Allowance
from workers.manifests.reading import read_manifests
from workers.manifests.words import Unread
from workers.render.helm.assembling import Part
from workers.render.helm.contents import flat
from workers.render.helm.places import in_repository
from workers.render.helm.running import LARGEST_OUTPUT

_SOURCE = re.compile(r"^---\n# Source: (.*)\n", re.MULTILINE)
_UNKNOWN_HOOK = re.compile(r'msg="skipping unknown hooks" hookTypes=("[^"\n]*"|\S+)')
_RENDERED = "rendered"
_PLACE = re.compile(rf"^{_RENDERED}(?::(\d+))?(?::\d+)?: ")


def manifests(text: str, chart: Part, charts: Mapping[str, Part]) -> Iterator[Manifest]:
    """Read every object of Helm's output; each stands at its template, since nobody sees lines of the output.

    Definitions in `crds` are printed as they are, so those keep their lines.

    Raises:
        InvalidManifest: what a template rendered is no object; named by the template.
    """
    raws = {each.shown: each.raw for each in flat(chart.files, chart.shown)}
    allowance = Allowance()
    _, *pieces = _SOURCE.split(text)
    for path, piece in zip(pieces[::2], pieces[1::2], strict=True):
        file = in_repository(path, charts)
        known = file if file in raws else chart.shown or "."
        as_it_is = raws.get(file, b"").decode("utf-8", "replace")
        if as_it_is.strip() and as_it_is.strip() == piece.strip():
            yield from read_manifests(as_it_is, file, largest=LARGEST_OUTPUT, allowance=allowance)
        else:
            yield from (replace(each, file=known, line=1, column=1, written=None) for each in _rendered(piece, known))


def refuse_unknown_hooks(errors: str, shown: str) -> None:
    """Refuse a hook that Helm knows no moment for: Helm leaves its object out, and says so only in its log.

    Raises:
        RenderFailed: a template says a moment that there is not.
    """
    known = (*HOOKS, *TESTS)
    for found in _UNKNOWN_HOOK.findall(errors):
        for word in (each.strip().lower() for each in found.strip('"').split(",")):
            if word not in (*known, BEFORE_HELM_3):
                raise RenderFailed(
                    f"{shown}: a template says helm.sh/hook: {printable(word, 40)}, and Helm leaves its object out: "
                    f"{near_miss(word, known)}"
                )


def _rendered(piece: str, file: str) -> list[Manifest]:
    try:
        return read_manifests(piece, _RENDERED, largest=LARGEST_OUTPUT)
    except Unread as error:
        raise Unread([_in_template(each, file) for each in error.mistakes], ()) from error
    except InvalidManifest as error:
        raise _in_template(error, file) from error


def _in_template(error: InvalidManifest, file: str) -> InvalidManifest:
    found = _PLACE.match(error.summary)
    line = f"line {found[1]} of what it renders: " if found and found[1] else ""
    return InvalidManifest(f"{file}: {line}{_PLACE.sub('', error.summary)}", error.details)
