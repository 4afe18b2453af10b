"""The API as Flask has it: one rule for each row of the table."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, request

from dashboard import seeing
from dashboard.api import tags
from dashboard.api.routes import PREFIX, Json, Room, Route, read
from dashboard.api.table import ROUTES
from dashboard.queries import NUMBER
from pushboat.config.operator import Operator
from pushboat.store.database.engine import Store


def blueprint(operator: Operator, store: Store, wake: Callable[[], object]) -> Blueprint:
    """Open `/api/v1`; whatever is taken there wakes the dispatchers."""
    door = Blueprint("api", __name__, url_prefix=PREFIX)
    room = Room(operator=operator, store=store, wake=wake)
    for route in ROUTES:
        rule = f"/{route.path.replace('{id}', NUMBER)}"
        door.add_url_rule(rule, route.name, _answering(room, route), methods=[route.method])
    door.after_request(partial(tags.tag, request))
    return door


def _answering(room: Room, route: Route) -> Callable[..., Response]:
    def answering(number: int = 0) -> Response:
        asked = replace(
            read(request, route, number),
            reach=seeing.reach(),
            with_logs=seeing.with_logs(room.operator),
            administers=seeing.administers(),
        )
        said = route.answer(room, asked)
        if isinstance(said, Response):
            return said
        response = make_response(said)
        if said.get("next"):
            response.headers["Link"] = _link(room.operator.public_url, said)
        return response

    return answering


def _link(public_url: str, said: Json) -> str:
    """Name the address of the next page, for clients that follow those."""
    parameters = {**request.args.to_dict(), "cursor": said["next"]}
    return f'<{public_url.rstrip("/")}{request.path}?{urlencode(parameters)}>; rel="next"'
