"""Every failure's answer: problem details below `/api` (RFC 9457), JSON for other machines (`/webhooks`, health),
a page for people, and never a traceback.

What nobody foresaw is logged by its type and place only: an exception's text may quote a body or a secret.
"""

import logging
import traceback
from http import HTTPStatus

from flask import Flask, Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from pushboat.errors import StoreUnavailable
from pushboat.model import wording

PAGE = "failure_page"
"""The extension of an app that shows pages: makes one of a code and a sentence."""

NOTHING = "nothing_here"
"""The extension that says what stands elsewhere."""

MACHINES = ("/webhooks", "/healthz", "/readyz", "/metrics")
API = "/api"

log = logging.getLogger(__name__)


class BadParameter(Exception):
    """A query parameter, which is named, cannot be used; the sentence says why."""

    code = HTTPStatus.BAD_REQUEST

    def __init__(self, sentence: str, parameter: str) -> None:
        super().__init__(sentence)
        self.parameter = parameter


class NotJson(BadParameter):
    """The body is said to be something else than the JSON that is read there."""

    code = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


def install(app: Flask, nothing: str = "") -> None:
    """Teach the app how to fail; `nothing` says what else is where nothing is."""
    app.extensions[NOTHING] = nothing
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(BadParameter, _parameter)
    app.register_error_handler(StoreUnavailable, _store)
    app.register_error_handler(Exception, _unforeseen)


def not_found(sentence: str) -> Response:
    """Answer 404 with a sentence, in the asker's format."""
    return answer(404, sentence)


def answer(code: int, sentence: str, parameter: str = "") -> Response:
    """Answer a failure in the format that the path's readers understand; `parameter` is the one that is at fault."""
    if request.path == API or request.path.startswith(f"{API}/"):
        return _problem(code, sentence, parameter)
    page = current_app.extensions.get(PAGE)
    if page is None or request.path.startswith(MACHINES):
        response = jsonify(error=sentence)
    else:
        response = page(code, sentence)
    response.status_code = code
    return response


def _problem(code: int, sentence: str, parameter: str) -> Response:
    """Describe a problem; `error` repeats the sentence for scripts that know the other machines' answers."""
    kind = {"type": "about:blank", "title": HTTPStatus(code).phrase, "status": code}
    culprit = {"parameter": parameter} if parameter else {}
    response = jsonify(**kind, detail=sentence, error=sentence, **culprit)
    response.status_code, response.mimetype = code, "application/problem+json"
    return response


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    if code == 405 and request.path.startswith("/webhooks"):
        sentence = "this address takes a forge's deliveries by POST; there is nothing to see by other methods"
    else:
        sentence = _SENTENCES.get(code, f"{error.name.lower()}")
        if code == 404 and (elsewhere := current_app.extensions[NOTHING]):
            sentence = f"{sentence}: {elsewhere}"
    response = answer(code, sentence)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _parameter(error: BadParameter) -> Response:
    return answer(error.code, str(error), error.parameter)


def _store(error: StoreUnavailable) -> Response:
    log.warning("%s %s: %s", request.method, wording.printable(request.path, 200), error.summary)
    response = answer(503, "the database does not answer; try again in a moment, or see `pushboat doctor`")
    response.headers["Retry-After"] = "5"
    return response


def _unforeseen(error: Exception) -> Response:
    where = "".join(traceback.format_tb(error.__traceback__))
    path = wording.printable(request.path, 200)
    log.error("%s %s failed with %s:\n%s", request.method, path, type(error).__name__, where)
    return answer(500, "Pushboat failed here; its log names the place. Please report it.")


_SENTENCES = {
    400: "this request cannot be read",
    404: "there is nothing at this address",
    405: "this address does not take that method",
}
