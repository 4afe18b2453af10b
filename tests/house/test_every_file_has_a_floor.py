"""The contracts of the house are exhaustive: no file without a floor, and one door for each SDK."""

import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.programs

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("pushboat", "webhook", "dashboard", "workers", "cli")
NUMBERED = "pushboat.store.database.migrations"
"""Its files are named by their order and loaded by Alembic, which imports nobody's code but the schema."""
COMMANDS = "pushboat.routing.commands"
KINDS = "pushboat.routing.holds.kinds"
"""Files of these are found by their names and stand side by side: contracts say so, whatever their number."""

DOORS = {
    "flask": ("webhook", "dashboard"),
    "celery": ("workers.app", "workers.application", "workers.tasks", "workers.consuming", "workers.dispatching"),
    "kubernetes": ("workers.cluster.client",),
    "sqlalchemy": ("pushboat.store",),
    "redis": ("pushboat.queue",),
    "github": ("pushboat.forges.github",),
    "gitlab": ("pushboat.forges.gitlab",),
    "click": ("cli",),
    "pydantic": ("pushboat.config",),
    "cel_expr_python": ("pushboat.cel",),
    "opentelemetry": ("workers.tracing.collector",),
}
"""Who may import each SDK; everybody else is named in its contract."""


def contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return list(settings["tool"]["importlinter"]["contracts"])


def modules() -> set[str]:
    """Name every module and package of the product."""
    files = [file for room in PRODUCT for file in (ROOT / room).rglob("*.py")]
    return {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files}


def is_below(module: str, tops: tuple[str, ...] | list[str]) -> bool:
    return any(module == top or module.startswith(f"{top}.") for top in tops)


def test_every_package_has_floors_that_name_all_its_files() -> None:
    """Whoever adds a file says on which floor it stands, or `make contracts` fails."""
    everything = modules()
    packages = {name.rpartition(".")[0] for name in everything if "." in name}
    exhaustive = {
        container
        for contract in contracts()
        if contract["type"] == "layers" and contract.get("exhaustive")
        for container in contract["containers"]
    }
    assert {name for name in packages if not is_below(name, [NUMBERED, COMMANDS, KINDS])} == exhaustive
    assert [each["modules"] for each in contracts() if each["type"] == "independence"] == [
        [f"{COMMANDS}.*"],
        [f"{KINDS}.*"],
    ]


@pytest.mark.parametrize("sdk", sorted(DOORS))
def test_each_sdk_has_one_door_and_its_contract_names_all_others(sdk: str) -> None:
    """A package that nobody thought of must not be the second one that knows an SDK."""
    (contract,) = [one for one in contracts() if one["type"] == "forbidden" and sdk in one["forbidden_modules"]]
    named = contract["source_modules"]
    above = {door.rsplit(".", depth)[0] for door in DOORS[sdk] for depth in range(1, door.count(".") + 1)}
    free = [name for name in modules() - above if not is_below(name, named) and not is_below(name, DOORS[sdk])]
    assert free == []
    assert not [name for name in named if is_below(name, DOORS[sdk])]


def test_a_file_without_a_floor_breaks_the_contracts(tmp_path: Path) -> None:
    """Added anywhere, it is refused with its name."""
    for room in PRODUCT:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    places = (
        *("pushboat", "pushboat/model", "pushboat/store", "pushboat/forges/gitlab", "pushboat/reading", "webhook"),
        *("dashboard", "workers", "workers/cluster/waiting", "workers/running", "cli", "cli/doctor", "cli/lab/demo"),
    )
    for number, place in enumerate(places):
        (tmp_path / place / f"floorless_{number}.py").write_text('"""A file that nobody gave a floor."""\n')
    done = subprocess.run(
        [ROOT / ".venv/bin/lint-imports", "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    for number in range(len(places)):
        assert f"floorless_{number}" in done.stdout, done.stdout[-3000:]
