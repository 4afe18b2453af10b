"""Whether what a webhook sends arrives and is taken: by the forge's own word, else by what the running Pushboat saw."""

import time
from contextlib import suppress

from cli.pinging import PingRefused, PingUnanswered, read
from pushboat.config.operator import Forge
from pushboat.config.secret import Secret
from pushboat.errors import ForgeRefused
from pushboat.forges.webhooks import Trial, Webhook, Webhooks
from pushboat.model.delivery import Verdict
from pushboat.routing.ignoring import TEST

SEEN_WITHIN = 10.0
_LATEST = "/api/v1/deliveries?limit=50"
_UNREAD = (PingRefused, PingUnanswered, KeyError, TypeError, ValueError)


def proved(webhooks: Webhooks, forge: Forge, repository: str, webhook: Webhook, url: str, secret: Secret) -> Trial:
    """Have the forge send something that leads to nothing, and find out how it was answered."""
    before = _newest(url, forge, secret)
    try:
        trial = webhooks.test(repository, webhook)
    except ForgeRefused as refusal:  # Gitea sends none from an empty repository
        return Trial(tested=False, said=refusal.summary)
    if trial.code is not None or not trial.tested or before is None:
        return trial
    until = time.monotonic() + SEEN_WITHIN
    while time.monotonic() < until:
        if seen := _seen(url, forge, secret, before):
            return seen
        time.sleep(0.2)  # the forge sends it in its own time
    return Trial(code=0, said=f"nothing of it arrived here within {SEEN_WITHIN:.0f} s")


def _newest(url: str, forge: Forge, secret: Secret) -> int | None:
    with suppress(*_UNREAD):
        return max((int(one["id"]) for one in read(url, forge, secret, _LATEST)["items"]), default=0)
    return None


def _seen(url: str, forge: Forge, secret: Secret, before: int) -> Trial | None:
    """Find the test among what came in since, or that something was refused, which then was the test."""
    with suppress(*_UNREAD):
        items = read(url, forge, secret, _LATEST)["items"]
        fresh = [one for one in items if int(one["id"]) > before and one["forge"] == forge.name]
        if any(TEST in str(one["reason"]) for one in fresh):
            return Trial(code=200, said="the running Pushboat took it")
        if refused := [str(one["reason"]) for one in fresh if one["verdict"] == Verdict.REJECTED]:
            return Trial(code=401, said=refused[0])
    return None
