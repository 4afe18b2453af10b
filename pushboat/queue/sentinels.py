"""A broker that sentinels look after: they say which of several servers is the one, and another one when that dies.

Its address is `sentinel://:PASSWORD@HOST:PORT;sentinel://HOST:PORT/DATABASE?master_name=NAME`, as Celery writes it, and
at its end the name that the sentinels have for the server. The password is the servers'.
"""

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from redis.client import Redis
from redis.sentinel import Sentinel

SCHEME, NAME, USUAL_PORT = "sentinel://", "master_name", 26379


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentinels:
    """Who is asked, for which server, and how that one lets us in."""

    hosts: tuple[tuple[str, int], ...]
    master: str
    username: str | None = None
    password: str | None = None
    database: int = 0

    def client(self, timeout: float) -> Redis:
        """Ask who the server is, and give a client of it; each answer may take `timeout` seconds."""
        patience = {"socket_timeout": timeout, "socket_connect_timeout": timeout}
        asked = Sentinel(list(self.hosts), sentinel_kwargs=patience)  # type: ignore[no-untyped-call]
        entry = {"username": self.username, "password": self.password, "db": self.database}
        return asked.master_for(self.master, **entry, **patience)  # type: ignore[no-any-return, no-untyped-call]


def sentinels(address: str) -> Sentinels | None:
    """Read an address; None where it is none of sentinels, or does not name the server."""
    whole, _, query = address.partition("?")
    master = parse_qs(query).get(NAME, [""])[0]
    if not address.startswith(SCHEME) or not master:
        return None
    read = [urlsplit(each) for each in whole.split(";")]
    entry = next((each for each in read if each.password), read[0])
    return Sentinels(
        hosts=tuple((each.hostname or "", each.port or USUAL_PORT) for each in read),
        master=master,
        username=unquote(entry.username) if entry.username else None,
        password=unquote(entry.password) if entry.password else None,
        database=_database(read[-1]),
    )


def _database(last: SplitResult) -> int:
    number = last.path.strip("/")
    return int(number) if number.isdecimal() else 0
