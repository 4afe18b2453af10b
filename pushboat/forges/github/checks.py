"""What `pushboat doctor` asks GitHub: who we are, what we may do, and whether the webhook reaches us."""

from pushboat.errors import ForgeRefused
from pushboat.forges.examining import examined, rules
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
        _may_post(api, repository),
        *examine_app(api, repository, hook_url),
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
