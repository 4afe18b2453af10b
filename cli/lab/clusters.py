"""A control plane that somebody keeps in a folder: whether it runs, whether it answers, and how to end it.

It runs as long as its program holds the lock on the folder; who started it for a terminal leaves its number in there.
"""

import base64
import binascii
import fcntl
import os
import signal
import ssl
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import yaml

from workers.cluster.client.certificates import as_kubectl

SECONDS_TO_ANSWER = 3.0
SECONDS_TO_END = 30.0
LOOK_EVERY = 0.05
STATE = "XDG_STATE_HOME"


class NotOurs(RuntimeError):
    """What runs there was not started by `pushboat devcluster up`, so that ending it is its starter's."""


def usual_folder() -> Path:
    """Give the folder of a control plane where nobody names one."""
    home = os.environ.get(STATE) or Path.home() / ".local" / "state"
    return Path(home) / "pushboat" / "devcluster"


def runs(folder: Path) -> bool:
    """Say whether a control plane has this folder for itself."""
    try:
        asking = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        fcntl.flock(asking, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(asking)
    return False


def answers(folder: Path) -> bool:
    """Ask its API server whether it is ready, as its administrator."""
    try:
        read = yaml.safe_load((folder / "kubeconfig").read_text())
        cluster, token = read["clusters"][0]["cluster"], read["users"][0]["user"]["token"]
        trusted = base64.b64decode(cluster["certificate-authority-data"]).decode()
        context = as_kubectl(ssl.create_default_context(cadata=trusted))
        asked = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        asked.addheaders = [("Authorization", f"Bearer {token}")]
        with asked.open(f"{cluster['server']}/readyz", timeout=SECONDS_TO_ANSWER) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError, yaml.YAMLError, binascii.Error, LookupError, TypeError, ValueError):
        return False


def sign(folder: Path) -> None:
    """Leave our number beside what runs; it goes with that."""
    _number(folder).write_text(f"{os.getpid()}\n")


def end(folder: Path) -> bool:
    """End what runs there and wait until it is gone; False where it is not gone in time.

    Raises:
        NotOurs: nobody signed it.
    """
    try:
        number = int(_number(folder).read_text())
    except (OSError, ValueError):
        raise NotOurs from None
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_END
    while runs(folder):
        if time.monotonic() >= deadline:
            return False
        time.sleep(LOOK_EVERY)
    return True


def _number(folder: Path) -> Path:
    return folder / "run" / "started-by"
