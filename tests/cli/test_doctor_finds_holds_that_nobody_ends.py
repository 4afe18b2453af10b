"""The doctor names holds that nobody can end any more, and the way on."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.doctor.holds import check_holds
from pushboat.config import operator as operators
from pushboat.model.hold import Hold, Scope
from pushboat.store import holds
from tests.cli.conftest import Pushboat
from tests.cli.hooked import KINDS, Scene, scene
from tests.fresh_store import fresh_store
from workers.checks.words import Line, Result


@pytest.fixture(params=list(KINDS))
def place(request: pytest.FixtureRequest, tmp_path: Path, home: Path, pushboat: Pushboat) -> Iterator[Scene]:
    """Each forge in turn."""
    with scene(request.param, tmp_path, pushboat) as made:
        made.secret.write_text("0123456789abcdef0123456789abcdef")
        yield made


@pytest.fixture
def one(tmp_path: Path, home: Path, pushboat: Pushboat) -> Iterator[Scene]:
    """One forge, where it makes no difference which."""
    with scene("github", tmp_path, pushboat) as made:
        made.secret.write_text("0123456789abcdef0123456789abcdef")
        yield made


def put(place: Scene, *wanted: Hold) -> list[int]:
    """Put these, and give their numbers."""
    store = fresh_store(place.home / "var")
    numbers = [holds.put(store, hold).hold.id for hold in wanted]
    store.close()
    return numbers


def found(place: Scene) -> list[Line]:
    """What the doctor says of holds."""
    token = {"FORGE_TOKEN": place.forge.token}
    return list(check_holds(operators.load(place.home / "pushboat.yaml", token)))


def lock(place: Scene, person: str) -> Hold:
    """Somebody's lock of staging."""
    scope = Scope(repository=place.name, environment="staging")
    return Hold(kind="lock", scope=scope, by=person, subject=person, spares=person)


def test_the_lock_of_somebody_who_left_is_found_and_that_of_who_stays_is_not(place: Scene) -> None:
    """Zoe has no permission any more; alice may write, and the operator's lock is nobody's at the forge."""
    (_, zoe, _) = put(place, *(lock(place, who) for who in ("alice", "zoe", "root on the command line")))
    (line,) = found(place)
    assert (line.check, line.result) == (f"hold {zoe}", Result.WARN)
    assert line.sentence.startswith(f"{place.name} staging is held (locked by zoe since ")
    assert line.sentence.endswith("), and zoe may not deploy there any more")
    assert line.fix == f"pushboat holds --end {zoe}"


def test_a_forge_that_does_not_answer_leaves_it_unknown(one: Scene) -> None:
    """Nobody's lock is called stale because a network is away."""
    (number,) = put(one, lock(one, "alice"))
    one.configure(api_url="http://127.0.0.1:9")
    (line,) = found(one)
    assert (line.check, line.result) == (f"hold {number}", Result.UNKNOWN)


def test_the_whole_doctor_says_it(one: Scene) -> None:
    """A pause of an environment that has left the file is among its lines; where all is well, one line says so."""
    (number,) = put(one, Hold(kind="pause", scope=Scope(repository=one.name, environment="old"), by="ann"))
    told = {line["check"]: line for line in json.loads(one.run("doctor", "--json", FORGE_TOKEN=one.forge.token).stdout)}
    assert told[f"hold {number}"]["sentence"].endswith("environment old is not in pushboat.yaml any more")
    assert one.run("holds", "--end", str(number), FORGE_TOKEN=one.forge.token).returncode == 0
    (line,) = found(one)
    assert (line.check, line.result) == ("holds", Result.PASS)
