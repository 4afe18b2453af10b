"""What gunicorn calls in each of its processes: read the operator's file, open the store, wire the app."""

import os
from functools import partial
from pathlib import Path

from flask import Flask

from pushboat import logs
from pushboat.collecting import set_loaded_aside
from pushboat.config import operator as operator_file
from pushboat.queue import bell
from pushboat.store.database.engine import open_store
from webhook.app import create_app


def create() -> Flask:
    """Build the app from the file that PUSHBOAT_CONFIG names (else ./pushboat.yaml).

    Raises:
        ConfigurationError: the operator's file has mistakes.
    """
    set_loaded_aside()
    logs.set_up()
    operator = operator_file.load(Path(os.environ.get("PUSHBOAT_CONFIG", "pushboat.yaml")), os.environ)
    store = open_store(operator.store, operator.state)
    return create_app(operator, store, partial(bell.ring, operator.state))
