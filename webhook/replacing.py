"""The app that gunicorn serves: the one of the operator's file that counts now, made anew once for each file.

Requests in hand are answered by the app that they came to; so no answer is half of one file and half of another.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Flask

from pushboat.config.following import Following
from pushboat.config.operator import Operator

log = logging.getLogger(__name__)


class Replacing:
    """A WSGI app that is replaced by another one where the file is."""

    def __init__(self, following: Following, make: Callable[[Operator], Flask]) -> None:
        self._following, self._make = following, make
        self._lock = threading.Lock()
        self._operator = following.now()
        self._app = make(self._operator)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        return self._present()(environ, start_response)

    @property
    def extensions(self) -> Mapping[str, Any]:
        """Give what the app of now was furnished with; the front reads its limits there."""
        return self._present().extensions

    def hurry(self) -> None:
        """Look at the file now."""
        self._following.hurry()

    def _present(self) -> Flask:
        operator = self._following.now()
        if operator is not self._operator and self._lock.acquire(blocking=False):
            try:
                self._app = self._make(operator)
            except Exception:  # the last door: whoever delivers meanwhile is answered by the app that there is
                log.exception("no app could be made of the newest operator's file; the one before goes on")
            finally:
                self._operator = operator
                self._lock.release()
        return self._app
