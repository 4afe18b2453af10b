"""The tools of somebody who looks from a terminal: no deployment is claimed with them, and no lease is held."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pushboat.config.operator import Operator
from pushboat.own_key import known_key
from pushboat.store.database.engine import Store
from workers.naming import client_that_keeps_nothing
from workers.running.leases import Leases
from workers.running.progress_lines import ProgressLines
from workers.running.slots import Slots
from workers.tools import Clients, Clusters, Tools


@contextmanager
def onlooking(operator: Operator, store: Store, scratch: Path) -> Iterator[Tools]:
    """Hold them as long as a command looks; what it makes on its way goes below `scratch`."""
    clusters = Clusters(operator, scratch)
    try:
        yield Tools(
            operator=operator,
            store=store,
            leases=Leases(lambda _turns: ()),
            slots=Slots(1),
            owner="",
            ring=lambda: None,
            clients=Clients(operator, partial(client_that_keeps_nothing, operator, store)).of,
            clusters=clusters,
            scratch=scratch,
            stopping=threading.Event(),
            lines=ProgressLines(lambda _said: None),
            encryption_key=known_key(operator),
        )
    finally:
        clusters.close()
