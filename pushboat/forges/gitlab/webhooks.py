"""GitLab's webhooks: the project's, and those of the groups around it, which send the same events once more."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from gitlab import Gitlab

from pushboat.config.operator import Forge
from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.forges.gitlab.api import Api
from pushboat.forges.webhooks import Difference, Last, Manual, Trial, Wanted, Webhook, same_address

EVENTS = {
    "push_events": "Push events",
    "tag_push_events": "Tag push events",
    "merge_requests_events": "Merge request events",
    "note_events": "Comments",
}
SCOPE = "the role Maintainer in the project, and a token with the scope api"
SIGNED = "signing"
TESTED = "resource_access_token_events"
"""A kind of event that every project can be tested with, and that leads to nothing; GitLab has it since 17.1."""

NAMED = "the one that pushboat.yaml names"
_RECENT = 20
Hook = Mapping[str, Any]


def connect(forge: Forge) -> "Webhooks":
    """Make it; nothing is sent yet."""
    return Webhooks(Api(forge))


class Webhooks:
    """The webhooks of one GitLab."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._url = api.url.rstrip("/")

    def found(self, repository: str, url: str) -> tuple[Webhook, ...]:
        """List the project's own, and those of the groups around it that the token may see."""
        page = f"{self._url}/{repository}/-/hooks"
        own = [_webhook(hook, page) for hook in self._listed(_project(repository)) if _goes_to(hook, url)]
        names = repository.split("/")[:-1]
        for depth in range(len(names), 0, -1):
            group = "/".join(names[:depth])
            try:
                hooks = self._listed(f"/groups/{quote(group, safe='')}")
            except ForgeRefused:
                continue  # an owner's token is needed to see them, and a plan that has them
            page = f"{self._url}/groups/{group}/-/hooks"
            own += [_webhook(hook, page, f"the group {group}") for hook in hooks if _goes_to(hook, url)]
        return tuple(own)

    def differences(self, webhook: Webhook, wanted: Wanted) -> tuple[Difference, ...]:
        """Compare; GitLab tells of a signing token only whether there is one."""
        return tuple(_differences(webhook.shown, wanted))

    def create(self, repository: str, wanted: Wanted) -> Webhook:
        """Create the project's webhook."""
        path, doing = f"{_project(repository)}/hooks", f"create the webhook of {repository}"
        made = self._api.ask(doing, lambda gitlab: _proven(gitlab.http_post(path, post_data=_fields(wanted, {}))))
        return _webhook(made, f"{self._url}/{repository}/-/hooks")

    def change(self, repository: str, webhook: Webhook, wanted: Wanted) -> Webhook:
        """Set all of it; a signing token takes the clear one's place."""
        path, doing = f"{_project(repository)}/hooks/{webhook.number}", f"change the webhook of {repository}"
        fields = _fields(wanted, webhook.shown)
        changed = self._api.ask(doing, lambda gitlab: _proven(gitlab.http_put(path, post_data=fields)))
        return _webhook(changed, webhook.page)

    def test(self, repository: str, webhook: Webhook) -> Trial:
        """Have a sample sent, which also switches a webhook on again; GitLab says how it was answered."""
        path = f"{_project(repository)}/hooks/{webhook.number}/test/{TESTED}"
        try:
            self._api.ask(f"test the webhook of {repository}", lambda gitlab: gitlab.http_post(path))
        except ForgeUnavailable:
            raise
        except ForgeRefused as refusal:
            # 422 carries our own answer; older versions know no such test, and 403 says that we may not.
            code = _answered(refusal.summary)
            return Trial(code=code, said=refusal.summary, tested=code is not None)
        return Trial(code=200)

    def last(self, repository: str, webhook: Webhook) -> Last:
        """Read the newest page of the log, which GitLab has since 17.4."""
        path = f"{_project(repository)}/hooks/{webhook.number}/events"

        def read(gitlab: Gitlab) -> list[str]:
            found = gitlab.http_list(path, iterator=False, get_all=False, query_data={"per_page": _RECENT})
            return [str(one["response_status"]) for one in found]

        try:
            codes = self._api.ask(f"read what the webhook of {repository} delivered", read)
        except ForgeRefused:
            return Last()
        return _last(codes, webhook.page) if codes else Last(sentence="nothing delivered yet")

    def manual(self, repository: str, url: str) -> Manual:
        """Name the fields of the page *Webhooks*."""
        fields = {
            "URL": url,
            "Secret token or signing token": NAMED,
            "Trigger": ", ".join(EVENTS.values()),
            "SSL verification": "enabled",
        }
        return Manual(page=f"{self._url}/{repository}/-/hooks", fields=fields, events=fields["Trigger"], scope=SCOPE)

    def required(self, repository: str) -> tuple[str, ...]:  # noqa: ARG002 - the protocol's
        """Name none: GitLab demands a pipeline that succeeds, not statuses by their names."""
        return ()

    def _listed(self, place: str) -> list[dict[str, Any]]:
        def read(gitlab: Gitlab) -> list[dict[str, Any]]:
            return [dict(hook) for hook in gitlab.http_list(f"{place}/hooks", iterator=True)]

        return self._api.ask("list the webhooks", read)


def _differences(hook: Hook, wanted: Wanted) -> Iterator[Difference]:
    alert = str(hook.get("alert_status") or "executable")
    missing = ", ".join(words for name, words in EVENTS.items() if not hook.get(name))
    open_to_all = wanted.tls and not hook.get("enable_ssl_verification", True)
    branches, template = hook.get("push_events_branch_filter"), hook.get("custom_webhook_template")
    unsigned = wanted.secret.kind == SIGNED and hook.get("signing_token_present") is False
    for wrong, setting, now, right, sentence, fix in (
        (
            alert != "executable",
            "Switched",
            f"off by GitLab ({alert})",
            "on",
            f"is off: GitLab switched the webhook off ({alert}), because its deliveries failed",
            "send a test event once it answers 2xx",
        ),
        (
            template,
            "Custom webhook template",
            "one of its own",
            "none",
            "has a payload template of its own",
            "remove the template",
        ),
        (missing, "Trigger", f"without {missing}", "with them", f"does not send {missing}", f"tick {missing}"),
        (
            open_to_all,
            "SSL verification",
            "disabled",
            "enabled",
            "goes to whoever claims our address (SSL verification is off)",
            "enable SSL verification",
        ),
        (branches, "Branches", f"{branches} only", "all", f"is for the branches {branches} only", "tick All branches"),
        (unsigned, "Signing token", "none", NAMED, "does not sign", "set the signing token"),
    ):
        if wrong:
            yield Difference(setting=setting, now=now, wanted=right, sentence=sentence, fix=fix)


def _last(codes: list[str], page: str) -> Last:
    failed = sum(not code.startswith("2") for code in codes)
    if codes[0] == "401":
        return Last(good=False, sentence="its last delivery had the wrong secret")
    if not codes[0].startswith("2"):
        fix = f"open the webhook's recent events at {page} and read the answer"
        return Last(good=False, sentence=f"its last delivery was answered {codes[0]}", fix=fix)
    few = f", {failed} of the last {len(codes)} failed" if failed else ""
    return Last(sentence=f"last delivery answered {codes[0]}{few}")


def _fields(wanted: Wanted, hook: Hook) -> dict[str, Any]:
    secret = wanted.secret
    signed = secret.kind == SIGNED
    fields: dict[str, Any] = dict.fromkeys(EVENTS, True)
    fields |= {"url": wanted.url, "enable_ssl_verification": wanted.tls}
    # The clear token must not travel beside the signature that replaces it.
    fields |= {"signing_token": secret.value, "token": ""} if signed else {"token": secret.value}
    if hook.get("push_events_branch_filter"):
        fields |= {"push_events_branch_filter": "", "branch_filter_strategy": "all_branches"}
    if hook.get("custom_webhook_template"):
        fields |= {"custom_webhook_template": ""}
    return fields


def _answered(sentence: str) -> int | None:
    """Find in a refusal whether it was our answer that GitLab did not like."""
    return 401 if "answered 422" in sentence and "signature" in sentence else 0 if "answered 422" in sentence else None


def _proven(answer: Any) -> dict[str, Any]:
    answer["id"]
    return dict(answer)


def _project(repository: str) -> str:
    return f"/projects/{quote(repository, safe='')}"


def _webhook(hook: Hook, page: str, of: str = "") -> Webhook:
    return Webhook(number=int(hook["id"]), page=page, of=of, shared=bool(of), shown=hook)


def _goes_to(hook: Hook, url: str) -> bool:
    return same_address(str(hook.get("url") or ""), url)
