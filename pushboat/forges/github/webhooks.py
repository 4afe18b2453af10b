"""GitHub's webhooks: of the repository, of its organisation, and the one that an App has for all its repositories."""

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from github import Github

from pushboat.config.operator import Forge
from pushboat.errors import ForgeRefused
from pushboat.forges.answers import Missing
from pushboat.forges.github.api import Api, create, edit, get, listed
from pushboat.forges.github.webhook_settings import ASKED_FOR, EVENTS, JSON, NAMED, configuration, differences, goes_to
from pushboat.forges.webhooks import Difference, Last, Manual, NotOurs, Trial, Wanted, Webhook, same_address

SCOPE = "an administrator's token: a classic one with the scope admin:repo_hook, or Webhooks: read and write"
APP_SCOPE = "the App's webhook, which its owner sets"
_RECENT = 20
_ANSWER_WITHIN = 10.0
"""Seconds from a ping to its line in the log of deliveries."""


def connect(forge: Forge) -> "Webhooks":
    """Make it; nothing is sent yet."""
    return Webhooks(Api(forge))


class Webhooks:
    """The webhooks of one GitHub, by token or as an App."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._url = api.url

    def found(self, repository: str, url: str) -> tuple[Webhook, ...]:
        """List the App's own, the repository's and the organisation's, as far as we see them."""
        own = self._of_the_app(repository, url) if self._api.as_app else ()
        try:
            hooks = self._listed(repository, f"/repos/{repository}/hooks")
        except ForgeRefused:
            if own:
                return own
            raise
        page = f"{self._url}/{repository}/settings/hooks"
        ours = tuple(_webhook(hook, page) for hook in hooks if goes_to(hook, url))
        return (*own, *ours, *self._of_the_organisation(repository, url))

    def differences(self, webhook: Webhook, wanted: Wanted) -> tuple[Difference, ...]:
        """Compare; an App's webhook is switched and gets its events elsewhere."""
        return tuple(differences(webhook.shown, wanted))

    def create(self, repository: str, wanted: Wanted) -> Webhook:
        """Create the repository's webhook, or give the App's its address where it has none yet."""
        if self._api.as_app:
            return self._given_to_the_app(repository, wanted)
        fields = {
            "name": "web",
            "active": True,
            "events": sorted((*EVENTS, *ASKED_FOR)),
            "config": configuration(wanted),
        }
        doing = f"create the webhook of {repository}"
        made = self._api.ask(repository, doing, lambda github: create(github, f"/repos/{repository}/hooks", fields))
        return _webhook(made, f"{self._url}/{repository}/settings/hooks")

    def change(self, repository: str, webhook: Webhook, wanted: Wanted) -> Webhook:
        """Set all at once: a configuration that is sent without its secret loses it."""
        doing = f"change the webhook of {webhook.of or repository}"
        if webhook.number == 0:
            self._api.ask_as_app(doing, lambda github: _patch(github, "/app/hook/config", configuration(wanted)))
            return webhook
        events = set(webhook.shown.get("events") or ())
        fields = {
            "active": True,
            "events": ["*"] if "*" in events else sorted(events | {*EVENTS, *ASKED_FOR}),
            "config": configuration(wanted),
        }
        path = f"/repos/{repository}/hooks/{webhook.number}"
        changed = self._api.ask(repository, doing, lambda github: edit(github, path, fields))
        return _webhook(changed, f"{self._url}/{repository}/settings/hooks")

    def test(self, repository: str, webhook: Webhook) -> Trial:
        """Send a ping, and read in the log of deliveries how it was answered. There is none for an App's webhook."""
        if webhook.number == 0:
            return Trial(tested=False)
        path = f"/repos/{repository}/hooks/{webhook.number}"

        def ping(github: Github) -> Trial:
            known = {int(one["id"]) for one in _pings(github, path)}
            github.requester.requestJsonAndCheck("POST", f"{path}/pings")
            until = time.monotonic() + _ANSWER_WITHIN
            while time.monotonic() < until:
                for one in _pings(github, path):
                    if int(one["id"]) not in known:
                        return _trial(one)
                time.sleep(0.3)  # the log is written some moments after the answer
            return Trial()

        return self._api.ask(repository, f"ping the webhook of {repository}", ping)

    def last(self, repository: str, webhook: Webhook) -> Last:
        """Judge by GitHub's word on the last delivery, and count in its log how many of the last ones failed."""
        response = webhook.shown.get("last_response") or {}
        code, status = response.get("code"), response.get("status")
        if code == 401:
            return Last(good=False, sentence="its last delivery had the wrong secret")
        if code and code >= 400:
            fix = f"open Recent Deliveries at {webhook.page} and read the answer"
            return Last(good=False, sentence=f"its last delivery was answered {code}", fix=fix)
        if status == "timeout":
            fix = f"check that GitHub reaches this URL; its tries stand at {webhook.page}"
            return Last(good=False, sentence="its last delivery ran out of time", fix=fix)
        failed, of_all = self._failed(repository, webhook)
        few = f", {failed} of the last {of_all} failed" if failed else ""
        return Last(sentence=f"last delivery answered {code}{few}" if code else "nothing delivered yet")

    def _failed(self, repository: str, webhook: Webhook) -> tuple[int, int]:
        path = f"/repos/{repository}/hooks/{webhook.number}/deliveries"

        def read(github: Github) -> tuple[int, int]:
            _, found = github.requester.requestJsonAndCheck("GET", path, parameters={"per_page": _RECENT})
            return sum(not 200 <= int(one["status_code"]) < 300 for one in found), len(found)

        try:
            return self._api.ask(repository, f"read what the webhook of {repository} delivered", read)
        except ForgeRefused:
            return 0, 0  # the App's, or a token that may see webhooks and not their log

    def manual(self, repository: str, url: str) -> Manual:
        """Name the fields of the page *Add webhook*, or of the App's."""
        fields = {
            "Payload URL": url,
            "Content type": JSON,
            "Secret": NAMED,
            "SSL verification": "enabled",
            "Events": ", ".join(sorted(EVENTS)),
        }
        events = fields["Events"]
        if self._api.as_app:
            slug = self._api.own_name(repository).removesuffix("[bot]")
            return Manual(page=f"{self._url}/settings/apps/{slug}", fields=fields, events=events, scope=APP_SCOPE)
        return Manual(page=f"{self._url}/{repository}/settings/hooks", fields=fields, events=events, scope=SCOPE)

    def required(self, repository: str) -> tuple[str, ...]:
        """Read the branch's protection and the rule sets that concern it."""

        def branch(github: Github) -> str:
            return quote(str(get(github, f"/repos/{repository}")["default_branch"]))

        def protection(github: Github) -> list[str]:
            found = get(github, f"/repos/{repository}/branches/{name}").get("protection") or {}
            return [str(one) for one in (found.get("required_status_checks") or {}).get("contexts") or ()]

        def rules(github: Github) -> list[str]:
            found = listed(github, f"/repos/{repository}/rules/branches/{name}")
            checks = [(rule.get("parameters") or {}).get("required_status_checks") or () for rule in found]
            return [str(one["context"]) for few in checks for one in few]

        doing = f"read the rules of {repository}"
        name = self._api.ask(repository, doing, branch)
        names = self._api.ask(repository, doing, protection)
        with suppress(Missing):  # an Enterprise server of before there were rule sets
            names += self._api.ask(repository, doing, rules)
        return tuple(dict.fromkeys(names))

    def _listed(self, repository: str, path: str) -> list[dict[str, Any]]:
        return self._api.ask(repository, "list the webhooks", lambda github: listed(github, path))

    def _of_the_organisation(self, repository: str, url: str) -> tuple[Webhook, ...]:
        owner = repository.partition("/")[0]
        try:
            hooks = self._listed(repository, f"/orgs/{owner}/hooks")
        except ForgeRefused:
            return ()  # an owner's token is needed to see them, or a person owns the repository
        page = f"{self._url}/organizations/{owner}/settings/hooks"
        return tuple(_webhook(hook, page, f"the organisation {owner}") for hook in hooks if goes_to(hook, url))

    def _of_the_app(self, repository: str, url: str) -> tuple[Webhook, ...]:
        try:
            config = self._api.ask_as_app("see the App's webhook", lambda github: get(github, "/app/hook/config"))
        except Missing:
            return ()  # it has none
        if not same_address(str(config.get("url") or ""), url):
            return ()
        installation = self._api.ask_as_app(
            f"see the App's installation on {repository}",
            lambda github: get(github, f"/repos/{repository}/installation"),
        )
        shown = {"config": config, "active": True, "events": installation.get("events") or ()}
        manual = self.manual(repository, url)
        return (Webhook(number=0, page=manual.page, of="the App", shown=shown),)

    def _given_to_the_app(self, repository: str, wanted: Wanted) -> Webhook:
        config = self._api.ask_as_app("see the App's webhook", lambda github: get(github, "/app/hook/config"))
        if config.get("url"):
            raise NotOurs(
                f"the App's webhook goes to {config['url']}, and an App has one: the operator must take an App of its "
                "own for Pushboat, or give that one our address by hand"
            )
        doing = "give the App's webhook our address"
        self._api.ask_as_app(doing, lambda github: _patch(github, "/app/hook/config", configuration(wanted)))
        return next(iter(self._of_the_app(repository, wanted.url)))


def _patch(github: Github, path: str, fields: Mapping[str, Any]) -> None:
    _, answer = github.requester.requestJsonAndCheck("PATCH", path, input=dict(fields))
    answer["url"]


def _pings(github: Github, path: str) -> list[dict[str, Any]]:
    _, found = github.requester.requestJsonAndCheck("GET", f"{path}/deliveries", parameters={"per_page": 20})
    return [one for one in found if one.get("event") == "ping"]


def _trial(entry: Mapping[str, Any]) -> Trial:
    code, said = int(entry.get("status_code") or 0), str(entry.get("status") or "")
    # 502 is GitHub's own word for nobody having answered.
    return Trial(code=0 if code == 502 and said != "Bad Gateway" else code, said=said)


def _webhook(hook: Mapping[str, Any], page: str, of: str = "") -> Webhook:
    return Webhook(number=int(hook["id"]), page=page, of=of, shared=bool(of), shown=hook)
