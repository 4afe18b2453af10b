"""A Pushboat as the post-receive hook sees it: takes signed deliveries and tells a story about deployments."""

from dataclasses import dataclass, field
from typing import Any, Self

from flask import Flask, request

from pushboat.config.operator import Secret
from pushboat.errors import BadSignature
from pushboat.events import Delivery, Event
from pushboat.forges.git import deliveries
from tests.fakes.door import Door
from tests.fakes.routes import Routes

STORY = ("checked out deploy/staging", "applying 7 objects …", "2 of 3 pods ready")


@dataclass
class FakePushboat:
    """Accepts what is signed with `secret`; a delivery leads to one deployment to `staging`, or is `ignored`.

    `left` is the sentence about it that names an environment which has left the file.
    """

    secret: str = "s3cret"
    ignored: str = ""
    nothing: str = ""
    details: str = ""
    left: str = ""
    state: str = "succeeded"
    page: str = ""
    held: str = ""
    told: list[str] = field(default_factory=list)
    rollback: int = 0
    events: list[tuple[str, Event]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._polls = self._looks = 0
        self.door = Door(self._application())
        self.url = self.door.url
        return self

    def __exit__(self, *_: object) -> None:
        self.door.close()

    @property
    def ids(self) -> list[str]:
        """The ids of all deliveries, repeated ones too."""
        return [identity for identity, _ in self.events]

    def _application(self) -> Flask:
        app = Routes("fake-pushboat")
        app.add_url_rule("/webhooks/local", view_func=self._receive, methods=["POST"])
        app.add_url_rule("/api/v1/deliveries/<int:number>", view_func=self._delivery)
        app.add_url_rule("/api/v1/deployments/<int:number>", view_func=self._deployment)
        app.add_url_rule("/api/v1/deployments/<int:number>/progress", view_func=self._progress)
        return app

    def _receive(self) -> Any:
        headers = {name.lower(): value for name, value in request.headers.items()}
        delivery = Delivery(headers=headers, body=request.get_data())
        try:
            deliveries.verify(delivery, (Secret(value=self.secret),))
        except BadSignature as refusal:
            return {"error": refusal.summary}, 401
        identity = deliveries.identify(delivery)
        known = identity in self.ids
        self.events.append((identity, deliveries.read(delivery)))
        number = self.ids.index(identity) + 1
        if self.ignored:
            return {"delivery": number, "ignored": self.ignored}, 200
        return ({"delivery": number, "duplicate": True}, 200) if known else ({"delivery": number}, 202)

    def _delivery(self, number: int) -> Any:
        self._polls += 1
        routed = self._polls > 1
        return {
            "id": number,
            "routed": routed,
            "reason": (self.nothing or self.left) if routed else "accepted; waiting for its turn",
            "details": self.details if routed else "",
            "deployments": [number] if routed and not self.nothing else [],
        }

    def _deployment(self, number: int) -> Any:
        form = {"id": number, "environment": "staging", "delivery": number}
        return {**form, "url": self.page} if self.page else form

    def _progress(self, number: int) -> Any:
        after = int(request.args["after"])
        self._looks += 1
        if self.held and self._looks < 8:
            waits = {"waits": self.held, "told": self.told} if self.told else {"waits": self.held}
            return {"items": [], "state": "queued", "reason": self.held, **waits, "ended": False}
        lines = [{"id": index, "phase": "apply", "text": text} for index, text in enumerate(STORY, 1)]
        ended = after >= len(STORY) and self.state != "running"
        state = self.state if ended else "running"
        if number == self.rollback:
            return {"items": [], "state": "succeeded", "reason": "back at release 3", "ended": True, "answered_by": []}
        back = [self.rollback] if ended and self.rollback else []
        return {
            "answered_by": back,
            "items": lines[after : after + 1],
            "state": state,
            "reason": "healthy in 8 s",
            "ended": ended,
        }
