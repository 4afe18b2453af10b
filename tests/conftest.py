"""The nouns that every test may ask for."""

import os
from collections.abc import Iterator, Set
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zlib import crc32

import pytest

from cli.lab import devcluster, gitea
from cli.lab.golang import install
from pushboat.collecting import collect_rarely, loading
from tests.cluster_view import ClusterView
from tests.one_control_plane import Shared, ask, started
from tests.serving import Served
from tests.sweeping import GIVEN
from workers.render.renderers import HELM, KUSTOMIZE

CLUSTERS = {"kubeconfig", "simulated"}
OWN_CLUSTERS = {"devcluster", "stories"}
"""Folders whose tests start one themselves, or play the demo, which does."""
STARTS_PROGRAMS = {"cli", "engine_room", "power", "checkout", "spawning", "queue", "logs"}
"""Folders whose tests start a program each: ours, git, a broker; those on Postgres start that."""
LONGEST_FIRST = ("corpus", "waves", "stories", "engine_room", "power", "cli", "devcluster", "cluster", "store")
"""Folders with files that take long, so that none of them is begun last and keeps one side busy alone."""
CONTROL_PLANE = pytest.StashKey[Shared | None]()
ADDRESS = "control plane"
EACH_ON_POSTGRES = 4
"""Of so many tests that run on both stores, one runs on Postgres outside of the long proofs, always the same."""
ON_EVERY_FORGE = {"engine_room", "racing", "spoofing", "stories/test_each_hold_on_each_forge.py"}
"""Folders, and files, whose tests play a whole repository; those that do so on every forge do it on one outside of the
long proofs, always the same one. What each forge is asked and shows is held in tests/forges."""
FORGES = ("github", "gitlab", "gitea")
EACH_OF = {
    "checkout/test_equal_roots_are_equal_closures.py": 4,
    "corpus/test_the_corpus.py": 3,
    "charts/test_charts_render_as_by_hand.py": 3,
    "charts/test_charts_as_people_keep_them.py": 2,
    "charts/test_charts_say_where.py": 2,
    "charts/test_hostile_charts.py": 2,
    "cli/test_each_work_loop_beats.py": 3,
    "engine_room/test_a_merge_group_is_held.py": 3,
    "engine_room/test_rollbacks.py": 2,
    "rendering/test_kustomize_is_the_tool_itself.py": 3,
    "power/test_a_power_cut_loses_nothing.py": 2,
    "rendering/test_untouched_is_never_said_wrongly.py": 20,
    "racing/test_a_lock_and_a_deployment.py": 4,
    "racing/test_an_approval_and_a_push.py": 4,
    "store/test_a_flipped_bit_is_found_after_a_kill.py": 2,
    "store/test_holds_in_pairs.py": 4,
    "waves/test_a_hook_never_lies.py": 2,
    "waves/test_hooks_run_as_their_tool_would.py": 2,
}
"""Long files of parametrized tests: of so many, one runs outside of the long proofs, always the same."""
LAST_WORDS = 6000
"""Characters of a Pushboat's log that a failure shows."""
NO_PARAMETERS = SimpleNamespace(id="")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage among ten thousand tests, neither while they are gathered nor for as long as they run."""
    with loading():
        result = yield
    collect_rarely()
    return result


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the control plane, so that `make quick` can leave it out, and put long files first."""
    all_names = {item.nodeid for item in items}
    for item in items:
        if CLUSTERS & set(_fixtures(item)) or item.path.parent.name in OWN_CLUSTERS:
            item.add_marker(pytest.mark.cluster)
        on_postgres = "postgres" in getattr(item, "callspec", NO_PARAMETERS).id
        if item.path.parent.name in STARTS_PROGRAMS or on_postgres:
            item.add_marker(pytest.mark.programs)
        if (on_postgres and _lot(item.nodeid) % EACH_ON_POSTGRES) or _is_left_to_the_proofs(item, all_names):
            item.add_marker(pytest.mark.proof)
    items.sort(key=_place)


def pytest_runtestloop(session: pytest.Session) -> None:
    """Build what the collected tests need before the first one's clock starts; a cold build takes minutes."""
    capture = session.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        needed = any(item.get_closest_marker("cluster") for item in getattr(session, "items", ()))
        if needed and not session.config.option.collectonly:
            devcluster.binary()
            install(KUSTOMIZE)
        if any("real_gitea" in _fixtures(item) for item in getattr(session, "items", ())):
            gitea.program()
        if any("helm" in _fixtures(item) for item in getattr(session, "items", ())):
            install(HELM)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Say to a process that will run tests where to ask for the control plane; called where tests are handed out."""
    shared = node.config.stash.setdefault(CONTROL_PLANE, None) or Shared()
    node.config.stash[CONTROL_PLANE] = shared
    node.workerinput[ADDRESS] = shared.address


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what all shared."""
    if shared := config.stash.get(CONTROL_PLANE, None):
        shared.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Show beside a failure what the Pushboats in the test's hands said last: elsewhere nobody can look any more."""
    report = yield
    if report.failed:  # type: ignore[attr-defined]  # pytest's own type says nothing of what a wrapper gets
        for value in getattr(item, "funcargs", {}).values():
            served = getattr(value, "served", value)
            if isinstance(served, Served) and served.log.exists():
                report.sections.append((f"{served.url} said", served.log.read_text()[-LAST_WORDS:]))
    return report


def _lot(name: str) -> int:
    """Draw a number for a name, the same in each run and process."""
    return crc32(name.encode())


def _is_left_to_the_proofs(item: pytest.Item, all_names: Set[str]) -> bool:
    """Say whether others of the same test stand for this one, as long as nobody wants them all."""
    id_, file = getattr(item, "callspec", NO_PARAMETERS).id, f"{item.path.parent.name}/{item.path.name}"
    if id_ and _lot(item.nodeid) % EACH_OF.get(file, 1):
        return True
    ours = next((forge for forge in FORGES if forge in id_), "")
    told = {forge: item.nodeid.replace(ours, forge) for forge in FORGES} if ours else {}
    everywhere = bool({item.path.parent.name, file} & ON_EVERY_FORGE)
    if not everywhere or not told or not all_names >= set(told.values()):
        return False
    return FORGES[_lot(told[FORGES[0]]) % len(FORGES)] != ours


def _place(item: pytest.Item) -> int:
    """Say how early an item's folder comes; a file's items stay together, in their order."""
    folder = item.path.parent.name
    return LONGEST_FIRST.index(folder) if folder in LONGEST_FIRST else len(LONGEST_FIRST)


def _fixtures(item: pytest.Item) -> list[str]:
    return list(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def kubeconfig(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One real control plane for all processes that run tests; they keep apart by namespace."""
    given = os.environ.get(GIVEN)
    shared = getattr(pytestconfig, "workerinput", {}).get(ADDRESS)
    if given:
        yield Path(given)
    elif shared:
        yield ask(shared)
    else:
        with started(tmp_path_factory.mktemp("devcluster")) as path:
            yield path


@pytest.fixture(scope="module")
def undisturbed(
    pytestconfig: pytest.Config, kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A control plane that no other process uses meanwhile, for who counts what it is asked."""
    if GIVEN in os.environ or not hasattr(pytestconfig, "workerinput"):
        yield kubeconfig
        return
    with started(tmp_path_factory.mktemp("undisturbed")) as path:
        yield path


@pytest.fixture(scope="session")
def helm() -> Path:
    """A real Helm, built where nobody built it yet."""
    return install(HELM)


@pytest.fixture(scope="session")
def cluster(kubeconfig: Path) -> Iterator[ClusterView]:
    """The cluster as somebody else sees it."""
    view = ClusterView(kubeconfig)
    yield view
    view.close()
