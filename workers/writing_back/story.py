"""Writes fields one after the other, each in the first way that a render proves right.

The files lie in a folder of ours; what proves wrong is put back before the next way is tried.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pushboat.errors import DeploymentFailed
from pushboat.model.manifest import Manifest
from pushboat.model.wording import printable
from workers.editing.rewriting import same
from workers.editing.texts import CannotWrite
from workers.writing_back.overlays import overlay_ways, own_file
from workers.writing_back.proving import Rendered, refuted, reordered
from workers.writing_back.ways import Asked, Way, own_ways
from workers.writing_back.words import LiveField, NotWritten, Written


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A release's commit, checked out: its files below `root`, and what gives its objects as the files are now.

    `readers` names the other environments that read a file; `linked` are files that a symbolic link led to.
    `kustomized` is the folder of a kustomization, None for plain files.
    """

    root: Path
    render: Callable[[], Rendered]
    readers: Callable[[str], frozenset[str]]
    linked: Collection[str] = ()
    kustomized: str | None = None


@dataclass(slots=True)
class Outcome:
    """What became of all fields: the files with their first bytes (None: there was none), and the objects now."""

    rendered: Rendered
    originals: dict[str, bytes | None] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    left: list[NotWritten] = field(default_factory=list)


def written_back(source: Source, stored: Rendered, fields: Iterable[LiveField]) -> Outcome:
    """Write fields into the files that they came from.

    Raises:
        DeploymentFailed: the commit cannot be rendered any more.
    """
    outcome = Outcome(source.render())
    first = dict(outcome.rendered)
    for each in fields:
        known, was = first.get(each.ref), stored.get(each.ref)
        if known is None or was is None or not same(known.body, was.body):
            why = "rendering its commit once more does not give what the release has: deploy once more"
            outcome.left.append(NotWritten(each.ref, each.path, why))
        else:
            _write(source, outcome, each)
    return outcome


def _write(source: Source, outcome: Outcome, wanted: LiveField) -> None:
    """Try the ways of one field; where none is right, say what was wrong with the likeliest."""
    reasons = []
    asked = Asked(root=source.root, field=wanted, manifest=outcome.rendered[wanted.ref])
    for way in _ways(source, asked):
        others = source.readers(way.file)
        if why := _forbidden(source, asked, way, others):
            reasons.append((1, why))
            continue
        before = outcome.rendered
        try:
            _taken(source, outcome, way, wanted)
        except (CannotWrite, DeploymentFailed) as error:
            summary = error.summary if isinstance(error, DeploymentFailed) else str(error)
            reasons.append((0, f"{way.file}: {printable(summary, 300)}"))
            continue
        moved = reordered(wanted, before, outcome.rendered)
        outcome.written.append(Written(field=wanted, file=way.file, also=tuple(sorted(others)), reordered=moved))
        return
    why = min(reasons, key=lambda each: each[0])[1] if reasons else "nobody knows where it was written"
    outcome.left.append(NotWritten(wanted.ref, wanted.path, why))


def _ways(source: Source, asked: Asked) -> Iterator[Way]:
    return own_ways(asked) if source.kustomized is None else overlay_ways(asked, source.kustomized)


def _forbidden(source: Source, asked: Asked, way: Way, others: frozenset[str]) -> str:
    """Say why a file is not to be changed; what reads all of our files anyway is no reason."""
    if way.file in source.linked:
        return f"{way.file} stands where a symbolic link leads to: change it there"
    if source.kustomized is None:
        return ""
    avoidable = others - source.readers(own_file(asked, source.kustomized))
    return f"{way.file} is read by {', '.join(sorted(avoidable))} too, and would change there" if avoidable else ""


def _taken(source: Source, outcome: Outcome, way: Way, wanted: LiveField) -> None:
    """Take a way, and go back where it proves wrong.

    Raises:
        CannotWrite: it cannot be taken, or a render refutes it.
        DeploymentFailed: what comes of it cannot be rendered.
    """
    files = way.take()
    before = {file: _read(source.root / file) for file in files}
    try:
        for file, content in files.items():
            (source.root / file).write_bytes(content)
        rendered = _proved(source, outcome, wanted)
    except (CannotWrite, DeploymentFailed):
        for file, raw in before.items():
            _put_back(source.root / file, raw)
        raise
    outcome.originals = {**before, **outcome.originals}
    outcome.rendered = rendered


def _proved(source: Source, outcome: Outcome, wanted: LiveField) -> Rendered:
    rendered = source.render()
    if why := refuted(wanted, outcome.rendered, rendered):
        raise CannotWrite(why)
    return rendered


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _put_back(path: Path, raw: bytes | None) -> None:
    if raw is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(raw)


def as_stored(manifests: Iterable[Manifest], rendered: Rendered) -> tuple[Manifest, ...]:
    """Give a release's manifests with the bodies that a render gives now."""
    return tuple(replace(each, body=rendered[each.ref].body) if each.ref in rendered else each for each in manifests)
