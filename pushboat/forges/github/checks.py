"""What `pushboat doctor` asks GitHub: who we are, what we may do, and whether the webhook reaches us."""

from collections.abc import Iterator

from pushboat.errors import ForgeRefused
from pushboat.forges import own_account
from pushboat.forges.examining import examined, named, rules, scopes
from pushboat.forges.github.api import Api, get
from pushboat.forges.github.app_checks import examine_app
from pushboat.forges.github.installations import PERMISSIONS
from pushboat.forges.github.webhooks import Webhooks
from pushboat.forges.protocol import Check


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
        *_scopes(api, repository),
        *_named(api, repository),
        *examined(Webhooks(api), repository, hook_url, f"pushboat hook install {api.name}/{repository}"),
        *rules(Webhooks(api), repository),
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


def _scopes(api: Api, repository: str) -> Iterator[Check]:
    """Look at a classic token's scopes; of others GitHub does not tell them."""
    if api.as_app:
        return
    doing = "ask who we are"
    headers = api.ask(repository, doing, lambda github: github.requester.requestJsonAndCheck("GET", "/user")[0])
    if "x-oauth-scopes" in headers:
        held = [one.strip() for one in str(headers["x-oauth-scopes"]).split(",") if one.strip()]
        yield from scopes(held, ("repo", "public_repo"), "give it repo, and admin:repo_hook to manage its webhooks")


def _named(api: Api, repository: str) -> tuple[Check, ...]:
    try:
        repo = api.ask(repository, f"see {repository}", lambda github: get(github, f"/repos/{repository}"))
    except ForgeRefused:
        return ()  # the line about permissions says it
    return tuple(named(api.name, repository, str(repo.get("full_name") or "")))


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
