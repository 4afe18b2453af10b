"""Whether a collector takes the traces that are sent; who asks for none hears nothing of them."""

import os
from collections.abc import Iterator

from cli.configuration import NotSetUp
from cli.opening import opened_store
from pushboat.config.operator import Operator
from pushboat.errors import StoreUnavailable
from pushboat.store import traces
from pushboat.tracing import wanted
from workers.checks.words import Line, failed, passed, warned

ROW = "traces"
FIX = "look whether the dispatcher reaches OTEL_EXPORTER_OTLP_ENDPOINT, and what OTEL_EXPORTER_OTLP_HEADERS says"


def check_traces(operator: Operator) -> Iterator[Line]:
    """Say how far they were told, where this environment asks for them as the dispatcher's does."""
    told = wanted(os.environ)
    if told.why_not:
        sentence, _, fix = told.why_not.partition(": ")
        yield failed(ROW, sentence, fix)
    if not told.on:
        return
    try:
        with opened_store(operator) as store:
            standing, now = traces.standing(store), store.now()
    except (StoreUnavailable, NotSetUp):
        return
    if standing is None:
        yield warned(ROW, "none was ever sent", "start the dispatcher with the variables that this shell has")
    elif standing.trouble:
        yield failed(ROW, standing.trouble, FIX)
    elif standing.sent_at:
        yield passed(ROW, f"the collector took the last ones {now - standing.sent_at:.0f} s ago")
    else:
        yield passed(ROW, "nothing has ended since they were asked for")
