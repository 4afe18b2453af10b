"""What the API takes: asks, from whoever brings a token for deployers. Nothing else counts, neither a password nor that
pages are open, so that no page of somebody else's can make a browser ask.

An ask is stored as those of the command line are, a delivery of its own, and goes the same way from there.
"""

import uuid
from typing import Any

from flask import Response, make_response, request

from dashboard import seeing
from dashboard.api.routes import PREFIX, Asked, Json, Room
from pushboat.events import Event, EventKind
from pushboat.model.api_token import ApiToken, Role
from pushboat.model.ask import Ask, Source
from pushboat.model.ci import CiRun
from pushboat.model.command_words import BY_TOKEN
from pushboat.model.wording import near_miss, quoted
from pushboat.queue.bell import ring
from pushboat.store import deliveries
from webhook import bearers
from webhook.failures import BadParameter, answer, not_found

MOST_BYTES = 64 * 1024
FIELDS = ("word", "repository", "environment", "arguments")
LONGEST_ARGUMENT = 200
MADE_BY = "`pushboat token create … --role deployer` on the server's machine makes one"
UNKNOWN = f"to ask for something takes a token for deployers; {MADE_BY}"
VIEWER = f"this token is for viewers, and to ask for something takes one for deployers; {MADE_BY}"


def take(room: Room, asked: Asked) -> Response:
    """Store an ask and wake the dispatcher; what becomes of it stands at its delivery."""
    token = deployer()
    if isinstance(token, Response):
        return token
    if request.mimetype != "application/json":
        return answer(415, "an ask is JSON: send it with Content-Type: application/json")
    word, repository, environment, arguments = _read()
    spelled = room.operator.spelled(repository)
    within = spelled and seeing.covers(room.operator, asked.reach, spelled, environment)
    if not within or environment not in room.operator.projects[spelled].environments:
        return not_found(
            f"there is no environment {quoted(environment)} of {quoted(repository)} that this token may see"
        )
    number = _store(
        room,
        Ask(
            word=word,
            who=token.who,
            source=Source.API,
            repository=spelled,
            environment=environment,
            arguments=arguments,
        ),
    )
    return taken(room, number)


def deployer() -> ApiToken | CiRun | Response:
    """Give the token, or the job, of whoever may ask, or the refusal."""
    token = bearers.holder()
    if token is None:
        return bearers.refused(UNKNOWN)
    return token if token.role is Role.DEPLOYER else answer(403, VIEWER)


def taken(room: Room, number: int) -> Response:
    """Wake the dispatcher, and say where it stands what becomes of a delivery."""
    ring(room.operator.state)
    base = room.operator.public_url.rstrip("/")
    said: Json = {"delivery": number, "url": f"{base}/deliveries/{number}"}
    response = make_response(said, 202)
    response.headers["Location"] = f"{base}{PREFIX}/deliveries/{number}"
    return response


def _store(room: Room, ask: Ask) -> int:
    forge, _, path = ask.repository.partition("/")
    title = f"{ask.word} {ask.environment}"
    event = Event(kind=EventKind.ASK, action=ask.word, repository=path, author=ask.who, title=title)
    return deliveries.accept(room.store, forge, f"ask-{uuid.uuid4()}", event, asked=(ask,)).id


def _read() -> tuple[str, str, str, dict[str, str]]:
    """Read an ask strictly: what cannot be meant is refused here, and not by the worker a moment later.

    Raises:
        BadParameter: a field is missing, unknown, or its value cannot be used.
    """
    request.max_content_length = MOST_BYTES
    form = request.get_json(silent=True)
    if not isinstance(form, dict):
        raise BadParameter(f"an ask is a JSON object with {', '.join(FIELDS)}", "")
    for name in form:
        if name not in FIELDS:
            raise BadParameter(f"unknown field {quoted(name)}; {near_miss(name, FIELDS)}", quoted(name).strip("'"))
    word = _text(form, "word")
    if word not in BY_TOKEN:
        raise BadParameter(f"word must be one of {', '.join(BY_TOKEN)}", "word")
    given = form.get("arguments", {})
    known = BY_TOKEN[word]
    if not isinstance(given, dict) or not all(map(_is_a_line, given.values())):
        raise BadParameter(
            f"arguments must be an object of texts, each one line of at most {LONGEST_ARGUMENT} characters", "arguments"
        )
    for name in given:
        if name not in known:
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            raise BadParameter(f"{word} has no argument {quoted(name)}; {takes}", "arguments")
    return word, _text(form, "repository"), _text(form, "environment"), given


def _is_a_line(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and 0 < len(value) <= LONGEST_ARGUMENT


def _text(form: dict[str, Any], name: str) -> str:
    found = form.get(name)
    if not isinstance(found, str) or not _is_a_line(found):
        raise BadParameter(f"{name} must be a text of one line", name)
    return found
