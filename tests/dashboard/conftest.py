"""The show room on a port of its own, beside those that run in processes."""

from tests.pages.conftest import front_door, ledger

__all__ = ["front_door", "ledger"]
