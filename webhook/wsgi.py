"""What gunicorn calls in each of the front door's processes: read the operator's file, open the store, wire the app."""

import os
from functools import partial
from pathlib import Path

from flask import Flask

from pushboat import logs
from pushboat.collecting import set_loaded_aside
from pushboat.config import operator as operator_file
from pushboat.config.operator import Operator
from pushboat.queue import bell
from pushboat.store.database.engine import Store, open_store
from webhook.app import create_app


def create() -> Flask:
    """Build the app from the operator's file.

    Raises:
        ConfigurationError: the operator's file has mistakes.
    """
    operator, store = opened()
    return create_app(operator, store, partial(bell.ring, operator.state))


def opened() -> tuple[Operator, Store]:
    """Read the file that PUSHBOAT_CONFIG names (else ./pushboat.yaml), and open its store.

    Raises:
        ConfigurationError: the operator's file has mistakes.
    """
    set_loaded_aside()
    logs.set_up()
    operator = operator_file.load(Path(os.environ.get("PUSHBOAT_CONFIG", "pushboat.yaml")), os.environ)
    return operator, open_store(operator.store, operator.state, notices=bool(operator.receivers))
