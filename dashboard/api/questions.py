"""What the API takes that only a cluster can answer: a question, kept for a worker, whose answer its asker reads.

Nobody but the token that asked reads the answer. It is asked for with GET until it is there: an answer takes a second
or some, and a request that waits here would keep a thread of the dashboard for as long.
"""

from collections.abc import Callable

from flask import Response, make_response

from dashboard import seeing
from dashboard.api import wishes
from dashboard.api.routes import PREFIX, Asked, Json, Room
from pushboat.config.operator import Limits
from pushboat.model.api_token import ApiToken
from pushboat.model.json_forms import moment
from pushboat.model.question import ANSWER_WITHIN, LONGEST_ARGUMENT, OF_ONE_ENVIRONMENT, WORDS, Asker, Question
from pushboat.model.reach import Reach, reach_of
from pushboat.model.wording import quoted
from pushboat.store import questions
from pushboat.store.questions import TooMany
from webhook import bearers
from webhook.failures import answer, not_found

UNKNOWN = "to ask a cluster takes a token; `pushboat token create …` on the server's machine makes one"
OF_A_JOB = (
    "a question of a cluster takes a token of Pushboat's own, and this is a job's; `pushboat token create …` makes one"
)
NOBODY = f"nobody has answered this within {ANSWER_WITHIN:.0f} s: does a worker run? `pushboat doctor` looks"


def take(room: Room, asked: Asked) -> Response:
    """Keep a question and wake the dispatcher."""
    token = asker()
    if isinstance(token, Response):
        return token
    wish = wishes.read("a question", WORDS, LONGEST_ARGUMENT, everywhere=WORDS.keys() - OF_ONE_ENVIRONMENT)
    reach, cluster, environment = asked.reach, "", wish.environment
    if wish.word in OF_ONE_ENVIRONMENT:
        spelled = room.operator.spelled(wish.repository)
        limits = limits_of(room, asked.reach, spelled, environment)
        if limits is None:
            return unseen(wish.repository, environment)
        reach, cluster = reach_of(spelled, environment), limits.cluster
    return kept(room, lambda: questions.ask(room.store, asker_of(token), wish.word, reach, cluster, wish.arguments))


def kept(room: Room, ask: Callable[[], int]) -> Response:
    """Keep a question, wake the dispatcher, and say where its answer will stand; too many are told to come later."""
    try:
        number = ask()
    except TooMany as many:
        refused = answer(429, many.summary)
        refused.headers["Retry-After"] = str(int(many.retry_after or 1))
        return refused
    room.wake()
    response = make_response({"question": number}, 202)
    response.headers["Location"] = f"{room.operator.public_url.rstrip('/')}{PREFIX}/questions/{number}"
    return response


def one(room: Room, asked: Asked) -> Json | Response:
    """Give a question with its answer, once there is one, to whoever asked it."""
    token = asker()
    if isinstance(token, Response):
        return token
    found = questions.find(room.store, asked.number)
    if found is None or found.asker != asker_of(token):
        return not_found(f"there is no question {asked.number} of this token; answers are kept for minutes only")
    return _form(found, room.store.now())


def asker() -> ApiToken | Response:
    """Give the token of whoever asks, or the refusal: a job of CI has none that could be asked for its answer."""
    token = bearers.holder()
    if token is None:
        return bearers.refused(UNKNOWN)
    return token if isinstance(token, ApiToken) else answer(403, OF_A_JOB)


def asker_of(token: ApiToken) -> Asker:
    """Say who asks with a token."""
    return Asker(token=token.id, who=f"token {token.name}")


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


def unseen(repository: str, environment: str) -> Response:
    """Refuse what is not there, or out of reach, which is the same."""
    return not_found(f"there is no environment {quoted(environment)} of {quoted(repository)} that this token may see")


def limits_of(room: Room, reach: Reach, spelled: str, environment: str) -> Limits | None:
    """Give what the operator allows an environment; None where there is none within reach."""
    if not spelled or not seeing.covers(room.operator, reach, spelled, environment):
        return None
    return room.operator.projects[spelled].environments.get(environment)
