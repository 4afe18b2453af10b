"""The nouns that every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.lab import devcluster, gitea
from cli.lab.golang import install
from pushboat.collecting import collect_rarely, loading
from tests.cluster_view import ClusterView
from tests.one_control_plane import ask, started
from tests.one_side import ADDRESS
from tests.sampling import leave_to_make_test, leave_to_the_proofs, runs_on_postgres
from tests.serving import Served
from tests.sweeping import GIVEN
from workers.render.renderers import HELM, KUSTOMIZE

pytest_plugins = ["tests.in_memory", "tests.sides", "tests.folder_fixtures"]
CLUSTERS = {"kubeconfig", "simulated"}
OWN_CLUSTERS = {"devcluster", "stories"}
"""Folders whose tests start one themselves, or play the demo, which does."""
STARTS_PROGRAMS = {
    "browser",
    "checkout",
    "cli",
    "engine_room",
    "logs",
    "power",
    "queue",
    "racing",
    "spawning",
    "spoofing",
}
"""Folders whose tests start a program each: ours, git, a broker, a browser; those on Postgres start that."""
LONGEST_FIRST = (
    "chaos",
    "power",
    "corpus",
    "waves",
    "removal",
    "stories",
    "engine_room",
    "racing",
    "cli",
    "devcluster",
    "cluster",
    "rendering",
    "engine",
    "spoofing",
    "spawning",
    "receiving",
    "house",
    "store",
    "forges",
)
"""Folders with files that take long, so that none of them is begun last and keeps one side busy alone."""
LAST_WORDS = 6000
"""Characters of a Pushboat's log that a failure shows."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage among ten thousand tests, neither while they are gathered nor for as long as they run."""
    with loading():
        result = yield
    collect_rarely()
    return result


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not read folders of which `make quick` runs nothing: it takes a second for a thousand tests."""
    unwanted = config.option.markexpr.split(" and ")
    left_out = {
        *(OWN_CLUSTERS if "not cluster" in unwanted else ()),
        *(STARTS_PROGRAMS if "not programs" in unwanted else ()),
    }
    return (collection_path.parent == Path(__file__).parent and collection_path.name in left_out) or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the control plane, so that `make quick` can leave it out, and put long files first."""
    for item in items:
        folder = item.path.parent.name
        if CLUSTERS & set(_fixtures(item)) or folder in OWN_CLUSTERS:
            item.add_marker(pytest.mark.cluster)
        if folder in STARTS_PROGRAMS or runs_on_postgres(item):
            item.add_marker(pytest.mark.programs)
    leave_to_the_proofs(items)
    leave_to_make_test(items)
    items.sort(key=_place)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Build what the collected tests need before the first one's clock starts; a cold build takes minutes."""
    if session.config.option.collectonly:
        return
    capture = session.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        on_a_cluster = any(item.get_closest_marker("cluster") for item in session.items)
        if on_a_cluster:
            devcluster.binary()
        if on_a_cluster or any(item.path.parent.name == "rendering" for item in session.items):
            install(KUSTOMIZE)
        if any("real_gitea" in _fixtures(item) for item in session.items):
            gitea.program()
        if any("helm" in _fixtures(item) for item in session.items):
            install(HELM)


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
    shared = pytestconfig.stash.get(ADDRESS, "")
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
    if GIVEN in os.environ or ADDRESS not in pytestconfig.stash:
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
