"""How GitHub's webhooks must be set, and what of a webhook is not so; pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from pushboat.forges.webhooks import Difference, Wanted, same_address

EVENTS = ("issue_comment", "pull_request", "push")
ASKED_FOR = ("commit_comment", "deployment")
"""What is asked for beside them where we set a webhook, and missed by nobody who does not use it."""
JSON = "application/json"
NAMED = "the secret that pushboat.yaml names"


def differences(shown: Mapping[str, Any], wanted: Wanted) -> Iterator[Difference]:
    """Compare what a webhook shows with what it should be."""
    config, events = shown.get("config") or {}, set(shown.get("events") or ())
    content = str(config.get("content_type") or "form")
    missing = ", ".join(sorted(set() if "*" in events else set(EVENTS) - events))
    insecure = str(config.get("insecure_ssl", "0")).lower() not in ("0", "false")
    for wrong, setting, now, right, sentence, fix in (
        (not shown.get("active", True), "Active", "off", "on", "is switched off", "tick Active"),
        (content != "json", "Content type", content, JSON, "sends forms", f"set content type to {JSON}"),
        (not config.get("secret"), "Secret", "none", NAMED, "has no secret", f"set {NAMED}"),
        (
            wanted.tls and insecure,
            "SSL verification",
            "disabled",
            "enabled",
            "goes to whoever claims our address (SSL verification is off)",
            "enable SSL verification",
        ),
        (missing, "Events", f"without {missing}", "with them", f"does not send {missing}", f"tick {missing}"),
    ):
        if wrong:
            yield Difference(setting=setting, now=now, wanted=right, sentence=sentence, fix=fix)


def configuration(wanted: Wanted) -> dict[str, str]:
    """Give the whole configuration: one that is sent without its secret loses it."""
    insecure = "0" if wanted.tls else "1"
    return {"url": wanted.url, "content_type": "json", "insecure_ssl": insecure, "secret": wanted.secret.value}


def goes_to(hook: Mapping[str, Any], url: str) -> bool:
    """Say whether a webhook is one of ours."""
    return same_address(str((hook.get("config") or {}).get("url") or ""), url)
