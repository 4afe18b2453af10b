"""How the web process is started: `python -m webhook.server` is gunicorn, for `serve` and the Procfile alike.

One process on SQLite: several that write starve each other (p99 0.2 to 0.7 s, measured), threads of one do not.
"""

import os
import sys
from pathlib import Path

from gunicorn.app.wsgiapp import run

from pushboat.config import operator as operator_file
from pushboat.config.operator import Operator
from pushboat.inherited import LISTEN_FD

THREADS = 16


def command(config_path: Path, operator: Operator, listener: str = "") -> list[str]:
    """Give the argv of the web server; the operator's secrets are not in it, only the file's path.

    `listener` is the number of an open file that listens already.
    """
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "python:webhook.gunicorn_settings",
        "--env",
        f"PUSHBOAT_CONFIG={config_path.resolve()}",
        "--bind",
        f"fd://{listener}" if listener else f"{_bracketed(operator.host)}:{operator.port}",
        "--workers",
        "2" if operator.store.startswith("postgres") else "1",
        "--threads",
        str(THREADS),
        "webhook.wsgi:create()",
    ]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def main() -> None:
    """Be the web server of the operator's file that PUSHBOAT_CONFIG names."""
    config = Path(os.environ["PUSHBOAT_CONFIG"])
    _python, _module, *words = command(config, operator_file.load(config, os.environ), os.environ.pop(LISTEN_FD, ""))
    sys.argv = words  # in this process, which has loaded half of what the web needs
    run()


if __name__ == "__main__":
    main()
