"""Every address of the API. What serves them, what lists them and what describes them all go through this table."""

from collections.abc import Sequence

from dashboard.api import (
    asks,
    audit,
    deliveries,
    deployments,
    environments,
    events,
    plans,
    questions,
    records,
    releases,
    replays,
    tokens,
)
from dashboard.api.openapi import describe
from dashboard.api.routes import PAGED, PREFIX, Asked, Json, Room, Route
from pushboat.model.ask import AskVerdict


def _index(room: Room, asked: Asked) -> Json:
    del room, asked
    items = [
        {"path": route.address, "gives": route.gives, "parameters": list(route.parameters)}
        for route in ROUTES
        if route.path
    ]
    return {"items": items, "next": None}


def _description(room: Room, asked: Asked) -> Json:
    del asked
    return describe(ROUTES, room.operator.public_url)


ROUTES: Sequence[Route] = (
    Route(path="", name="index", gives="what there is", form="Address", many=True, answer=_index),
    Route(
        path="environments",
        name="environments",
        gives="every environment: the latest deployment, and the one that runs",
        form="Environment",
        many=True,
        parameters=("repository",),
        answer=environments.every,
    ),
    Route(
        path="diff",
        name="diff",
        gives="what differs between two releases of an environment, object by object and field by field",
        form="Between",
        parameters=("repository", "environment", "from", "to"),
        answer=releases.differing,
    ),
    Route(
        path="deployments",
        name="deployments",
        gives="deployments, newest first",
        form="Deployment",
        many=True,
        parameters=("repository", "environment", "state", "sha", *PAGED),
        answer=deployments.newest_first,
    ),
    Route(
        path="deployments/{id}",
        name="deployment",
        gives="one deployment, or one plan, with its details, hooks, images and containers' words",
        form="ExplainedDeployment",
        answer=deployments.one,
    ),
    Route(
        path="deployments/{id}/whole",
        name="whole",
        gives="all of that with its changes and its progress, and in words, as its page and `pushboat show` tell it",
        form="WholeDeployment",
        answer=deployments.whole,
    ),
    Route(
        path="deployments/{id}/changes",
        name="changes",
        gives="what it changed, or a plan would change, object by object and field by field",
        form="Change",
        many=True,
        answer=deployments.changes,
    ),
    Route(
        path="deployments/{id}/progress",
        name="progress",
        gives="its lines so far, whether it has ended, and how",
        form="Progress",
        parameters=("after",),
        answer=deployments.progress,
    ),
    Route(
        path="deployments/{id}/events",
        name="events",
        gives="the same as server-sent events, as it comes",
        form="StreamEvent",
        media="text/event-stream",
        parameters=("after",),
        answer=events.stream,
    ),
    Route(
        path="deployments/{id}/record",
        name="record",
        gives="the signed record of its release, whether it is right, and what it takes to check that",
        form="Record",
        answer=records.one,
    ),
    Route(
        path="audit",
        name="audit",
        gives="who asked for what, and what became of it, newest first; what is about no repository to administrators",
        form="AuditEntry",
        many=True,
        parameters=("repository", "environment", "who", "word", "source", "verdict", "since", "asked", *PAGED),
        verdicts=AskVerdict,
        answer=audit.newest_first,
    ),
    Route(
        path="deliveries",
        name="deliveries",
        gives="deliveries, newest first, each with the sentence that says what it did",
        form="Delivery",
        many=True,
        parameters=("repository", "sha", *PAGED),
        answer=deliveries.newest_first,
    ),
    Route(
        path="deliveries/{id}",
        name="delivery",
        gives="one delivery, with every mistake of a refused file and the headers that its page shows",
        form="Delivery",
        answer=deliveries.one,
    ),
    Route(
        path="deliveries/{id}/replay",
        name="replay",
        gives="by POST: does a delivery again, as a new one, for a token for deployers that could ask for it",
        form="Taken",
        method="POST",
        answer=replays.take,
    ),
    Route(
        path="asks",
        name="ask",
        gives="by POST: takes an ask, from a token for deployers; what becomes of it stands at its delivery",
        form="Taken",
        method="POST",
        body="Wish",
        answer=asks.take,
    ),
    Route(
        path="questions",
        name="question",
        gives="by POST: takes a question that only a cluster can answer, from any token, about what that sees",
        form="Kept",
        method="POST",
        body="Doubt",
        answer=questions.take,
    ),
    Route(
        path="plans",
        name="trial",
        gives="by POST: takes the files of a work tree, from a token for deployers, to say what a push would change",
        form="Kept",
        method="POST",
        body="Files",
        answer=plans.take,
    ),
    Route(
        path="questions/{id}",
        name="answer",
        gives="a question and its answer, once there is one, to the token that asked",
        form="Question",
        private=True,
        answer=questions.one,
    ),
    Route(
        path="token",
        name="token",
        gives="the token that asks: what it may, how far it sees and until when; and the version of this Pushboat",
        form="OwnToken",
        private=True,
        answer=tokens.own,
    ),
    Route(
        path="openapi.json",
        name="openapi",
        gives=f"all that is below {PREFIX}, as OpenAPI 3.1",
        form="Description",
        answer=_description,
    ),
)
