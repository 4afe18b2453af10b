"""What the API takes: asks, from whoever brings a token for deployers. Nothing else counts, neither a password nor that
pages are open, so that no page of somebody else's can make a browser ask.

An ask is stored as those of the command line are, a delivery of its own, and goes the same way from there.
"""

from flask import Response, make_response

from dashboard import seeing
from dashboard.api import wishes
from dashboard.api.routes import PREFIX, Asked, Json, Room
from pushboat.model.api_token import ApiToken, Role
from pushboat.model.ask import Ask, Source
from pushboat.model.ci import CiRun
from pushboat.model.command_words import BY_TOKEN
from pushboat.model.wording import quoted
from pushboat.store import deliveries
from webhook import bearers
from webhook.failures import answer, not_found
from webhook.tries import MOST_ASKS

LONGEST_ARGUMENT = 200
MADE_BY = "`pushboat token create … --role deployer` on the server's machine makes one"
UNKNOWN = f"to ask for something takes a token for deployers; {MADE_BY}"
MANY = f"more than {MOST_ASKS} asks within five minutes: nothing of this one was done; ask again in a moment"
VIEWER = f"this token is for viewers, and to ask for something takes one for deployers; {MADE_BY}"


def take(room: Room, asked: Asked) -> Response:
    """Store an ask and wake the dispatcher; what becomes of it stands at its delivery."""
    token = deployer(room)
    if isinstance(token, Response):
        return token
    wish = wishes.read("an ask", BY_TOKEN, LONGEST_ARGUMENT)
    environment, spelled = wish.environment, room.operator.spelled(wish.repository)
    within = spelled and seeing.covers(room.operator, asked.reach, spelled, environment)
    if not within or environment not in room.operator.projects[spelled].environments:
        return not_found(
            f"there is no environment {quoted(environment)} of {quoted(wish.repository)} that this token may see"
        )
    number = deliveries.accept_ask(
        room.store,
        Ask(
            word=wish.word,
            who=token.who,
            source=Source.API,
            repository=spelled,
            environment=environment,
            arguments=wish.arguments,
        ),
    )
    return taken(room, number)


def deployer(room: Room) -> ApiToken | CiRun | Response:
    """Give the token, or the job, of whoever may ask, or the refusal; so often as they come they are counted."""
    token = bearers.holder()
    if token is None:
        return bearers.refused(UNKNOWN)
    if token.role is not Role.DEPLOYER:
        return answer(403, VIEWER)
    return token if room.asks.allow(token.who) else too_many()


def too_many() -> Response:
    """Refuse who asks for more than anybody means."""
    refused = answer(429, MANY)
    refused.headers["Retry-After"] = "10"
    return refused


def taken(room: Room, number: int) -> Response:
    """Wake the dispatcher, and say where it stands what becomes of a delivery."""
    room.wake()
    base = room.operator.public_url.rstrip("/")
    said: Json = {"delivery": number, "url": f"{base}/deliveries/{number}"}
    response = make_response(said, 202)
    response.headers["Location"] = f"{base}{PREFIX}/deliveries/{number}"
    return response
