"""How the dashboard's process is started: `python -m dashboard.server` is gunicorn, for `serve` and the Procfile alike.

Where the operator gives it no address, it takes connections from the web process, one request on each: the next one on
it may be a delivery, which is not for this process.
"""

from pathlib import Path

from pushboat.config.operator import Operator
from pushboat.queue.sockets import make_room
from webhook.front.passing import place
from webhook.server import address, be, gunicorn

APP = "dashboard.wsgi:create()"
TAKING = ("--worker-class", "webhook.front.taking.TakingWorker", "--keep-alive", "0", "--umask", "0o177")


def command(config_path: Path, operator: Operator, listener: str = "") -> list[str]:
    """Give the argv of the dashboard's server.

    `listener` is the number of an open file that listens already.

    Raises:
        PermissionError: the folder of the socket is somebody else's.
    """
    if operator.dashboard:
        bind = f"fd://{listener}" if listener else address(*operator.dashboard)
        return gunicorn(APP, config_path, "--bind", bind)
    socket = place(operator.state.absolute())
    make_room(socket)
    return gunicorn(APP, config_path, "--bind", f"unix:{socket}", *TAKING)


def main() -> None:
    """Be the dashboard's server."""
    be(command)


if __name__ == "__main__":
    main()
