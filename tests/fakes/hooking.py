"""Webhooks that a fake forge keeps: each signs with a secret of its own, which no answer ever shows."""

import copy
import json
from typing import TYPE_CHECKING, Any

import requests

from tests.fakes.nouns import Project, Sent

if TYPE_CHECKING:
    from tests.fakes.forge import FakeForge

Hook = dict[str, Any]


def remember(forge: "FakeForge", hooks: list[Hook], url: str, **more: Any) -> Hook:
    """Keep a new one."""
    hook = {"id": next(forge.numbers), "url": url, **more}
    hooks.append(hook)
    return hook


def signer(forge: "FakeForge", hook: Hook) -> "FakeForge":
    """Give a forge that signs as this hook does."""
    if "secret" not in hook and "signing_token" not in hook:
        return forge
    own = copy.copy(forge)
    own.secret, own.signing_token = hook.get("secret", ""), hook.get("signing_token", "")
    return own


def signer_of(forge: "FakeForge", payload: dict[str, Any]) -> "FakeForge":
    """Give a forge that signs as the repository's hook does through which a delivery goes."""
    place = payload.get("repository") or {}
    name = (payload.get("project") or {}).get("path_with_namespace") or place.get("full_name", "")
    project = forge.projects.get(name)
    wanted = forge.hook_url.rstrip("/")
    hook = next((one for one in project.hooks if one["url"].rstrip("/") == wanted), None) if project else None
    return signer(forge, hook) if hook else forge


def send(forge: "FakeForge", hook: Hook, event: str, payload: dict[str, Any]) -> Sent:
    """Sign as this hook does, and send to its own address."""
    body = json.dumps(payload).encode()
    own = signer(forge, hook)
    sent = Sent(headers=own.dialect.sign(own, event, body), body=body)
    forge.deliveries.append(sent)
    try:
        sent.response = requests.post(hook["url"], data=body, headers=sent.headers, timeout=60)
    except requests.ConnectionError:
        sent.response = None
    return sent


def numbered(project: Project, number: int) -> Hook | None:
    """Find one by its number."""
    return next((hook for hook in project.hooks if hook["id"] == number), None)
