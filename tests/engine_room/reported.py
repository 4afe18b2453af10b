"""What the reporter would post now."""

from pushboat.store import outbox
from workers.reporting import Seats, report
from workers.tools import Tools


def report_all(tools: Tools) -> None:
    """Follow the hints that the dispatcher would give now."""
    for forge in outbox.due_forges(tools.store):
        report(tools, Seats(), forge)
