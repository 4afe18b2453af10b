"""Who and where in GitLab's payloads: the project, the acting user, and whether a user name belongs to a program."""

import re

from pushboat.forges.payload import Payload

_BOT = re.compile(r"(?:project|group)_\d+_bot\w*|service_account_\S+")
"""GitLab marks bots in no other way than by the names it gives them."""


def project(body: Payload) -> str:
    """Give the project's full path."""
    return body.object("project").text("path_with_namespace") or body.text("path_with_namespace")


def actor(body: Payload) -> str:
    """Give the name of the user who did it."""
    return body.object("user").text("username") or body.text("user_username")


def is_bot(username: str) -> bool:
    """Say whether the name is one that GitLab gives to access tokens and service accounts."""
    return _BOT.fullmatch(username) is not None
