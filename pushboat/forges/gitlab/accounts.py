"""Who and where in GitLab's payloads: the project, the acting user, and whether a user name belongs to a program."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pushboat.forges.payload import Payload

_PATH = "path_with_namespace"
_BOT = re.compile(r"(?:project|group)_\d+_bot\w*|service_account_\S+")
"""GitLab marks bots in no other way than by the names it gives them."""


def project(body: Payload) -> str:
    """Give the project's full path; an old version's merge request says it only of the target."""
    target = body.object("object_attributes").object("target")
    return next((place.name(_PATH) for place in (body.object("project"), body, target) if place.name(_PATH)), "")


def project_id(body: Payload) -> str:
    """Give the project's number, which moving it does not change."""
    number = body.object("project").number("id")
    number = body.number("project_id") if number is None else number
    return "" if number is None else str(number)


def actor(body: Payload) -> str:
    """Give the name of the user who did it."""
    return body.object("user").text("username") or body.text("user_username")


def is_bot(username: str) -> bool:
    """Say whether the name is one that GitLab gives to access tokens and service accounts."""
    return _BOT.fullmatch(username) is not None


def may_act(said: Mapping[str, Any]) -> bool:
    """Say whether an account, or its membership, is one that counts today: neither blocked, nor expired, nor awaited.

    GitLab ends memberships once a day, and lists them until then. What an old version does not say is not held against
    anybody.
    """
    active = said.get("state", "active") == "active" and said.get("membership_state", "active") == "active"
    ends = str(said.get("expires_at") or "9999-12-31")
    return active and not said.get("locked") and datetime.now(UTC).date().isoformat() < ends[: len("2026-11-27")]
