"""Two hundred broken manifests are told what people read; a thousand sound ones are told nothing."""

from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from pushboat.model.manifest import Manifest, Ref
from tests.review.golden import BROKEN, Case, cases, findings, line, read
from tests.review.sound import kind_of, varied, written
from workers.review.minors import DEFAULT, bundled, minor
from workers.review.schema.checking import check
from workers.review.words import Weight

FILES = sorted(BROKEN.glob("*.txt"))
SOUND, SEED = 1_000, 11


@pytest.mark.proves("offline")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_broken_manifests_are_told_what_to_do(file: Path) -> None:
    """Whatever I get wrong: I read its file, line and column, what is wrong, and where it is known what I meant."""
    for case in cases(file):
        assert tuple(map(line, findings(case))) == case.said, case.name
        assert case.said, case.name


def test_no_two_broken_manifests_are_broken_alike() -> None:
    """Each of them stands for a way to be wrong: no two differ only in names and values."""
    every = [*chain.from_iterable(map(cases, FILES))]
    assert len(every) >= 150
    assert len({case.name for case in every}) == len(every)
    alike = Counter(map(shape, every))
    assert [number for number in alike.values() if number > 1] == []


def shape(case: Case) -> str:
    """Give a case without its values: how its objects are built, and what is said of which field."""
    manifests, _ = read(case)
    built = [(each.ref.kind, each.api_version, skeleton(each.body)) for each in manifests]
    said = [(each.rule, each.sentence.partition(": ")[2]) for each in findings(case)]
    return repr((built, said if built else [text for _, text in case.files]))


def skeleton(value: Any) -> Any:
    """Keep an object's fields and the types of their values."""
    if isinstance(value, dict):
        return {key: skeleton(inner) for key, inner in value.items()}
    return [skeleton(each) for each in value] if isinstance(value, list) else type(value).__name__


@pytest.mark.proves("offline")
def test_sound_manifests_are_never_refused() -> None:
    """A thousand manifests as people write them, of forty kinds: no error in any version that serves the kind."""
    own = written()
    assert len(own) >= 150
    assert len({kind_of(each) for each in own}) >= 40
    manifests = [manifest_of(each) for each in varied(SOUND, SEED)]
    known = {each[:2] for each in minor(DEFAULT).kinds}
    checked = check(manifests, dict.fromkeys(known, minor(DEFAULT).compiled), definitions=(), live=lambda _: None)
    assert (checked.mistakes, checked.unchecked) == ((), ())


@pytest.mark.parametrize("version", bundled())
def test_what_people_write_is_sound_in_every_version_that_serves_it(version: str) -> None:
    """An older cluster is not told that its manifests are wrong."""
    served = minor(version)
    known = dict.fromkeys((each[:2] for each in served.kinds), served.compiled)
    manifests = [manifest_of(each) for each in written() if kind_of(each) in served.kinds]
    mistakes = check(manifests, known, definitions=(), live=lambda _: None).mistakes
    assert [(str(each.ref), fault.message) for each, fault in mistakes] == []


def manifest_of(body: dict[str, Any]) -> Manifest:
    """Make a manifest of a body."""
    group, version, kind = kind_of(body)
    name = body["metadata"].get("name", "")
    return Manifest(ref=Ref(group, kind, "", name), version=version, body=body, file="a.yaml", line=1)


def test_a_warning_alone_is_no_error() -> None:
    """Of the broken ones, those that only warn are the versions that go or are off, and keys that are misread."""
    only = [
        case.name
        for case in chain.from_iterable(map(cases, FILES))
        if {each.weight for each in findings(case)} == {Weight.WARNING}
    ]
    assert sorted(only) == [
        "a version that goes with the next Kubernetes",
        "an API that is off unless it is turned on",
        "keys that are read as other words",
    ]
