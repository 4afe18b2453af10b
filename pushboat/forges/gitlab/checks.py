"""What `pushboat doctor` asks GitLab: who we are, what we may do, and whether the webhook reaches us."""

from typing import Any

from pushboat.errors import ForgeRefused
from pushboat.forges import own_account
from pushboat.forges.gitlab.api import Api, get
from pushboat.forges.protocol import Check

_EVENTS = {
    "push_events": "Push events",
    "tag_push_events": "Tag push events",
    "merge_requests_events": "Merge request events",
    "note_events": "Comments",
}
_DEVELOPER = 30


def examine(api: Api, repository: str, hook_url: str) -> tuple[Check, ...]:
    """Make all checks; one that is refused says why.

    Raises:
        ForgeUnavailable: nobody knows how it is.
    """
    try:
        user = api.ask("ask who we are", lambda gitlab: get(gitlab, "/user"))
    except ForgeRefused as trouble:
        fix = f"create a project access token of {repository} with the role Developer and the scope api"
        return (Check(name="token", passed=False, sentence=trouble.summary, fix=fix),)
    return (
        Check(name="token", passed=True, sentence=f"we act as {user['username']}"),
        *(() if user.get("bot") else (own_account.check(user["username"], api.forge),)),
        _may_post(api, repository),
        *_webhook(api, repository, hook_url),
    )


def _may_post(api: Api, repository: str) -> Check:
    try:
        project = api.ask(f"see {repository}", lambda gitlab: gitlab.projects.get(repository))
    except ForgeRefused as trouble:
        return Check(name="permissions", passed=False, sentence=trouble.summary, fix=f"give the token {repository}")
    granted = project.attributes.get("permissions") or {}
    level = max((access or {}).get("access_level") or 0 for access in (granted or {"": None}).values())
    if level >= _DEVELOPER:
        return Check(name="permissions", passed=True, sentence=f"the token may post statuses on {repository}")
    return Check(
        name="permissions",
        passed=False,
        sentence=f"the token may not post statuses on {repository} (access level {level}, 30 is needed)",
        fix=f"give the token's user the role Developer in {repository}",
    )


def _webhook(api: Api, repository: str, hook_url: str) -> tuple[Check, ...]:
    settings = f"{api.url.rstrip('/')}/{repository}/-/hooks"
    try:
        hooks = api.ask(
            "list the webhooks", lambda gitlab: gitlab.projects.get(repository, lazy=True).hooks.list(get_all=True)
        )
    except ForgeRefused:
        sentence = "we may not look at the project's webhooks (that takes a Maintainer's token)"
        fix = f"look yourself at {settings}: {hook_url} with {', '.join(_EVENTS.values())}"
        return (Check(name="webhook", passed=False, sentence=sentence, fix=fix),)
    ours = [hook.attributes for hook in hooks if str(hook.url).rstrip("/") == hook_url.rstrip("/")]
    if not ours:
        sentence = f"no webhook of {repository} goes to {hook_url}"
        return (Check(name="webhook", passed=False, sentence=sentence, fix=f"add it at {settings}"),)
    return tuple(_judge(hook, settings) for hook in ours)


def _judge(hook: dict[str, Any], settings: str) -> Check:
    missing = ", ".join(words for field, words in _EVENTS.items() if not hook.get(field))
    alert = str(hook.get("alert_status") or "executable")
    for wrong, sentence, fix in (
        (alert != "executable", f"GitLab switched the webhook off ({alert})", "send a test event once it answers 2xx"),
        (hook.get("custom_webhook_template"), "the webhook has a payload template of its own", "remove the template"),
        (missing, f"the webhook does not send {missing}", f"tick {missing}"),
    ):
        if wrong:
            return Check(name="webhook", passed=False, sentence=sentence, fix=f"{fix} at {settings}")
    return Check(name="webhook", passed=True, sentence=f"the webhook sends {', '.join(_EVENTS.values())}")
