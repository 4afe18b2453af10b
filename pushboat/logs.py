"""What our processes log: PUSHBOAT_LOG says from which level on, PUSHBOAT_LOG_FORMAT=json makes each line an object.

At INFO there is one line for each delivery, deployment and letter, with its ids and the time. What other people wrote
is escaped, so that nobody writes lines of the log. Libraries that warn at each request are heard once.
"""

import json
import logging
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
WARNING_AT_EACH_REQUEST = ("urllib3", "requests", "kubernetes", "github", "gitlab", "py.warnings")
"""Loggers of clients; what they have to say about one request is said in our own words where it matters."""

_IDS = "pushboat_ids"


def set_up(environ: Mapping[str, str] = os.environ) -> None:
    """Prepare this process' logging, once, at its start."""
    wanted = environ.get("PUSHBOAT_LOG", "").upper()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if environ.get("PUSHBOAT_LOG_FORMAT", "") == "json" else _Text())
    handler.addFilter(_Once())
    logging.basicConfig(level=wanted if wanted in LEVELS else "WARNING", handlers=[handler], force=True)
    if wanted and wanted not in LEVELS:
        logging.getLogger(__name__).warning("PUSHBOAT_LOG is one of %s", ", ".join(LEVELS))
    logging.captureWarnings(capture=True)


def tell(logger: logging.Logger, sentence: str, **ids: str | float | None) -> None:
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
    """A line for people: time, level, who, what."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{_moment(record)} {record.levelname} {record.name}: {_inert(record.getMessage())}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class _Json(logging.Formatter):
    """A line for programs: one object."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, _IDS, {}),
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=True)


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _inert(text: str) -> str:
    """Escape what would steer a terminal; line ends of our own traces stay, indented so that none looks like a line."""
    return "".join(
        "\n    " if c == "\n" else c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )
