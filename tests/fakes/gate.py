"""Somebody who is asked before a deployment goes on: checks the question's signature, and says what it was told to."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from flask import Response, request

from tests.fakes.door import Door
from tests.fakes.routes import Routes

SECRET = "whsec_" + base64.b64encode(b"a gate's own secret").decode()
MOST_SECONDS_OLD = 300


class FakeGate(Door):
    """`says` are the answers in their order, the last one for good; `questions` is what was asked and signed well.

    Its side of Standard Webhooks: a question that is not signed with its secret, or is old, gets 401.
    """

    def __init__(self, *says: Any) -> None:
        self.says: list[Any] = list(says)
        self.questions: list[dict[str, Any]] = []
        app = Routes("gate")
        app.add_url_rule("/ask", view_func=self._answer_question, methods=["POST"])
        super().__init__(app.wsgi_app)

    @property
    def address(self) -> str:
        """Give where it is asked."""
        return f"{self.url}/ask"

    def asked(self, when: str) -> int:
        """Count how often it was asked so."""
        return sum(each["when"] == when for each in self.questions)

    def _answer_question(self) -> Response:
        body, stamp = request.get_data(), request.headers["webhook-timestamp"]
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        signed = f"{request.headers['webhook-id']}.{stamp}.".encode() + body
        right = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        if request.headers["webhook-signature"] != right or abs(time.time() - int(stamp)) > MOST_SECONDS_OLD:
            return Response("who are you?", 401)
        question = json.loads(body)
        assert question["id"] == request.headers["webhook-id"]
        self.questions.append(question)
        said = self.says.pop(0) if len(self.says) > 1 else self.says[0]
        return Response(said if isinstance(said, str) else json.dumps(said), 200, content_type="application/json")
