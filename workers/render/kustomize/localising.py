"""Put what kustomizations ask for from elsewhere into the checkout, so that kustomize and all that judges it see files.

Each base gets a folder beside the kustomization that names it, and the word there becomes that folder's, in as many
characters, so that every other line and column stays where its author has it. What came is judged like the rest, and
may lead nowhere out of its own repository.
"""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from yaml.nodes import Node, ScalarNode

from pushboat.errors import CheckoutFailed, InvalidManifest, RenderFailed
from pushboat.model.outside import FILE, Outside
from workers.manifests.decoding import decode
from workers.render.helm.archives import Archive, Budget, pack, unpack
from workers.render.kustomize.addresses import Address, address_of
from workers.render.kustomize.fields import NAMES, cut, fields_of, refused, scalars
from workers.render.kustomize.naming import Names
from workers.render.kustomize.references import DEFAULT_CHART_HOME, ELSEWHERE, FOLDERS, inside, readings
from workers.render.kustomize.remote import looks_remote
from workers.render.kustomize.repository_charts import RepositoryChart, charts_of
from workers.source.closure import References
from workers.source.outside.words import Bring, nothing
from workers.source.planted import Plant, no_base

MOST = 50
"""Bases, files and charts from elsewhere, those of bases counted in."""
_AT = ".o"
"""How a folder for what came begins: no longer than any address, and no name that people give."""

_WRITES_PLACES = ("originAnnotations", "transformerAnnotations")
"""What kustomize writes into objects of the files that it read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """Gives what lies elsewhere, and says which files name others."""

    bring: Bring = nothing
    plant: Plant = no_base
    references: References | None = None


NONE = Supply()


@dataclass(slots=True)
class _Localising:
    """One checkout in which places elsewhere become places here; `told` hears how people call them."""

    root: Path
    supply: Supply
    told: Names
    _budget: Budget = field(default_factory=Budget)
    _planted: dict[tuple[str, Outside, str], str] = field(default_factory=dict)
    _trails: dict[str, tuple[tuple[Outside, str], ...]] = field(default_factory=dict)
    """By the place of each base: what was built upon on the way there, itself at the end."""

    def all(self, folder: str) -> None:
        """Go through every kustomization that one leads to, those that came among them."""
        seen: set[str] = set()
        waiting = [(folder, "")]
        while waiting:
            here, realm = waiting.pop(0)
            if here in seen:
                continue
            seen.add(here)
            for name in NAMES:
                file = posixpath.join(here, name)
                if (self.root / file).is_file():
                    waiting += self._kustomization(file, realm)
        if self._planted:
            self._demand_no_origins(folder)

    def _demand_no_origins(self, folder: str) -> None:
        """Refuse to have our places written into objects; of the kustomizations only the one that is built is asked."""
        for file in (posixpath.join(folder, name) for name in NAMES):
            if (self.root / file).is_file():
                for word in scalars(fields_of((self.root / file).read_bytes(), file).get("buildmetadata"), ()):
                    if str(word.value) in _WRITES_PLACES:
                        why = f"{word.value} would write where bases lie while they are rendered: remove it"
                        raise refused(file, word, why)

    def _kustomization(self, file: str, realm: str) -> list[tuple[str, str]]:
        folder, edits = posixpath.dirname(file), list[tuple[ScalarNode, str]]()
        raw = (self.root / file).read_bytes()
        try:
            fields = fields_of(raw, file)
        except InvalidManifest:
            return []  # whoever judges it says what is wrong
        led: list[tuple[str, str]] = []
        for name in ELSEWHERE:
            for word in dict.fromkeys(scalars(fields.get(name), ())):
                if self._is_elsewhere(folder, str(word.value)):
                    place, onward = self._localised(file, word, realm)
                    edits.append((word, place))
                    led += onward
        self._charts(file, fields, realm)
        if edits:
            (self.root / file).write_text(_edited(decode(raw, file), file, edits), encoding="utf-8")
        return [*led, *self._onward(file, fields, realm)]

    def _is_elsewhere(self, folder: str, word: str) -> bool:
        path = inside(folder, word)
        return looks_remote(word) and not (path is not None and "://" not in word and (self.root / path).exists())

    def _localised(self, file: str, word: ScalarNode, realm: str) -> tuple[str, list[tuple[str, str]]]:
        """Bring what a word names; give the word for it, and the folder that it leads to, if any."""
        try:
            address = address_of(str(word.value))
        except ValueError as error:
            raise refused(file, word, f"{cut(str(word.value))} {error}") from error
        folder, trail = posixpath.dirname(file), self._trails.get(realm, ())
        if (address.outside, address.folder) in trail:
            why = f"{address.outside} leads to its own folder {cut(address.folder or '.')} again: remove this entry"
            raise refused(file, word, why)
        key = (folder, address.outside, address.folder)
        try:
            at = self._planted.get(key) or self._brought(folder, address)
        except CheckoutFailed as error:
            raise refused(file, word, f"{address.outside}: {error.summary.partition(': create it')[0]}") from error
        except RenderFailed as error:
            raise RenderFailed(f"{refused(file, word, error.summary).summary}", error.details) from error
        self._planted[key] = at
        self._trails[at] = (*trail, (address.outside, address.folder))
        name = posixpath.basename(at)
        if address.outside.kind == FILE:
            return name, []
        return posixpath.join(name, address.folder), [(posixpath.join(at, address.folder), at)]

    def _brought(self, folder: str, address: Address) -> str:
        at = self._free(folder)
        if address.outside.kind == FILE:
            brought = self.supply.bring(address.outside)
            at = f"{at}.yaml"
            self._budget.take(len(brought.content), brought.shown)
            (self.root / at).write_bytes(brought.content)
            self.told.places[at] = address.outside.address.partition("://")[2]
            return at
        references = self.supply.references
        assert references is not None, "who plants says what bases refer to"
        planted = self.supply.plant(address.outside, address.folder, self.root / at, references)
        self.told.places[at] = planted.shown
        self.told.left_out.update(planted.left_out)
        return at

    def _free(self, folder: str) -> str:
        if len(self._planted) >= MOST:
            raise RenderFailed(f"more than {MOST} bases and files from elsewhere: build upon fewer")
        number = len(self._planted) + 1
        while any((self.root / folder).glob(f"{_AT}{number}*")):
            number += 1
        return posixpath.join(folder, f"{_AT}{number}")

    def _onward(self, file: str, fields: Mapping[str, Node], realm: str) -> Iterator[tuple[str, str]]:
        """Give the folders here that a kustomization leads to; one that came from elsewhere stays in its own."""
        for each in readings(posixpath.dirname(file), fields):
            if each.path is None or each.field not in FOLDERS or not (self.root / each.path).is_dir():
                continue
            self._demand_within(realm, each.path, file, each.node)
            yield each.path, realm

    def _demand_within(self, realm: str, path: str | None, file: str, word: ScalarNode) -> None:
        if realm and (path is None or not f"{path}/".startswith(f"{realm}/")):
            raise refused(file, word, f"{cut(str(word.value))} leads out of {self.told.places[realm]}")

    def _charts(self, file: str, fields: Mapping[str, Node], realm: str) -> None:
        """Put each chart with a `repo` where kustomize would pull it to, unless it lies there."""
        homes = list(scalars(fields.get("helmglobals"), ("charthome",)))
        for home in homes:
            self._demand_within(realm, inside(posixpath.dirname(file), str(home.value)), file, home)
        for found in charts_of(fields.get("helmcharts")):
            self._chart(file, found, str(homes[0].value) if homes else DEFAULT_CHART_HOME)

    def _chart(self, file: str, found: RepositoryChart, home: str) -> None:
        at = inside(posixpath.dirname(file), posixpath.join(home, found.place))
        if at is None or (self.root / at).exists():
            return
        try:
            outside = found.outside
        except ValueError as error:
            raise refused(file, found.repo, f"the `repo` of {found.name} {error}") from error
        try:
            brought = self.supply.bring(outside)
        except RenderFailed as error:
            raise RenderFailed(f"{refused(file, found.repo, error.summary).summary}", error.details) from error
        chart = unpack(brought.content, brought.shown, self._budget)
        for path, content in chart.files.items():
            place = self.root / at / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(pack(content) if isinstance(content, Archive) else content)
        self.told.places[at] = brought.shown


def localise(root: Path, folder: str, supply: Supply, told: Names) -> None:
    """Bring all that a folder's kustomization asks for from elsewhere, and let its files name what is here.

    `told` hears how people call each place that was made, also where an error ends it.

    Raises:
        RenderFailed: it is not locked, not allowed, not there, or leads out of its own repository; at file:line:column.
        ForgeUnavailable, ForgeRefused: it cannot be had.
    """
    _Localising(root, supply, told).all(folder)


def _edited(text: str, file: str, edits: list[tuple[ScalarNode, str]]) -> str:
    """Write other words in the place of these, in as many characters where they are shorter."""
    for word, place in sorted(edits, key=lambda each: -each[0].start_mark.index):
        start, end = word.start_mark.index, word.end_mark.index
        written = text[start:end]
        if written.strip("\"'") != word.value:
            raise refused(file, word, "write this address plainly, on one line, without an anchor")
        text = f"{text[:start]}{_quoted(place).ljust(len(written))}{text[end:]}"
    return text


def _quoted(place: str) -> str:
    plain = place.replace("/", "").replace(".", "").replace("-", "").replace("_", "")
    return place if plain.isalnum() and plain.isascii() else "'" + place.replace("'", "''") + "'"
