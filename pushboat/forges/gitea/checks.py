"""What `pushboat doctor` asks Gitea or Forgejo: who we are, what we may do, and whether the webhook reaches us."""

from pushboat.errors import ForgeRefused
from pushboat.forges import own_account
from pushboat.forges.examining import examined, named, rules
from pushboat.forges.gitea.api import Api, of
from pushboat.forges.gitea.webhooks import Webhooks
from pushboat.forges.protocol import Check

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
        *_named(api, repository),
        *examined(Webhooks(api), repository, hook_url, f"pushboat hook install {api.name}/{repository}"),
        *rules(Webhooks(api), repository),
    )


def _named(api: Api, repository: str) -> tuple[Check, ...]:
    try:
        today = api.ask(f"see {repository}", lambda forge: str(forge.get(of(repository))["full_name"]))
    except ForgeRefused:
        return ()  # the line about permissions says it
    return tuple(named(api.name, repository, today))


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
