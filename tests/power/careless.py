"""`python -m tests.power.careless NORMAL MODULE …`: run a module whose SQLite connections sync less than they must.

It changes nothing of Pushboat: SQLAlchemy tells whoever asks when a connection is given out, and there this sets
`PRAGMA synchronous`. The proof has to notice it.
"""

import runpy
import sys
from typing import Any

import sqlalchemy as sa


def main() -> None:
    """Listen to every pool, then become the module."""
    level, module = sys.argv[1:3]

    def careless(connection: Any, _record: object, _proxy: object) -> None:
        connection.execute(f"PRAGMA synchronous={level}")

    sa.event.listen(sa.pool.Pool, "checkout", careless)
    sys.argv = [module, *sys.argv[3:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
