"""An upgrade, process by process: two versions work on one store, and take each other's hints."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from pushboat.store.database import migrations
from tests import breaking
from tests.fakes.forge import FakeForge
from tests.serving import ROOT, Served
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.written import config_map

Shops = Callable[[Served, str], Shop]
PACKAGES = ("pushboat", "workers", "webhook", "dashboard", "cli", "devcluster")
NEXT = f'''
"""What the next version adds."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{migrations.newest()}"
branch_labels = None
depends_on = None
oldest = "{migrations.newest()}"


def upgrade() -> None:
    """Add a table, and a column to one that every deployment writes."""
    op.create_table("mood", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("deployment", sa.Column("mood", sa.Text, nullable=False, server_default=sa.text("''")))
'''


@pytest.fixture(scope="module")
def next_version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The next version's tree: ours, with one more migration."""
    tree = tmp_path_factory.mktemp("next")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tree / "pushboat/store/database/migrations/versions/v9999_mood.py").write_text(NEXT)
    return tree


@pytest.fixture
def served(tmp_path: Path, kubeconfig: Path, forges: dict[str, FakeForge]) -> Iterator[Served]:
    """A Pushboat of this version, which is about to be upgraded."""
    served = Served.start(tmp_path, operators_file(kubeconfig, forges), environ_of(forges))
    yield served
    served.stop()


def environ(served: Served, forges: Mapping[str, FakeForge], tree: Path) -> dict[str, str]:
    """Give the environment of a process of a tree."""
    return {**os.environ, **environ_of(forges), "PUSHBOAT_CONFIG": str(served.config), "PYTHONPATH": str(tree)}


@contextmanager
def beside(served: Served, forges: Mapping[str, FakeForge], tree: Path, *names: str) -> Iterator[None]:
    """Let processes of a tree do the work, while `serve`'s own ones of those names stand still."""
    parts = [breaking.part(served, name) for name in names]
    with served.log.open("ab") as log:
        others = [
            subprocess.Popen(
                [sys.executable, "-m", "cli.main", name],
                cwd=tree,
                env=environ(served, forges, tree),
                stdout=log,
                stderr=log,
            )
            for name in names
        ]
    for pid in parts:
        breaking.freeze(served, pid)
    try:
        yield
    finally:
        for pid in parts:
            with suppress(ProcessLookupError):  # it stood still for so long that `serve` has replaced it
                os.kill(pid, signal.SIGCONT)
        for each in others:
            each.terminate()
            each.wait()


def restart_as(served: Served, forges: Mapping[str, FakeForge], tree: Path) -> None:
    """Stop `serve` and start it from a tree."""
    assert served.stop() == 0
    served.log.write_text("")
    with served.log.open("ab") as log:
        served.process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "--config", str(served.config), "serve"],
            cwd=tree,
            env=environ(served, forges, tree),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    served.wait_until_ready()


@pytest.mark.proof  # two Pushboats, and parts of them, start one after the other
def test_an_upgrade_goes_process_by_process(
    served: Served, shops: Shops, forges: dict[str, FakeForge], next_version: Path
) -> None:
    """Pushes deploy before, between and after: by old and new workers, on hints of old and new dispatchers."""
    shop = shops(served, "github")

    def deploys(**data: str) -> None:
        breaking.ended_once(shop, shop.push({"deploy/settings.yaml": config_map(**data)}))
        assert breaking.data_of(shop) == [data]

    deploys(by="the version before")
    upgrade = [sys.executable, "-m", "cli.main", "db", "upgrade"]
    done = subprocess.run(
        upgrade, cwd=next_version, env=environ(served, forges, next_version), capture_output=True, text=True, check=True
    )
    assert "the store is upgraded" in done.stderr
    deploys(by="the version before, on the next one's tables")
    breaking.kill(served, "worker", "web")
    deploys(by="one of them that was started again")
    with beside(served, forges, next_version, "worker", "reporter"):
        deploys(by="the next version's worker, on hints of the one before")

    restart_as(served, forges, next_version)
    deploys(by="the next version")
    with beside(served, forges, ROOT, "worker", "reporter"):
        deploys(by="the worker of before, on hints of the next version")
    again = subprocess.run(
        upgrade, cwd=ROOT, env=environ(served, forges, ROOT), capture_output=True, text=True, check=True
    )
    assert "of a newer Pushboat" in again.stderr
    assert not [words for words in ("met a bug", "raised unexpected") if words in served.log.read_text()]
