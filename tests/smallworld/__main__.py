"""`python -m tests.smallworld`: looks at all small worlds within some bounds, and tells what it finds.

`--unchecked` has the cluster compare no versions, `--let-in` has take-overs shut nobody out: both end in the shortest
story that breaks a promise.
"""

import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path

from pushboat.store.database import migrations
from pushboat.store.database.engine import open_store
from tests.smallworld.exploring import explore
from tests.smallworld.stored import Stored
from tests.smallworld.world import Bounds, Game


def main() -> int:
    """Explore, and give the exit code: 1 where a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.smallworld", description=__doc__)
    parser.add_argument("--commits", type=int, default=3)
    parser.add_argument("--ticks", type=int, default=2, help="of 8 seconds; a lease lasts for 15")
    parser.add_argument("--crashes", type=int, default=1)
    parser.add_argument("--unchecked", action="store_true")
    parser.add_argument("--let-in", action="store_true")
    asked = parser.parse_args()
    logging.disable()
    bounds = Bounds(asked.commits, asked.ticks, asked.crashes, checked=not asked.unchecked, shut_out=not asked.let_in)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store("", Path(folder))
        migrations.upgrade(store)
        store.close()
        game = Game(Stored(Path(folder) / "pushboat.sqlite3"), bounds)
    began = time.monotonic()
    found = explore(game)
    print(
        f"{len(found.worlds)} worlds, {found.steps} steps between them, {len(found.ends)} ends; {game.stored.contents} "
        f"contents of the store, {game.stored.taken} transactions; {time.monotonic() - began:.0f} s"
    )
    for number, sentence in enumerate(found.story, 1):
        print(f"{number:3}. {sentence}")
    print(f"broken: {found.broken}" if found.broken else "every promise is kept")
    return 1 if found.broken else 0


if __name__ == "__main__":
    sys.exit(main())
