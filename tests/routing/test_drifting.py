"""However often a field comes and goes, a commit's status changes seldom, and it is never green over drift for long."""

import random
from itertools import pairwise

import pytest

from pushboat.model.drift import Drift, FieldDrift, Sort, same_by, sentence
from pushboat.model.inspection import Findings, Healed, Said
from pushboat.model.manifest import Ref
from pushboat.routing.drifting import IN_A_ROW, heal_pause, is_cold, pause_of, speech, wanted

WEB = Ref("apps", "Deployment", "shop", "web")
DAY, MONTH = 24 * 3600.0, 30 * 24 * 3600.0
NOT_HEALED = Healed()


def drift(value: str, path: str = "spec.replicas", sort: Sort = Sort.CHANGED) -> Drift:
    """Somebody changed one field."""
    fields = (FieldDrift(path=path, release="3", cluster=value, by="kubectl"),) if sort is Sort.CHANGED else ()
    return Drift(ref=WEB, sort=sort, fields=fields)


def said(found: tuple[Drift, ...]) -> str | None:
    """Say what the commit should show of it, where nothing is put back."""
    return wanted(Findings(found=found), "", NOT_HEALED, cold=True)


def test_the_first_changes_are_said_at_once() -> None:
    """Somebody tries something by hand, twice, and puts it back each time: each of these is said when it is seen."""
    known = Said()
    for step, words in enumerate(("drift: a", "", "drift: b", "")):
        changed = speech(known, words, step * 10.0)
        assert changed
        known = changed
        assert speech(known, words, step * 10.0 + 5) is None, "said once"
    assert speech(known, None, MONTH) is None
    at_once = speech(known, "drift: c", 40.0)
    assert at_once, "drift is never held back"
    assert speech(at_once, "", 50.0) is None, "that it is gone is: it came and went too often"
    assert speech(at_once, "", 40.0 + pause_of(at_once.letters))


@pytest.mark.parametrize("seed", range(5))
def test_a_flapping_field_is_no_flood_and_no_lie(seed: int) -> None:
    """A field flaps for a month, seen every ten minutes: some dozens of letters, and no green where drift is seen."""
    chance = random.Random(seed)
    known, letters, now = Said(), 0, 1_000_000.0
    for _ in range(int(MONTH / 600)):
        now += 600 * chance.uniform(0.9, 1.1)
        found = (drift(chance.choice("456")),) if chance.random() < 0.5 else ()
        changed = speech(known, said(found), now)
        letters, known = letters + (changed is not None), changed or known
        assert not found or known.sentence, "green over drift"
    assert letters <= 100
    assert speech(known, "", now + DAY + 1), "a day later it may always say that it is gone"


def test_a_week_without_a_change_begins_anew() -> None:
    """Last month's flapping is forgotten: what happens today is said at once again, and that it is gone."""
    tired = Said(sentence="", at=0.0, letters=50)
    fresh = speech(tired, "drift: a", 8 * DAY)
    assert fresh == Said(sentence="drift: a", at=8 * DAY, letters=1)
    assert speech(fresh, "", 8 * DAY + 1)


def test_drift_is_put_back_slower_each_time_up_to_five_minutes() -> None:
    """As Argo CD does: two seconds, three times as long each time; from the beginning after a while without drift."""
    pauses = [heal_pause(times) for times in range(12)]
    assert pauses[:7] == [0, 2, 6, 18, 54, 162, 300]
    assert all(earlier <= later <= 300 for earlier, later in pairwise(pauses))
    assert not is_cold(Healed(times=3, at=1000.0), 600.0, 1000.0 + 600)
    assert is_cold(Healed(times=3, at=1000.0), 600.0, 1000.0 + 2200)


def test_what_is_being_put_back_is_not_said_unless_it_comes_back_or_something_is_against_it() -> None:
    """No red for seconds; red with the reason where it stays."""
    found = Findings(found=(drift("5"),), heals=True)
    assert wanted(found, "", Healed(times=1), cold=False) is None
    held = wanted(found, "not put back: paused by ann", Healed(times=1), cold=False)
    assert held
    assert held.endswith("instead of 3, by kubectl (not put back: paused by ann)")
    fought = wanted(found, "", Healed(times=IN_A_ROW), cold=False)
    assert fought
    assert fought.startswith(f"put back {IN_A_ROW} times in a row, and back again; drift: Deployment web: ")
    assert wanted(Findings(heals=True), "", Healed(times=IN_A_ROW), cold=False) is None, "it may be back any moment"
    assert wanted(Findings(heals=True), "", Healed(times=IN_A_ROW), cold=True) == ""
    assert wanted(Findings(unknown="a Secret"), "", NOT_HEALED, cold=True) is None


def test_drift_is_the_same_by_its_fields_and_not_by_their_values() -> None:
    """Another number in the same field is the same drift; another field, or a deletion, is not."""
    assert same_by([drift("5")]) == same_by([drift("6")])
    assert (
        len({same_by([each]) for each in (drift("5"), drift("5", "spec.paused"), drift("5", sort=Sort.DELETED))}) == 3
    )


def test_one_sentence_says_how_much_it_is_and_the_first_of_it() -> None:
    """I read in the commit's status how many objects it is about, also where the sentence is cut."""
    gone = drift("", sort=Sort.DELETED)
    assert sentence([drift("5")]) == "drift: Deployment web: spec.replicas is 5 instead of 3, by kubectl"
    assert sentence([gone, drift("5")]) == "drift in 2 objects: Deployment web was deleted"
    assert sentence([gone], 70) == "drift in 70 objects: Deployment web was deleted"
