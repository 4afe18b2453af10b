"""What the API takes that only a cluster can answer: a question, kept for a worker, whose answer its asker reads.

Nobody but the token that asked reads the answer. It is asked for with GET until it is there: an answer takes a second
or some, and a request that waits here would keep a thread of the dashboard for as long.
"""

from typing import Any

from flask import Response, make_response, request

from dashboard import seeing
from dashboard.api.routes import PREFIX, Asked, Json, Room
from pushboat.config.operator import Limits
from pushboat.model.api_token import ApiToken
from pushboat.model.json_forms import moment
from pushboat.model.question import ANSWER_WITHIN, LONGEST_ARGUMENT, OF_ONE_ENVIRONMENT, WORDS, Question
from pushboat.model.reach import Reach, reach_of
from pushboat.model.wording import near_miss, quoted
from pushboat.queue.bell import ring
from pushboat.store import questions
from pushboat.store.questions import TooMany
from webhook import bearers
from webhook.failures import BadParameter, answer, not_found

MOST_BYTES = 64 * 1024
FIELDS = ("word", "repository", "environment", "arguments")
UNKNOWN = "to ask a cluster takes a token; `pushboat token create …` on the server's machine makes one"
OF_A_JOB = (
    "a question of a cluster takes a token of Pushboat's own, and this is a job's; `pushboat token create …` makes one"
)
NOBODY = f"nobody has answered this within {ANSWER_WITHIN:.0f} s: does a worker run? `pushboat doctor` looks"


def take(room: Room, asked: Asked) -> Response:
    """Keep a question and wake the dispatcher."""
    token = _asker()
    if isinstance(token, Response):
        return token
    if request.mimetype != "application/json":
        return answer(415, "a question is JSON: send it with Content-Type: application/json")
    word, repository, environment, arguments = _read()
    reach, cluster = asked.reach, ""
    if word in OF_ONE_ENVIRONMENT:
        spelled = room.operator.spelled(repository)
        limits = _limits(room, asked.reach, spelled, environment)
        if limits is None:
            return not_found(
                f"there is no environment {quoted(environment)} of {quoted(repository)} that this token may see"
            )
        reach, cluster = reach_of(spelled, environment), limits.cluster
    try:
        number = questions.ask(room.store, token, word, reach, cluster, arguments)
    except TooMany as many:
        refused = answer(429, many.summary)
        refused.headers["Retry-After"] = str(int(many.retry_after or 1))
        return refused
    ring(room.operator.state)
    response = make_response({"question": number}, 202)
    response.headers["Location"] = f"{room.operator.public_url.rstrip('/')}{PREFIX}/questions/{number}"
    return response


def one(room: Room, asked: Asked) -> Json | Response:
    """Give a question with its answer, once there is one, to whoever asked it."""
    token = _asker()
    if isinstance(token, Response):
        return token
    found = questions.find(room.store, asked.number)
    if found is None or found.token != token.id:
        return not_found(f"there is no question {asked.number} of this token; answers are kept for minutes only")
    return _form(found, room.store.now())


def _asker() -> ApiToken | Response:
    """Give the token of whoever asks, or the refusal: a job of CI has none that could be asked for its answer."""
    token = bearers.holder()
    if token is None:
        return bearers.refused(UNKNOWN)
    return token if isinstance(token, ApiToken) else answer(403, OF_A_JOB)


def _form(found: Question, now: float) -> Json:
    told: Json | None = None
    if found.told is not None:
        said = [{"glyph": glyph, "sentence": sentence} for glyph, sentence in found.told.said]
        told = {"code": found.told.code, "form": found.told.form, "lines": list(found.told.lines), "said": said}
    elif found.lapsed(now):
        told = {"code": 3, "form": None, "lines": [], "said": [{"glyph": "✗", "sentence": NOBODY}]}
    return {
        "id": found.id,
        "word": found.word,
        "repository": found.reach.only,
        "environment": found.reach.environment,
        "arguments": dict(found.arguments),
        "asked_at": moment(found.asked_at),
        "answered_at": moment(found.answered_at),
        "answer": told,
    }


def _limits(room: Room, reach: Reach, spelled: str, environment: str) -> Limits | None:
    if not spelled or not seeing.covers(room.operator, reach, spelled, environment):
        return None
    return room.operator.projects[spelled].environments.get(environment)


def _read() -> tuple[str, str, str, dict[str, str]]:
    """Read a question strictly.

    Raises:
        BadParameter: a field is missing, unknown, or its value cannot be used.
    """
    request.max_content_length = MOST_BYTES
    form = request.get_json(silent=True)
    if not isinstance(form, dict):
        raise BadParameter(f"a question is a JSON object with {', '.join(FIELDS)}", "")
    for name in form:
        if name not in FIELDS:
            raise BadParameter(f"unknown field {quoted(name)}; {near_miss(name, FIELDS)}", quoted(name).strip("'"))
    word = form.get("word")
    if not isinstance(word, str) or word not in WORDS:
        raise BadParameter(f"word must be one of {', '.join(WORDS)}", "word")
    needed = word in OF_ONE_ENVIRONMENT
    names = [_text(form, name, needed=needed) for name in ("repository", "environment")]
    if not needed and any(names):
        raise BadParameter(f"{word} is asked of all that the token sees: leave repository and environment out", "word")
    return word, names[0], names[1], _arguments(word, form.get("arguments", {}))


def _arguments(word: str, given: Any) -> dict[str, str]:
    if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
        raise BadParameter("arguments must be an object of texts", "arguments")
    known = WORDS[word]
    for name, value in given.items():
        if name not in known:
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            raise BadParameter(f"{word} has no argument {quoted(name)}; {takes}", "arguments")
        if not value.isprintable() or len(value) > LONGEST_ARGUMENT:
            raise BadParameter(f"{name} must be one line of at most {LONGEST_ARGUMENT} characters", "arguments")
    return given


def _text(form: dict[str, Any], name: str, *, needed: bool) -> str:
    found = form.get(name, "")
    if not isinstance(found, str) or not found.isprintable() or len(found) > LONGEST_ARGUMENT or (needed and not found):
        raise BadParameter(f"{name} must be a text of one line", name)
    return found
