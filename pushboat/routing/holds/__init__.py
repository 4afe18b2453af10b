"""Why something may not start yet: kinds of hold, the decision, and the words. A new kind is one file of `kinds/`."""

from pushboat.routing.holds.kind import HoldKind
from pushboat.routing.holds.locking import LOCK, is_in_line, lined_up, locks, moving_up, with_line
from pushboat.routing.holds.pinning import PIN, PINS, UNMERGED, pins, unmerged
from pushboat.routing.holds.saying import all_told, ends_by, in_order, in_words, sentence, told, who_ends
from pushboat.routing.holds.starting import FREE_WORKER, Place, Waits, lags, may_start, outlasts, stays_behind, waits
from pushboat.routing.holds.table import KINDS
from pushboat.routing.holds.wanting import with_holds

__all__ = [
    "FREE_WORKER",
    "KINDS",
    "LOCK",
    "PIN",
    "PINS",
    "UNMERGED",
    "HoldKind",
    "Place",
    "Waits",
    "all_told",
    "ends_by",
    "in_order",
    "in_words",
    "is_in_line",
    "lags",
    "lined_up",
    "locks",
    "may_start",
    "moving_up",
    "outlasts",
    "pins",
    "sentence",
    "stays_behind",
    "told",
    "unmerged",
    "waits",
    "who_ends",
    "with_holds",
    "with_line",
]
