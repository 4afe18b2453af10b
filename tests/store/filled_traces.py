"""What a filled store knows of traces: one batch was taken, some were left out, and now the collector is away."""

from pushboat.store import traces
from pushboat.store.database.engine import Store
from pushboat.store.traces import Place


def leave_traces(store: Store) -> None:
    """Leave the row behind, in somebody's hands."""
    traces.begin(store, "an installation")
    places = {what: Place(1.0, 1) for what in ("delivery", "deployment", "letter")}
    for trouble in ("", "the collector of traces takes nothing"):
        assert traces.claim(store, "dispatcher")
        traces.told(store, "dispatcher", places, trouble=trouble, left_out=1)
    assert traces.claim(store, "dispatcher")
