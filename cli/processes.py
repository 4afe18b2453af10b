"""The six processes of Pushboat, each as the command that is it: for `serve`, and one by one for the Procfile.

`pushboat worker` replaces itself by the worker, so that whoever runs it signals the real process.
"""

import os
import sys
from contextlib import closing, suppress
from pathlib import Path

import click

from cli import configuration, output
from pushboat.config.operator import Operator
from pushboat.errors import StoreUnavailable
from pushboat.queue.embedded import server_command
from pushboat.store.database.engine import open_store
from pushboat.store.database.moving import refuse_moved
from pushboat.store.database.side_by_side import NEWER, Fit, refuse_unfit
from pushboat.store.database.soundness import refuse_damaged

DOORS = ("web", "dashboard")
ENGINE_ROOM = ("dispatcher", "worker", "reporter")
MODULES = {
    "web": ["webhook.server"],
    "dashboard": ["dashboard.server"],
    "dispatcher": ["workers.dispatcher"],
    "worker": ["workers.app", "worker"],
    "reporter": ["workers.app", "reporter"],
}
"""By their names and not asked of the modules themselves: whoever only starts one of them needs no other."""

LOADED = sorted({words[0] for words in MODULES.values()})
"""What `serve` loads for all of them at once."""


def command(name: str, operator: Operator) -> list[str]:
    """Give the argv of one process; it also needs `environment`."""
    if name == "broker":
        return server_command(operator.state)
    return [sys.executable, "-m", *MODULES[name]]


def environment(config: Path) -> dict[str, str]:
    """Give the environment of every process: ours, unbuffered so that last words get out, and where the file is."""
    return {**os.environ, "PYTHONUNBUFFERED": "1", "PUSHBOAT_CONFIG": str(config)}


def _become(name: str) -> click.Command:
    @click.pass_context
    def become(ctx: click.Context) -> None:
        operator = configuration.load(ctx)
        if name != "broker":
            _refuse_unusable_store(operator)
        argv = command(name, operator)
        os.execvpe(argv[0], argv, environment(configuration.path(ctx)))  # noqa: S606  # no shell: that is the point

    return click.Command(name, callback=become, help=f"Run only the {name}; see the Procfile.", hidden=True)


def _refuse_unusable_store(operator: Operator) -> None:
    """Look before the process begins; those of `serve` begin without, since it has looked itself."""
    with closing(open_store(operator.store, operator.state)) as store:
        refuse_damaged(store)
        with suppress(StoreUnavailable):  # which may come up after us
            refuse_moved(store)
            if refuse_unfit(store) is Fit.NEWER:
                output.say(NEWER, glyph="!")


broker, web, dashboard, dispatcher, worker, reporter = (_become(name) for name in ("broker", *DOORS, *ENGINE_ROOM))
