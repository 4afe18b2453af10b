"""From the files of two folders to the files of the second one with the first one's pins: what moves, and what cannot.

Pure. Only what both have is moved, and of that only tag and digest: where an image lies is each environment's own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from pushboat.errors import InvalidManifest
from pushboat.model.pin import Left, Moved
from workers.pins.finding import DIGEST, TAG, Pin, pins
from workers.pins.images import Image
from workers.pins.rewriting import Edit, rewritten
from workers.render.kustomize.fields import is_kustomization

LARGEST_FILE = 1 << 20
"""Bytes; one of that size is no file that people edit."""
_MANIFESTS = (".yaml", ".yml", ".json")
_WORD = b"image"
"""What every file with a pin holds, whichever of the two kinds it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """An environment's folder at a commit: its files, by their paths in the repository.

    `linked` are those that a symbolic link led to: they stand elsewhere, and others may share them.
    """

    path: str
    files: Mapping[str, bytes]
    linked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """The pins that move, those that differ and cannot, and the files that change by it."""

    moved: tuple[Moved, ...]
    left: tuple[Left, ...]
    files: Mapping[str, bytes]


def moves(source: Folder, target: Folder) -> Moves:
    """Bring the pins of one folder to the files of another."""
    have, unclear = _by_name(source)
    wanted, doubtful = _by_name(target)
    left = {**unclear, **doubtful, **dict.fromkeys(have.keys() - wanted.keys(), "is not there yet")}
    planned: defaultdict[str, list[_Planned]] = defaultdict(list)
    for what in sorted(wanted.keys() & have.keys()):
        theirs = have[what][0].image
        if any(each.image.pin != theirs.pin for each in have[what]):
            left[what] = "stands twice where it comes from, with two versions"
            continue
        for pin in wanted[what]:
            if pin.image.pin == theirs.pin:
                continue
            made = _planned(pin, theirs) if pin.file not in target.linked else "stands where a symbolic link leads to"
            if isinstance(made, str):
                left[what] = made
            else:
                planned[pin.file].append(made)
    moved: list[Moved] = []
    files: dict[str, bytes] = {}
    for file, wishes in sorted(planned.items()):
        text, done = _written(target.files[file].decode(), file, wishes)
        left |= {each.pin.what: f"cannot be changed at {each.place} alone" for each in wishes if each not in done}
        moved += [each.moved for each in done]
        files |= {file: text.encode()} if done else {}
    told = tuple(Left(what=what, why=why) for what, why in sorted(left.items()))
    return Moves(moved=tuple(moved), left=told, files=files)


@dataclass(frozen=True, slots=True)
class _Planned:
    pin: Pin
    image: Image
    edits: tuple[Edit, ...]

    @property
    def place(self) -> str:
        return f"{self.pin.file}:{self.pin.line}"

    @property
    def moved(self) -> Moved:
        pin = self.pin
        return Moved(what=pin.what, file=pin.file, line=pin.line, old=str(pin.image), new=str(self.image))


def _planned(pin: Pin, theirs: Image) -> _Planned | str:
    """Say what is to stand in a pin's place, or why nothing can."""
    if not pin.image.pin or not theirs.pin:
        return f"{pin.image} and {theirs}: one of the two names no version"
    if pin.image.path != theirs.path:
        return f"is {pin.image} here and {theirs} there, which are two images"
    image, spots = Image(pin.image.place, theirs.tag, theirs.digest), pin.spots
    if "image" in spots:
        return _Planned(pin, image, (Edit(spots["image"].path, spots["image"].node, str(image)),))
    values = {word: value for word, value in ((TAG, theirs.tag), (DIGEST, theirs.digest)) if value}
    if values.keys() == spots.keys():
        return _Planned(pin, image, tuple(Edit(spots[word].path, spots[word].node, values[word]) for word in values))
    if len(values) == len(spots) == 1:
        (word, value), (spot,) = next(iter(values.items())), spots.values()
        return _Planned(pin, image, (Edit(spot.path, spot.node, value, spot.key, word),))
    return f"is pinned by {' and '.join(sorted(spots))} here, and by {' and '.join(sorted(values))} there"


def _written(text: str, file: str, wishes: list[_Planned]) -> tuple[str, list[_Planned]]:
    """Write what is wished for all at once, as two may share an anchor; where that fails, what goes by itself."""
    for chosen in (wishes, [each for each in wishes if rewritten(text, file, list(each.edits))]):
        made = rewritten(text, file, [edit for each in chosen for edit in each.edits]) if chosen else ""
        if made:
            return made, chosen
    return text, []


def _by_name(folder: Folder) -> tuple[dict[str, list[Pin]], dict[str, str]]:
    """Find a folder's pins by what they belong to, and the files that cannot be read, with the reason."""
    found: defaultdict[str, list[Pin]] = defaultdict(list)
    unreadable: dict[str, str] = {}
    for file, raw in _with_pins(folder):
        try:
            for pin in pins(raw.decode(), file, folder.path):
                found[pin.what].append(pin)
        except (InvalidManifest, UnicodeDecodeError):
            unreadable[file] = "cannot be read"
    return dict(found), unreadable


def _with_pins(folder: Folder) -> Iterator[tuple[str, bytes]]:
    for file, raw in sorted(folder.files.items()):
        path = PurePosixPath(file)
        inside = path.relative_to(folder.path or ".").parts
        counts = path.suffix.lower() in _MANIFESTS or is_kustomization(file)
        if counts and not _is_hidden(inside) and _WORD in raw and len(raw) <= LARGEST_FILE:
            yield file, raw


def _is_hidden(parts: Iterable[str]) -> bool:
    return any(part.startswith(".") for part in parts)
