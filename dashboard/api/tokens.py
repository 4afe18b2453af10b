"""What the API tells of the token that asks: whose it is, what it may, and of which version Pushboat is here."""

from importlib.metadata import version

from flask import Response

from dashboard.api.routes import Asked, Json, Room
from pushboat.model.json_forms import moment
from webhook import bearers

UNKNOWN = (
    "this tells of the token that asks, and there is none; `pushboat token create` on the server's machine makes one"
)


def own(room: Room, asked: Asked) -> Json | Response:
    """Tell of the token that let this request in."""
    del room, asked
    token = bearers.holder()
    if token is None:
        return bearers.refused(UNKNOWN)
    reach, ends = token.reach, token.expires_at
    return {
        "name": token.who,
        "role": token.role.value,
        "repositories": None if reach.repositories is None else sorted(reach.repositories),
        "environment": reach.environment,
        "expires_at": None if ends == float("inf") else moment(ends),
        "version": version("pushboat"),
    }
