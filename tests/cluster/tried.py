"""What a plan shows and how it ends, tried on a cluster."""

from typing import Any

from pushboat.errors import PushboatError
from pushboat.model.changeset import ChangeSet
from tests.cluster.desk import Desk, document
from workers.cluster.planning.words import Plan
from workers.cluster.writing.dry_running import dry_run


def shown(desk: Desk, plan: Plan) -> tuple[ChangeSet, PushboatError | None]:
    """Give what a plan shows, and the error that it ends with."""
    seen: list[ChangeSet] = []
    try:
        dry_run(desk.cluster, plan, seen.append)
    except PushboatError as error:
        return seen[0], error
    return seen[0], None


def error_of(desk: Desk, text: str) -> PushboatError | None:
    """Give the error of a plan, whether it shows anything or not."""
    try:
        dry_run(desk.cluster, desk.plan(text))
    except PushboatError as error:
        return error
    return None


def written(api_version: str, kind: str, name: str, **rest: Any) -> str:
    return document({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, **rest})
