"""What `pushboat doctor` asks GitLab: who we are, what we may do, and whether the webhook reaches us."""

from datetime import UTC, datetime

from pushboat.errors import ForgeRefused
from pushboat.forges import own_account
from pushboat.forges.examining import examined, expiry, named, rules, scopes
from pushboat.forges.gitlab.api import Api, get
from pushboat.forges.gitlab.webhooks import Webhooks
from pushboat.forges.protocol import Check

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
        *_of_the_token(api),
        *_named(api, repository),
        *examined(Webhooks(api), repository, hook_url, f"pushboat hook install {api.name}/{repository}"),
        *rules(Webhooks(api), repository),
    )


def _of_the_token(api: Api) -> tuple[Check, ...]:
    """Look at the token itself: what it may do at all, and until when."""
    try:
        token = api.ask("see our token", lambda gitlab: get(gitlab, "/personal_access_tokens/self"))
    except ForgeRefused:
        return ()  # GitLab tells it since 15.5, and only of access tokens
    fix = "create a project access token with the scope api"
    today = datetime.now(UTC).date()
    held = [str(one) for one in token.get("scopes") or ()]
    return (*scopes(held, ("api",), fix), *expiry(str(token.get("expires_at") or ""), today))


def _named(api: Api, repository: str) -> tuple[Check, ...]:
    try:
        project = api.ask(f"see {repository}", lambda gitlab: gitlab.projects.get(repository))
    except ForgeRefused:
        return ()  # the line about permissions says it
    return tuple(named(api.name, repository, str(project.attributes.get("path_with_namespace") or "")))


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
