"""Dumps a filled store as SQL, so that every later version upgrades it in test_old_stores_are_upgraded.py.

`python -m tests.store.dumped` writes `tests/data/store/<revision>.sqlite.sql`, `.postgres.sql` and `.json` (what its
readers must still find) for the newest migration. Run it once per release, when its migrations are final, and commit
the three files: only schemas that somebody may have installed are kept.
"""

import json
import re
import sqlite3
import subprocess
import tempfile
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store
from pushboat.store.database.schema import outbox as letters
from tests.store import postgres
from tests.store.filled import Clocked, fill
from tests.store.filled_readings import due, readings

FOLDER = Path(__file__).parents[1] / "data" / "store"


def _filled(url: str, folder: Path) -> Store:
    plain = open_store(url, folder)
    migrations.upgrade(plain)
    store = Clocked(plain)
    fill(store)
    with store.writing() as tx:
        for row in tx.rows(sa.select(letters.c.id, letters.c.payload).where(letters.c.kind == "reply")):
            payload = json.dumps({**json.loads(row["payload"]), "marker": f"pushboat:{row['id']}"})  # random otherwise
            tx.change(sa.update(letters).where(letters.c.id == row["id"]).values(payload=payload))
    return store


def _dump_sqlite(folder: Path) -> tuple[str, dict[str, Any]]:
    store = _filled("", folder)
    found = readings(store)
    with sqlite3.connect(folder / "pushboat.sqlite3") as connection:
        text = "\n".join(connection.iterdump()) + "\n"
    connection.close()
    found["next"] = due(store)
    store.close()
    return text, found


def _dump_postgres(server: postgres.Server) -> tuple[str, dict[str, Any]]:
    url = server.fresh()
    store = _filled(url, Path())
    found = readings(store)
    name = url.partition("?")[0].rpartition("/")[2]
    command = [server.programs / "pg_dump", "-h", server.folder, "-U", "postgres", "--column-inserts", "--no-owner"]
    dumped = subprocess.run([*command, name], check=True, capture_output=True, text=True).stdout
    found["next"] = due(store)
    store.close()
    return _tidied(dumped), found


def _tidied(dumped: str) -> str:
    """Leave out what differs between two dumps or two servers: comments, settings, psql's own lines, rows' order."""
    noise = re.compile(r"--|\\|SET |SELECT pg_catalog.set_config|$")
    lines = [line for line in dumped.splitlines() if not noise.match(line)]
    tidied: list[str] = []
    for is_row, group in groupby(lines, lambda line: line.startswith("INSERT INTO")):
        block = list(group)
        tidied += sorted(block, key=_first_number) if is_row else block
    return "\n".join(tidied) + "\n"


def _first_number(line: str) -> tuple[str, int]:
    table, _, values = line.partition(" VALUES (")
    number = values.partition(",")[0]
    return table, int(number) if number.isdigit() else 0


def main() -> None:
    """Write the three files of the newest migration."""
    revision = migrations.newest()
    with tempfile.TemporaryDirectory() as folder, postgres.server() as server:
        sqlite_text, found = _dump_sqlite(Path(folder))
        postgres_text, also_found = _dump_postgres(server)
    assert found == also_found, "the two stores do not agree"
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"v{revision}.sqlite.sql").write_text(sqlite_text)
    (FOLDER / f"v{revision}.postgres.sql").write_text(postgres_text)
    (FOLDER / f"v{revision}.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
