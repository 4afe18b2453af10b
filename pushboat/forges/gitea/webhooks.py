"""Gitea's and Forgejo's webhooks: the repository's, and those of its organisation.

Gitea takes a secret only when a webhook is created (tried with 1.24: a changed one is ignored without a word), so that
to change one is to create it anew and to delete the former one then.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from pushboat.config.operator import Forge
from pushboat.errors import ForgeRefused
from pushboat.forges.answers import Missing
from pushboat.forges.gitea.api import Api, Connection, of
from pushboat.forges.webhooks import Difference, Last, Manual, Trial, Wanted, Webhook, same_address

EVENTS = {
    "push": "Push",
    "delete": "Delete",
    "pull_request": "Pull Request",
    "pull_request_sync": "Pull Request Synchronized",
    "pull_request_comment": "Pull Request Comment",
}
"""As the API names them, and as the page of the webhook does."""
SCOPE = "the role Administrator in the repository, and a token with the scope write:repository"
KINDS = ("gitea", "forgejo")
Hook = Mapping[str, Any]


def connect(forge: Forge) -> "Webhooks":
    """Make it; nothing is sent yet."""
    return Webhooks(Api(forge))


class Webhooks:
    """The webhooks of one Gitea or Forgejo."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def found(self, repository: str, url: str) -> tuple[Webhook, ...]:
        """List the repository's own and the organisation's, as far as we see them."""
        page = self._page(repository)
        own = [_webhook(hook, page) for hook in self._listed(of(repository, "hooks")) if _goes_to(hook, url)]
        owner = repository.partition("/")[0]
        try:
            others = self._listed(f"/orgs/{quote(owner, safe='')}/hooks")
        except ForgeRefused:
            others = []  # an owner's token is needed to see them, or a person owns the repository
        page, whose = f"{self._api.url}/org/{owner}/settings/hooks", f"the organisation {owner}"
        return (*own, *(_webhook(hook, page, whose) for hook in others if _goes_to(hook, url)))

    def differences(self, webhook: Webhook, wanted: Wanted) -> tuple[Difference, ...]:
        """Compare; whether certificates are checked is the server's setting, not a webhook's."""
        del wanted
        return tuple(_differences(webhook.shown))

    def create(self, repository: str, wanted: Wanted) -> Webhook:
        """Create the repository's webhook."""
        return self._create(repository, wanted, {})

    def change(self, repository: str, webhook: Webhook, wanted: Wanted) -> Webhook:
        """Create it as it should be, and delete the former one then; in between each event comes twice.

        What a try left that was cut off between the two goes with it.
        """
        made = self._create(repository, wanted, webhook.shown)
        for hook in self._listed(of(repository, "hooks")):
            if hook["id"] != made.number and _goes_to(hook, wanted.url):
                self._delete(repository, of(repository, "hooks", str(hook["id"])))
        return made

    def _delete(self, repository: str, former: str) -> None:
        with suppress(Missing):  # somebody was faster
            self._api.ask(f"delete the former webhook of {repository}", lambda forge: forge.do("DELETE", former))

    def test(self, repository: str, webhook: Webhook) -> Trial:
        """Have a push sent that moves nothing; Gitea does not say how it was answered."""
        path = of(repository, "hooks", str(webhook.number), "tests")
        self._api.ask(f"test the webhook of {repository}", lambda forge: forge.do("POST", path))
        return Trial()

    def last(self, repository: str, webhook: Webhook) -> Last:  # noqa: ARG002 - the protocol's
        """Say nothing: Gitea shows its recent deliveries on the webhook's page only."""
        return Last()

    def manual(self, repository: str, url: str) -> Manual:
        """Name the fields of the page *Add Webhook*."""
        fields = {
            "Target URL": url,
            "HTTP method": "POST",
            "POST content type": "application/json",
            "Secret": "the one that pushboat.yaml names",
            "Trigger on": ", ".join(EVENTS.values()),
            "Branch filter": "*",
            "Active": "yes",
        }
        return Manual(page=self._page(repository), fields=fields, events=fields["Trigger on"], scope=SCOPE)

    def required(self, repository: str) -> tuple[str, ...]:
        """Read what protects the default branch."""

        def read(forge: Connection) -> tuple[str, ...]:
            branch = str(forge.get(of(repository))["default_branch"])
            protection = forge.get(of(repository, "branches", branch))
            names = protection.get("status_check_contexts") or () if protection.get("enable_status_check") else ()
            return tuple(str(name) for name in names)

        return self._api.ask(f"read the rules of {repository}", read)

    def _create(self, repository: str, wanted: Wanted, former: Hook) -> Webhook:
        kept = {"authorization_header": former["authorization_header"]} if former.get("authorization_header") else {}
        fields = {
            "type": "gitea",
            "active": True,
            "events": sorted({*EVENTS, *(former.get("events") or ())}),
            "branch_filter": "*",
            "config": {"url": wanted.url, "content_type": "json", "secret": wanted.secret.value},
            **kept,
        }
        doing = f"create the webhook of {repository}"
        made = self._api.ask(doing, lambda forge: forge.create(of(repository, "hooks"), fields))
        return _webhook(made, self._page(repository))

    def _listed(self, path: str) -> list[dict[str, Any]]:
        return self._api.ask("list the webhooks", lambda forge: forge.listed(path))

    def _page(self, repository: str) -> str:
        return f"{self._api.url}/{repository}/settings/hooks"


def _differences(hook: Hook) -> Iterator[Difference]:
    content = str((hook.get("config") or {}).get("content_type") or "form")
    filters, kind = str(hook.get("branch_filter") or "*"), str(hook.get("type"))
    missing = ", ".join(words for name, words in EVENTS.items() if name not in (hook.get("events") or ()))
    for wrong, setting, now, right, sentence, fix in (
        (not hook.get("active", True), "Active", "no", "yes", "is switched off", "tick Active"),
        (
            content != "json",
            "POST content type",
            content,
            "application/json",
            "sends forms",
            "set the POST content type to application/json",
        ),
        (kind not in KINDS, "Type", kind, "gitea", f"is of type {kind}", "add one of Gitea"),
        (missing, "Trigger on", f"without {missing}", "with them", f"does not send {missing}", f"tick {missing}"),
        (
            filters not in ("*", "**"),
            "Branch filter",
            filters,
            "*",
            f"is for the branches {filters} only",
            "clear the branch filter",
        ),
    ):
        if wrong:
            yield Difference(setting=setting, now=now, wanted=right, sentence=sentence, fix=fix)


def _webhook(hook: Hook, page: str, whose: str = "") -> Webhook:
    return Webhook(number=int(hook["id"]), page=page, of=whose, shared=bool(whose), shown=hook)


def _goes_to(hook: Hook, url: str) -> bool:
    return same_address(str((hook.get("config") or {}).get("url") or ""), url)
