"""What `pushboat doctor` asks GitHub: who we are, what we may do, and whether the webhook reaches us."""

from typing import Any

from github import Github

from pushboat.errors import ForgeRefused
from pushboat.forges import own_account
from pushboat.forges.github.api import Api, get
from pushboat.forges.github.app_checks import examine_app
from pushboat.forges.github.installations import PERMISSIONS
from pushboat.forges.protocol import Check

_EVENTS = {"push", "pull_request", "issue_comment"}


def examine(api: Api, repository: str, hook_url: str) -> tuple[Check, ...]:
    """Make all checks; one that is refused says why.

    Raises:
        ForgeUnavailable: nobody knows how it is.
    """
    try:
        name = _who(api, repository)
    except ForgeRefused as trouble:
        return (Check(name="token", passed=False, sentence=trouble.summary, fix=_token_fix(api)),)
    return (
        Check(name="token", passed=True, sentence=f"we act as {name}"),
        *(() if api.as_app else (own_account.check(name, api.forge),)),
        _may_post(api, repository),
        *examine_app(api, repository, hook_url),
        *_webhook(api, repository, hook_url),
    )


def _token_fix(api: Api) -> str:
    if api.as_app:
        return "check app.id and app.private_key in pushboat.yaml, and that the App is installed on the repository"
    return "create a token with read access to contents and write access to commit statuses and pull requests"


def _who(api: Api, repository: str) -> str:
    if api.as_app:
        slug = api.own_name(repository).removesuffix("[bot]")
        api.token(repository)
        return f"the App {slug}"
    return api.own_name(repository)


def _may_post(api: Api, repository: str) -> Check:
    if api.as_app:
        # The token was granted, and it was asked for with these.
        words = ", ".join(f"{name}: {level}" for name, level in PERMISSIONS.items())
        return Check(name="permissions", passed=True, sentence=f"the App has {words} on {repository}")
    try:
        repo = api.ask(repository, f"see {repository}", lambda github: get(github, f"/repos/{repository}"))
    except ForgeRefused as trouble:
        return Check(name="permissions", passed=False, sentence=trouble.summary, fix=f"give the token {repository}")
    if repo.get("permissions", {}).get("push"):
        return Check(name="permissions", passed=True, sentence=f"the token may write to {repository}")
    return Check(
        name="permissions",
        passed=False,
        sentence=f"the token may not post statuses on {repository}",
        fix=f"give the token's user the role Write on {repository}",
    )


def _webhook(api: Api, repository: str, hook_url: str) -> tuple[Check, ...]:
    settings = f"https://github.com/{repository}/settings/hooks"
    try:
        hooks = api.ask(repository, "list the webhooks", lambda github: _list(github, f"/repos/{repository}/hooks"))
    except ForgeRefused:
        sentence = "we may not look at the repository's webhooks (that takes an administrator's token)"
        fix = f"look yourself: a webhook to {hook_url}, content type application/json, events {_words(_EVENTS)}"
        return (Check(name="webhook", passed=False, sentence=sentence, fix=fix),)
    ours = [hook for hook in hooks if hook.get("config", {}).get("url", "").rstrip("/") == hook_url.rstrip("/")]
    if not ours:
        sentence = f"no webhook of {repository} goes to {hook_url}"
        return (Check(name="webhook", passed=False, sentence=sentence, fix=f"add it at {settings}"),)
    return tuple(_judge(hook, settings) for hook in ours)


def _judge(hook: dict[str, Any], settings: str) -> Check:
    events, config = set(hook.get("events", ())), hook.get("config", {})
    missing = set() if "*" in events else _EVENTS - events
    response = hook.get("last_response") or {}
    code = response.get("code")
    for wrong, sentence, fix in (
        (not hook.get("active", True), "the webhook is switched off", "tick Active"),
        (config.get("content_type") != "json", "the webhook sends forms", "set content type to application/json"),
        (not config.get("secret"), "the webhook has no secret", "set the secret that pushboat.yaml names"),
        (missing, f"the webhook does not send {_words(missing)}", f"tick {_words(missing)}"),
        (code == 401, "its last delivery had the wrong secret", "set the secret that pushboat.yaml names"),
        (code and code >= 400, f"its last delivery was answered {code}", "open Recent Deliveries and read the answer"),
        (
            response.get("status") == "timeout",
            "its last delivery ran out of time",
            "check that GitHub reaches this URL",
        ),
    ):
        if wrong:
            return Check(name="webhook", passed=False, sentence=sentence, fix=f"{fix} at {settings}")
    last = f"; last delivery answered {code}" if code else "; nothing delivered yet"
    return Check(name="webhook", passed=True, sentence=f"the webhook sends {_words(_EVENTS)} as JSON{last}")


def _words(events: set[str]) -> str:
    return ", ".join(sorted(events))


def _list(github: Github, path: str) -> list[dict[str, Any]]:
    _, answer = github.requester.requestJsonAndCheck("GET", path)
    return list(answer)
