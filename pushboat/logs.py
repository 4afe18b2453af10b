"""What our processes log: PUSHBOAT_LOG says from which level on, PUSHBOAT_LOG_FORMAT=json makes each line an object.

At INFO there is one line for each delivery, deployment and letter, with its ids and the time. Every line that is
written while one of them is in hand has its ids too, whoever writes it: see `about`. What other people wrote is
escaped, so that nobody writes lines of the log. Libraries that warn at each request are heard once.
"""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import ParamSpec, TypeVar

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
WARNING_AT_EACH_REQUEST = ("urllib3", "requests", "kubernetes", "github", "gitlab", "py.warnings")
"""Loggers of clients; what they have to say about one request is said in our own words where it matters."""

OURS = ("pushboat", "webhook", "dashboard", "workers", "cli", "__main__")
"""Loggers that speak below WARNING when they are asked to. Libraries do not, for what they say then are addresses,
headers and bodies, in which secrets stand."""

Id = str | int | float | None
P = ParamSpec("P")
R = TypeVar("R")

_IDS = "pushboat_ids"
_IN_HAND: ContextVar[Mapping[str, Id]] = ContextVar("in_hand", default=MappingProxyType({}))
_NARROWEST_FIRST = ("letter", "question", "deployment", "delivery")


def set_up(environ: Mapping[str, str] = os.environ) -> None:
    """Prepare this process' logging, once, at its start."""
    wanted = environ.get("PUSHBOAT_LOG", "").upper()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if environ.get("PUSHBOAT_LOG_FORMAT", "") == "json" else _Text())
    handler.addFilter(_Once())
    level = wanted if wanted in LEVELS else "WARNING"
    logging.basicConfig(level=level if level == "ERROR" else "WARNING", handlers=[handler], force=True)
    if wanted and wanted not in LEVELS:
        logging.getLogger(__name__).warning("PUSHBOAT_LOG is one of %s", ", ".join(LEVELS))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(capture=True)


def write_alike(logger: logging.Logger, environ: Mapping[str, str] = os.environ) -> None:
    """Have a library's logger that writes by itself write objects too, where programs read the log."""
    for handler in logger.handlers if environ.get("PUSHBOAT_LOG_FORMAT", "") == "json" else ():
        handler.setFormatter(_Json())


@contextmanager
def about(**ids: Id) -> Iterator[None]:
    """Give these ids to every line that this thread writes in the block, ours and those of libraries.

    Blocks stand in each other, and the inner one adds to the outer one; after the block nothing of it is left on the
    thread. Other threads have them by `entrusted`.
    """
    before = _IN_HAND.set({**_IN_HAND.get(), **ids})
    try:
        yield
    finally:
        _IN_HAND.reset(before)


def begin(**ids: Id) -> None:
    """Give this thread something new in hand, or nothing, whatever it had before; for who cannot use a block."""
    _IN_HAND.set(ids)


def learn(**ids: Id) -> None:
    """Add ids that are known only now to the block that this thread is in; outside of one, nothing is learnt."""
    if known := _IN_HAND.get():
        _IN_HAND.set({**known, **ids})


def in_hand() -> Mapping[str, Id]:
    """Give the ids of what this thread works on."""
    return _IN_HAND.get()


def entrusted(act: Callable[P, R]) -> Callable[P, R]:
    """Give the same act for another thread, where it is about what this thread has in hand now, and nothing else."""
    ids = _IN_HAND.get()

    def act_about(*args: P.args, **kwargs: P.kwargs) -> R:
        before = _IN_HAND.set(ids)
        try:
            return act(*args, **kwargs)
        finally:
            _IN_HAND.reset(before)

    return act_about


class EntrustingPool(ThreadPoolExecutor):
    """A pool of threads; what one of them does is about what the giver of the work had in hand."""

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Have something done by another thread."""
        return super().submit(entrusted(fn), *args, **kwargs)


def tell(logger: logging.Logger, sentence: str, **ids: Id) -> None:
    """Log that something happened: a sentence for people, and its ids and times for programs."""
    logger.info("%s", sentence, extra={_IDS: ids})


class _Once(logging.Filter):
    """Lets what a client library warns about through once, however many requests it is about."""

    def __init__(self) -> None:
        super().__init__()
        self._told: set[tuple[str, str]] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.split(".")[0] not in WARNING_AT_EACH_REQUEST and record.name not in WARNING_AT_EACH_REQUEST:
            return True
        kind = (record.name, record.getMessage() if record.name == "py.warnings" else str(record.msg))
        if kind in self._told:
            return False
        self._told.add(kind)
        return True


class _Text(logging.Formatter):
    """A line for people: time, level, who, what, and of which thing where the words themselves do not say it."""

    def format(self, record: logging.LogRecord) -> str:
        said = _inert(record.getMessage())
        line = f"{_moment(record)} {record.levelname} {record.name}: {said}{_of_what(said)}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class _Json(logging.Formatter):
    """A line for programs: one object."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **{name: each for name, each in _IN_HAND.get().items() if each is not None},
            **getattr(record, _IDS, {}),
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=True)


def _of_what(said: str) -> str:
    """Name the narrowest thing in hand, unless the words do: ` (deployment 7)`."""
    ids = _IN_HAND.get()
    name = next((f"{each} {ids[each]}" for each in _NARROWEST_FIRST if ids.get(each) is not None), "")
    return f" ({name})" if name and name not in said else ""


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _inert(text: str) -> str:
    """Escape what would steer a terminal; line ends of our own traces stay, indented so that none looks like a line."""
    return "".join(
        "\n    " if c == "\n" else c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )
