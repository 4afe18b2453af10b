"""What gunicorn calls in each of the front door's processes: read the operator's file, open the store, wire the app."""

import os
from pathlib import Path

from pushboat import logs
from pushboat.collecting import set_loaded_aside
from pushboat.config.following import DOORS, Following
from pushboat.queue import bell
from pushboat.store.calling import Calls
from pushboat.store.database.engine import Store, open_store
from pushboat.tracing import wanted
from webhook.app import create_app
from webhook.replacing import Replacing


def create() -> Replacing:
    """Build the app from the operator's file.

    Raises:
        ConfigurationError: the operator's file has mistakes.
    """
    following, store = opened()
    state, calls = following.now().state, Calls(store)

    def ring() -> None:
        bell.ring(state)
        calls.call()

    return Replacing(following, lambda operator: create_app(operator, store, ring, following.standing))


def opened() -> tuple[Following, Store]:
    """Follow the file that PUSHBOAT_CONFIG names (else ./pushboat.yaml), and open its store.

    Raises:
        ConfigurationError: the operator's file has mistakes.
    """
    set_loaded_aside()
    logs.set_up()
    following = Following(Path(os.environ.get("PUSHBOAT_CONFIG", "pushboat.yaml")), os.environ, DOORS)
    following.begin()
    operator = following.now()
    return following, open_store(
        operator.store, operator.state, notices=bool(operator.receivers), traces=wanted(os.environ).on
    )
