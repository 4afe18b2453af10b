"""What the API takes to plan files that nobody has pushed: a question, which a worker answers and the files go with.

It takes a token for deployers: what is sent is rendered, may fetch whatever a render may, and is tried by the cluster.
They are judged here by their names and sizes, once more by whoever makes a commit of them, and then as any push is.
"""

from flask import Response

from dashboard.api import questions, wishes
from dashboard.api.asks import VIEWER, too_many
from dashboard.api.routes import Asked, Room
from pushboat.model import sent_files
from pushboat.model.api_token import Role
from pushboat.model.reach import reach_of
from pushboat.model.sent_files import LARGEST_SENT, Unsendable
from pushboat.store import questions as kept_questions
from webhook.failures import BadParameter, answer

MOST_BYTES = LARGEST_SENT * 4 // 3 + 64 * 1024
"""Of a request: base64 takes four letters for three bytes."""
FIELDS = ("repository", "environment", "files")


def take(room: Room, asked: Asked) -> Response:
    """Keep the files with their question, and wake the dispatcher."""
    token = questions.asker()
    if isinstance(token, Response):
        return token
    if token.role is not Role.DEPLOYER:
        return answer(403, VIEWER)
    if not room.asks.allow(token.who):  # before anything of it is read: it takes more to read than any other
        return too_many()
    form = _read()
    spelled, environment = room.operator.spelled(form["repository"]), form["environment"]
    limits = questions.limits_of(room, asked.reach, spelled, environment)
    if limits is None:
        return questions.unseen(form["repository"], environment)
    try:
        sent = sent_files.checked(form["files"])
    except Unsendable as why:
        raise BadParameter(why.summary, "files") from why
    place, asker = reach_of(spelled, environment), questions.asker_of(token)
    return questions.kept(room, lambda: kept_questions.ask(room.store, asker, "plan", place, limits.cluster, {}, sent))


def _read() -> dict[str, str]:
    form = wishes.fields("files are sent in", FIELDS, MOST_BYTES)
    for name in FIELDS:
        value = form.get(name)
        if not isinstance(value, str) or not value or not value.isprintable():
            raise BadParameter(f"{name} must be a text of one line", name)
    return form
