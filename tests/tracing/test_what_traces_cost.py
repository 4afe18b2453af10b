"""Looking for what has ended costs three steps in three indexes, however much has ended before."""

from pathlib import Path

import sqlalchemy as sa

from pushboat.store import untold
from tests.fresh_store import fresh_store


def test_looking_for_what_ended_reads_nothing_else(tmp_path: Path) -> None:
    """A store with a million deliveries is looked through once a second, and nobody notices."""
    store = fresh_store(tmp_path)
    for statement, index in (
        (untold._DELIVERIES, "delivery_routed (routed_at>? AND routed_at<?)"),
        (untold._DEPLOYMENTS, "deployment_ended (finished_at>? AND finished_at<?)"),
        (untold._LETTERS, "outbox_posted (sent_at>? AND sent_at<?)"),
    ):
        with store.reading() as tx:
            plan = tx.rows(sa.text(f"EXPLAIN QUERY PLAN {statement.text}"), at=0.0, id=0, until=1.0, few=1)
        assert index in plan[0]["detail"]
    store.close()
