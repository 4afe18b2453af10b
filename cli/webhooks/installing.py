"""`pushboat hook install` at a forge with an API: one webhook of ours, set as it should be, and proved."""

from dataclasses import dataclass, field
from typing import Any

import click

from cli import output
from cli.pinging import PingRefused, PingUnanswered, ping
from cli.webhooks import placing, proving
from pushboat.config.operator import Forge, Operator
from pushboat.config.secret import Secret, that_signs
from pushboat.errors import ForgeRefused, PushboatError
from pushboat.forges.table import webhooks_of
from pushboat.forges.webhooks import (
    Difference,
    Manual,
    NotOurs,
    Trial,
    Wanted,
    Webhook,
    Webhooks,
    checks_certificates,
    reachable,
)

THEIRS = "what its owner set, which has to be one that pushboat.yaml names"


class Unreachable(click.ClickException):
    """The forge cannot reach our address, so that a webhook would be of no use."""


class ByHand(PushboatError):
    """Our token may not do it: a person does, with these fields."""

    def __init__(self, summary: str, manual: Manual) -> None:
        super().__init__(summary)
        self.manual = manual


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What became of it: `action` is created, changed or unchanged; `secret` says where it stands now."""

    action: str
    webhook: Webhook
    secret: str
    changed: tuple[Difference, ...] = ()
    others: tuple[Webhook, ...] = ()
    trial: Trial = field(default_factory=Trial)
    left: tuple[Difference, ...] = ()

    def form(self, repository: str) -> dict[str, Any]:
        """Give it for programs; the secret's place, never the secret."""
        return {
            "repository": repository,
            "action": self.action,
            "webhook": self.webhook.number,
            "page": self.webhook.page,
            "changed": [{"setting": one.setting, "was": one.now, "is": one.wanted} for one in self.changed],
            "secret": self.secret,
            "others": [one.page for one in self.others],
            "answer": self.trial.code,
            "left": [one.setting for one in self.left],
        }


def address(operator: Operator, forge: Forge, url: str) -> str:
    """Give the address that the forge is to call.

    Raises:
        Unreachable: it is this machine's, and the forge is elsewhere.
    """
    base = (url or operator.public_url).rstrip("/")
    if forge.url and not reachable(base, forge.url):
        raise Unreachable(
            f"{forge.url} cannot reach {base}, which is this machine only: set public_url in pushboat.yaml to the "
            "address under which the forge reaches Pushboat, or name it with --url"
        )
    return base


def secret_of(forge: Forge) -> tuple[Secret, str]:
    """Give the secret that webhooks sign with, and where it stands; it is made where its file is not there yet.

    Raises:
        NotWritten: its file cannot be written here.
    """
    secret = that_signs(forge.webhook_secrets)
    if secret.value or secret.file is None:
        return secret, f"as {f'the variable {secret.env}' if secret.env else secret.file} has it"
    value = placing.make(secret)
    if not placing.create(secret.file, value):
        raise placing.NotWritten(f"{secret.file} was written by somebody else at this moment: try again")
    return Secret(value=value, kind=secret.kind, file=secret.file), f"made and written to {secret.file}"


def install(forge: Forge, repository: str, base: str, secret: Secret, where: str) -> Installed:
    """Create or repair the webhook.

    Raises:
        ByHand: the token may not manage webhooks.
        ForgeUnavailable: nobody knows how it is.
    """
    url = f"{base}/webhooks/{forge.name}"
    webhooks = webhooks_of(forge)
    wanted = Wanted(url=url, secret=secret, tls=checks_certificates(url))
    try:
        return _install(webhooks, forge, repository, wanted, base, where)
    except NotOurs:
        raise
    except ForgeRefused as refusal:
        manual = webhooks.manual(repository, url)
        raise ByHand(f"{refusal.summary}; to manage webhooks takes {manual.scope}", manual) from refusal


def _install(webhooks: Webhooks, forge: Forge, repository: str, wanted: Wanted, base: str, where: str) -> Installed:
    found = webhooks.found(repository, wanted.url)
    ours, others = [one for one in found if not one.shared], tuple(one for one in found if one.shared)
    if not ours and any(not tuple(webhooks.differences(one, wanted)) for one in others):
        return Installed(action="unchanged", webhook=others[0], secret=THEIRS, others=others[1:])
    if not ours:
        made = webhooks.create(repository, wanted)
        trial = proving.proved(webhooks, forge, repository, made, base, wanted.secret)
        return Installed(action="created", webhook=made, secret=where, others=others, trial=trial)
    wrong = tuple(one for webhook in ours for one in webhooks.differences(webhook, wanted))
    if not wrong and len(ours) == 1:
        # What the forge shows is right; only a delivery tells whether its secret is.
        trial = proving.proved(webhooks, forge, repository, ours[0], base, wanted.secret)
        if trial.good:
            return Installed(action="unchanged", webhook=ours[0], secret=where, others=others, trial=trial)
        wrong = (Difference(setting="Secret", now="not proved", wanted="set anew"),)
    last = [webhooks.change(repository, webhook, wanted) for webhook in ours][-1]
    trial = proving.proved(webhooks, forge, repository, last, base, wanted.secret)
    now = webhooks.found(repository, wanted.url)
    others = tuple(one for one in now if one.number != last.number)
    # What only a person can set right, such as an App's events, or a good test: GitLab switches on again by one.
    left = tuple(each for one in now if not one.shared for each in webhooks.differences(one, wanted))
    done = tuple(one for one in wrong if one.setting not in [each.setting for each in left])
    return Installed(action="changed", webhook=last, secret=where, changed=done, others=others, trial=trial, left=left)


def told(done: Installed, forge: Forge, repository: str, base: str, secret: Secret) -> int:
    """Say what was done and what is left to do, and give the exit code."""
    name = f"{forge.name}/{repository}"
    whose = f" of {done.webhook.of}" if done.webhook.of else ""
    output.say(f"the webhook{whose} was {done.action}: {done.webhook.page}", glyph="✔")
    for one in done.changed:
        output.say(f"  {one.setting}: {one.now} → {one.wanted}")
    output.say(f"  its secret: {done.secret}")
    for other in done.others:
        output.say(f"  another webhook goes there too, so that each event comes twice and acts once: {other.page}")
    for one in done.left:
        fix = one.fix or f"set {one.setting} to {one.wanted}"
        output.say(f"the webhook still {one.sentence or f'has {one.setting} {one.now}'}: {fix}", glyph="✗")
    if done.trial.good:
        output.say(f"a test of {name} arrived and was taken", glyph="✔")
        return 1 if done.left else 0
    return _doubted(done.trial, forge, base, secret) or (1 if done.left else 0)


def _doubted(trial: Trial, forge: Forge, base: str, secret: Secret) -> int:
    """Find out who does not let the test through: nobody runs here, another secret runs, or the way is blocked."""
    try:
        ping(base, forge, (secret,))
    except PingRefused as refusal:
        output.say(f"but {refusal.summary}: every delivery would be refused", glyph="✗")
        output.say("next: restart Pushboat, so that it reads pushboat.yaml and the variables of today; then try again")
        return 1
    except PingUnanswered as trouble:
        output.say(f"but {trouble.summary}: deliveries are lost until Pushboat runs there", glyph="!")
        output.say("next: start `pushboat serve`, then `pushboat hook doctor`")
        return 0
    if trial.code is None:
        output.say("the running Pushboat takes this secret; whether the forge reaches it shows with the first push")
        return 0
    said = f"was answered {trial.code}" if trial.code else "got no answer"
    output.say(f"but the forge's test {said} ({output.one_line(trial.said)[:200]})", glyph="✗")
    output.say(
        f"next: see that the forge reaches {base}; it may refuse addresses of private networks "
        "(Gitea, Forgejo: ALLOWED_HOST_LIST under [webhook] in app.ini; GitLab: Admin, Network, Outbound requests)"
    )
    return 1
