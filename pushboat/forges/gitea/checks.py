"""What `pushboat doctor` asks Gitea or Forgejo: who we are, what we may do, and whether the webhook reaches us."""

from typing import Any

from pushboat.errors import ForgeRefused
from pushboat.forges import own_account
from pushboat.forges.gitea.api import Api, of
from pushboat.forges.protocol import Check

_EVENTS = {
    "push": "Push",
    "delete": "Delete",
    "pull_request": "Pull Request",
    "pull_request_sync": "Pull Request Synchronized",
    "pull_request_comment": "Pull Request Comment",
}
"""As the API names them, and as the page of the webhook does."""
_SCOPES = "the scopes write:repository, write:issue and read:user"


def examine(api: Api, repository: str, hook_url: str) -> tuple[Check, ...]:
    """Make all checks; one that is refused says why.

    Raises:
        ForgeUnavailable: nobody knows how it is.
    """
    try:
        login = api.ask("ask who we are", lambda forge: str(forge.get("/user")["login"]))
    except ForgeRefused as trouble:
        fix = f"create a token of an account of its own with {_SCOPES}"
        return (Check(name="token", passed=False, sentence=trouble.summary, fix=fix),)
    return (
        Check(name="token", passed=True, sentence=f"we act as {login}"),
        own_account.check(login, api.forge),
        _permissions(api, repository, login),
        *_webhook(api, repository, hook_url),
    )


def _permissions(api: Api, repository: str, login: str) -> Check:
    try:
        found = api.ask(f"see {repository}", lambda forge: dict(forge.get(of(repository))["permissions"]))
    except ForgeRefused as trouble:
        return Check(name="permissions", passed=False, sentence=trouble.summary, fix=f"give {login} {repository}")
    if found.get("admin"):
        return Check(name="permissions", passed=True, sentence=f"the token administers {repository}")
    fix = f"give {login} the role Administrator in {repository}, and its token {_SCOPES}"
    may = "post statuses but not ask what others may do" if found.get("push") else "not post statuses"
    return Check(name="permissions", passed=False, sentence=f"the token may {may} on {repository}", fix=fix)


def _webhook(api: Api, repository: str, hook_url: str) -> tuple[Check, ...]:
    settings = f"{api.url}/{repository}/settings/hooks"
    try:
        hooks = api.ask("list the webhooks", lambda forge: list(forge.get(of(repository, "hooks"), limit="50")))
        ours = [hook for hook in hooks if str(hook["config"].get("url", "")).rstrip("/") == hook_url.rstrip("/")]
    except ForgeRefused:
        sentence = "we may not look at the repository's webhooks (that takes an administrator's token)"
        fix = f"look yourself at {settings}: {hook_url} as application/json with {', '.join(_EVENTS.values())}"
        return (Check(name="webhook", passed=False, sentence=sentence, fix=fix),)
    if not ours:
        sentence = f"no webhook of {repository} goes to {hook_url}"
        fix = f"add it at {settings}, unless the organisation has one"
        return (Check(name="webhook", passed=False, sentence=sentence, fix=fix),)
    return tuple(_judge(hook, settings) for hook in ours)


def _judge(hook: dict[str, Any], settings: str) -> Check:
    missing = ", ".join(words for name, words in _EVENTS.items() if name not in (hook.get("events") or ()))
    filters = str(hook.get("branch_filter") or "*")
    for wrong, sentence, fix in (
        (not hook.get("active", True), "the webhook is switched off", "tick Active"),
        (
            hook.get("config", {}).get("content_type") != "json",
            "the webhook sends forms",
            "set the POST content type to application/json",
        ),
        (
            hook.get("type") not in ("gitea", "forgejo"),
            f"the webhook is of type {hook.get('type')}",
            "add one of Gitea",
        ),
        (missing, f"the webhook does not send {missing}", f"tick {missing}"),
        (filters not in ("*", "**"), f"the webhook is for the branches {filters} only", "clear the branch filter"),
    ):
        if wrong:
            return Check(name="webhook", passed=False, sentence=sentence, fix=f"{fix} at {settings}")
    return Check(name="webhook", passed=True, sentence=f"the webhook sends {', '.join(_EVENTS.values())} as JSON")
