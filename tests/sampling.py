"""Chooses which tests are left to the long proofs, because others of the same test stand for them in `make test`.

What is drawn for a name is the same in each run and process. The proofs run everything that is left to them, and
`make test` what `make quick` leaves to it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import ceil
from pathlib import Path
from types import SimpleNamespace
from zlib import crc32

import pytest

EACH_ON_POSTGRES = 8
"""Of so many tests that run on both stores, one runs on Postgres."""
ON_EVERY_FORGE = {"engine_room", "racing", "spoofing", "stories/test_each_hold_on_each_forge.py"}
"""Folders and files whose tests play a whole repository; those that do so on every forge do it on one.

What each forge is asked and shows is held in tests/forges."""
FORGES = ("github", "gitlab", "gitea")
EACH_OF_FILE = {
    "bad_days/test_the_broker_has_a_bad_day.py": 5,
    "bad_days/test_the_clock_jumps.py": 8,
    "charts/test_charts_render_as_by_hand.py": 3,
    "charts/test_charts_as_people_keep_them.py": 2,
    "charts/test_charts_say_where.py": 2,
    "charts/test_hostile_charts.py": 2,
    "checkout/test_equal_roots_are_equal_closures.py": 4,
    "cluster/test_field_sets.py": 4,
    "cluster/test_the_guard.py": 4,
    "cli/test_each_work_loop_beats.py": 3,
    "corpus/test_the_corpus.py": 6,
    "editing/test_random_files_stay_whole.py": 4,
    "engine_room/test_a_merge_group_is_held.py": 3,
    "forges/test_hostile_deliveries.py": 4,
    "health/test_custom_kinds.py": 4,
    "notices/test_each_event_arrives_once.py": 4,
    "notices/test_nothing_leaks_and_nothing_is_obeyed.py": 2,
    "power/test_a_power_cut_loses_nothing.py": 6,
    "racing/test_a_lock_and_a_deployment.py": 4,
    "racing/test_an_approval_and_a_push.py": 4,
    "receiving/test_what_comes_in_is_bounded.py": 2,
    "rendering/test_kustomize_is_the_tool_itself.py": 3,
    "rendering/test_untouched_is_never_said_wrongly.py": 20,
    "store/test_a_flipped_bit_is_found_after_a_kill.py": 2,
    "store/test_holds_in_pairs.py": 8,
    "store/test_may_start_agrees_with_the_store.py": 8,
    "store/test_needs.py": 8,
    "directives/test_hostile_annotations.py": 2,
    "writing_back/test_kustomize.py": 3,
}
"""Long files of parametrized tests: of so many rows of a test, one runs."""
LONG = {"checkout", "devcluster", "engine_room", "signatures", "spoofing", "stories", "trust", "waves"}
"""Folders where each row of other tests plays a whole push, starts programs, or tries each byte of something."""
EACH_OF_LONG = 3
"""The same, for rows in these folders, and for all that ask the control plane."""
TELL_ONE_PROMISE = {
    "checkout": 3,
    "cli": 5,
    "cluster": 3,
    "dashboard": 4,
    "devcluster": 3,
    "engine_room": 8,
    "logs": 3,
    "planning": 2,
    "racing": 8,
    "receiving": 4,
    "removal": 3,
    "signatures": 2,
    "spoofing": 4,
    "store": 3,
    "stories": 5,
    "trust": 3,
    "waves": 8,
}
"""Folders whose files tell one promise each, in several tests that start programs or play a whole push: of so many of
these in a file, one runs, and of each row of docs/conformance.md at least one that proves it."""
NOT_QUICK = ("cluster", "programs", "proof", "slow")
"""What `make quick` leaves out."""
EACH_OF_QUICK = {"forges": 5, "pages": 6, "receiving": 5, "store": 6}
"""Folders where each test has a store, a server or a forge of its own: of so many in a file, `make quick` runs one."""
_HERE = str(Path(__file__).resolve().parents[1])
NO_PARAMETERS = SimpleNamespace(id="")


def runs_on_postgres(item: pytest.Item) -> bool:
    """Say whether a test is the one of two that runs on Postgres."""
    return "postgres" in _row(item)


def leave_to_the_proofs(items: Sequence[pytest.Item]) -> None:
    """Mark all for which others stand; who needs a cluster is marked already.

    Raises:
        pytest.UsageError: a row is named by an address in memory, or by where this checkout lies, so that its lot is
            another one elsewhere.
    """
    if unsteady := [item.nodeid for item in items if any(each in item.nodeid for each in (" at 0x", _HERE))]:
        raise pytest.UsageError(f"{unsteady[0]} has another name in another run: give its rows `ids`")
    for choose in (_those_on_postgres, _those_of_other_forges, _those_of_other_rows, _those_of_the_same_promise):
        for item in list(choose(items)):
            item.add_marker(pytest.mark.proof)


def leave_to_make_test(items: Sequence[pytest.Item]) -> None:
    """Mark as slow what `make quick` leaves out although it could run it; what it cannot run is marked already."""
    files = defaultdict[object, list[pytest.Item]](list)
    for item in items:
        if item.path.parent.name in EACH_OF_QUICK and not any(map(item.get_closest_marker, NOT_QUICK)):
            files[item.path].append(item)
    for tests in files.values():
        tests.sort(key=lambda item: _lot(item.nodeid))
        for item in tests[ceil(len(tests) / EACH_OF_QUICK[tests[0].path.parent.name]) :]:
            item.add_marker(pytest.mark.slow)


def _those_on_postgres(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    return (item for item in items if runs_on_postgres(item) and _lot(item.nodeid) % EACH_ON_POSTGRES)


def _those_of_other_forges(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    all_names = {item.nodeid for item in items}
    for item in items:
        ours = next((forge for forge in FORGES if forge in _row(item)), "")
        if not ours or not ON_EVERY_FORGE & {item.path.parent.name, _file(item)}:
            continue
        told = {forge: item.nodeid.replace(ours, forge) for forge in FORGES}
        if all_names >= set(told.values()) and FORGES[_lot(told[FORGES[0]]) % len(FORGES)] != ours:
            yield item


def _those_of_other_rows(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    tests = defaultdict[object, list[pytest.Item]](list)
    for item in items:
        if _row(item) and not item.get_closest_marker("proof"):
            tests[item.path, getattr(item, "originalname", "")].append(item)
    for rows in tests.values():
        rows.sort(key=lambda item: _lot(item.nodeid))
        yield from rows[ceil(len(rows) / _each_of(rows[0])) :]  # so that one of them stays, however few they are


def _those_of_the_same_promise(items: Sequence[pytest.Item]) -> Iterator[pytest.Item]:
    files = defaultdict[object, list[pytest.Item]](list)
    proved: Counter[str] = Counter()
    for item in items:
        if not item.get_closest_marker("proof"):
            proved.update(_proves(item))
            if item.path.parent.name in TELL_ONE_PROMISE and _costs(item):
                files[item.path].append(item)
    for tests in files.values():
        tests.sort(key=lambda item: _lot(item.nodeid))
        for item in tests[ceil(len(tests) / TELL_ONE_PROMISE[tests[0].path.parent.name]) :]:
            if all(proved[row] > 1 for row in _proves(item)):
                proved.subtract(_proves(item))
                yield item


def _costs(item: pytest.Item) -> bool:
    """Say whether a test starts programs, asks the control plane or has a store of its own."""
    marked = item.get_closest_marker("cluster") or item.get_closest_marker("programs")
    return bool(marked) or item.path.parent.name in {*LONG, "store"}


def _proves(item: pytest.Item) -> set[str]:
    return {row for mark in item.iter_markers("proves") for row in mark.args}


def _each_of(item: pytest.Item) -> int:
    folder = item.path.parent.name
    is_long = folder in LONG or item.get_closest_marker("cluster")
    return EACH_OF_FILE.get(_file(item), EACH_OF_LONG if is_long else 1)


def _file(item: pytest.Item) -> str:
    return f"{item.path.parent.name}/{item.path.name}"


def _row(item: pytest.Item) -> str:
    return str(getattr(item, "callspec", NO_PARAMETERS).id)


def _lot(name: str) -> int:
    """Draw a number for a name, the same in each run and process."""
    return crc32(name.encode())
