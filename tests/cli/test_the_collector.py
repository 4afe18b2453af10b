"""Python's garbage collector keeps away from what a program loads, and from nothing else."""

import gc
import importlib

import pytest

from pushboat.collecting import loading


def test_what_was_loaded_is_set_aside_and_the_collector_goes_on() -> None:
    """A process that lives for months still gives back what it no longer needs, also where loading went wrong."""
    gc.unfreeze()
    try:
        with pytest.raises(ModuleNotFoundError), loading():
            importlib.import_module("pushboat.not_there")
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
