"""All manifests with what is said about them, or one refusal that names every annotation that is wrong."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest, Path
from workers.manifests.directives.reading import directives_of
from workers.manifests.directives.words import Directives, Slip

MOST_SHOWN = 100
"""Mistakes; they are stored, and shown on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directed:
    """A manifest, and what other tools' annotations say about it."""

    manifest: Manifest
    directives: Directives


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One annotation of one manifest that cannot be followed."""

    manifest: Manifest
    slip: Slip

    @property
    def place(self) -> str:
        """Say where the annotation stands."""
        return self.manifest.place_of(_path(self.manifest, self.slip.key), by_name=True)


def directed(manifests: Iterable[Manifest], *, recreate: Collection[str] = ()) -> tuple[Directed, ...]:
    """Read what is said about each manifest; `recreate` are the kinds that the operator lets be recreated.

    Raises:
        InvalidManifest: names every annotation that is wrong or not supported.
    """
    found = tuple(Directed(manifest=each, directives=directives_of(each, recreate=recreate)) for each in manifests)
    refuse([Wrong(manifest=each.manifest, slip=slip) for each in found for slip in each.directives.slips])
    return found


def wrong_in(manifests: Iterable[Manifest], *, recreate: Collection[str] = ()) -> Iterator[Wrong]:
    """Find every annotation that is wrong or not supported."""
    for each in manifests:
        for slip in directives_of(each, recreate=recreate).slips:
            yield Wrong(manifest=each, slip=slip)


def refuse(wrong: Sequence[Wrong]) -> None:
    """Make one refusal of everything that is wrong.

    Raises:
        InvalidManifest: there is something.
    """
    if not wrong:
        return
    found = list(sentences(wrong[:MOST_SHOWN]))
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    lines = [f"- {each}" for each in found]
    if len(wrong) > MOST_SHOWN:
        lines.append(f"- and {len(wrong) - MOST_SHOWN:,} more: correct these first, the next push names those")
    raise InvalidManifest(f"{found[0]}{more}", "\n".join(lines))


def sentences(wrong: Iterable[Wrong]) -> Iterator[str]:
    """Say where each stands."""
    for each in wrong:
        yield f"{each.place}: {each.manifest.ref}: {each.slip.sentence}"


def _path(manifest: Manifest, key: str) -> Path:
    metadata = manifest.body.get("metadata") or {}
    marks = metadata.get("annotations") or {}
    if key in marks:
        return ("metadata", "annotations", key)
    return ("metadata", "labels", key) if key in (metadata.get("labels") or {}) else ("metadata", key)
