"""How the web process is started: `python -m webhook.server` is gunicorn, for `serve` and the Procfile alike.

One process on SQLite: several that write starve each other (p99 0.2 to 0.7 s, measured), threads of one do not.
"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from gunicorn.app.wsgiapp import run

from pushboat.config import operator as operator_file
from pushboat.config.operator import Operator
from pushboat.inherited import LISTEN_FD

THREADS = 16


def command(config_path: Path, operator: Operator, listener: str = "") -> list[str]:
    """Give the argv of the web server.

    `listener` is the number of an open file that listens already.
    """
    bind = f"fd://{listener}" if listener else address(operator.host, operator.port)
    processes = 2 if operator.store.startswith("postgres") else 1
    return gunicorn("webhook.wsgi:create()", config_path, "--bind", bind, "--workers", str(processes))


def gunicorn(app: str, config_path: Path, *words: str) -> list[str]:
    """Give the argv of a web server of ours; the operator's secrets are not in it, only the file's path."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:webhook.gunicorn_settings",
        "--env",
        f"PUSHBOAT_CONFIG={config_path.resolve()}",
        "--threads",
        str(THREADS),
        *words,
        app,
    ]


def address(host: str, port: int) -> str:
    """Write where to listen, as gunicorn has it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def be(server: Callable[[Path, Operator, str], Sequence[str]]) -> None:
    """Be the server of the operator's file that PUSHBOAT_CONFIG names."""
    config = Path(os.environ["PUSHBOAT_CONFIG"])
    _python, _module, *words = server(config, operator_file.load(config, os.environ), os.environ.pop(LISTEN_FD, ""))
    sys.argv = words  # in this process, which has loaded half of what the server needs
    run()


def main() -> None:
    """Be the web server."""
    be(command)


if __name__ == "__main__":
    main()
