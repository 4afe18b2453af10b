"""`notifications`: who away from the forge hears what becomes of environments; the operator alone says so.

Where a receiver is reached is a secret: who knows a chat's webhook can write there. A pushed commit's file says nothing
of it, so that no commit silences what it breaks.
"""

import base64
import binascii
import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from pushboat.config.document import Document
from pushboat.config.schema import Section
from pushboat.config.secret import SecretSource, Url, plain
from pushboat.config.urls import asked_address
from pushboat.config.values import receiver_name
from pushboat.model.notice import News
from pushboat.model.wording import near_miss

APPRISE: Final = "apprise"
WEBHOOK: Final = "webhook"
CLOUDEVENTS: Final = "cloudevents"
WAYS = (APPRISE, WEBHOOK, CLOUDEVENTS)
MOST_RECEIVERS, MOST_SECRETS = 50, 5
SHORTEST_SECRET, LONGEST_SECRET = 24, 64
"""Bytes of a secret that signs, as Standard Webhooks has it."""
PREFIX = "whsec_"
LONGEST_TEMPLATE = 4_000

Told = Literal["deployed", "failed", "recovered", "drifted", "waiting", "removed"]
ALL = tuple(news for news in News if news is not News.TEST)
USUAL: Mapping[str, tuple[News, ...]] = {
    APPRISE: (News.FAILED, News.RECOVERED, News.DRIFTED, News.WAITING),  # what people must know, and no more
    WEBHOOK: ALL,
    CLOUDEVENTS: ALL,
}
SAMPLE: Mapping[str, str] = {
    "news": "failed",
    "repository": "github/acme/shop",
    "environment": "production",
    "sha": "1a2b3c4d5e6f708192a3b4c5d6e7f80910111213",
    "short_sha": "1a2b3c4",
    "ref": "main",
    "sentence": "Deployment shop/web is not healthy",
    "subject": "Change the greeting",
    "author": "Ann",
    "deployment": "7",
    "at": "2026-01-02T03:04:05.000Z",
    "url": "https://pushboat.example.com/deployments/7",
}
"""What a template is given, by way of example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Somebody who hears. `way` is apprise, webhook or cloudevents; `secrets` sign, each by itself, for rotation.

    `events` is what it listens for where an environment says nothing else. `title` and `text` are templates; empty
    ones leave the words to us. `cdevents`: in the vocabulary of CDEvents.
    """

    name: str
    way: str
    url: str = field(repr=False)
    events: tuple[News, ...] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)
    cdevents: bool = False
    title: str = ""
    text: str = ""


def _address(url: str | SecretSource) -> str | SecretSource:
    if re.match(r"[^/]*//[^/]*@", plain(url)):
        raise ValueError("must not have credentials in it: 'secrets' show that it is Pushboat")
    if isinstance(url, str) and "?" in url:
        raise ValueError("has a query, which may be secret: keep the whole URL in {env: NAME} or {file: PATH}")
    asked_address(plain(url))
    return url


def _apprise_url(url: SecretSource) -> SecretSource:
    if "://" not in url.value or not url.value.isprintable() or " " in url.value:
        raise ValueError("leads to no address that apprise knows, such as slack://… or mailto://…")
    return url


def _signs(secret: SecretSource) -> SecretSource:
    try:
        key = base64.b64decode(secret.value.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not SHORTEST_SECRET <= len(key) <= LONGEST_SECRET:
        advice = f"make one with `printf {PREFIX}; openssl rand -base64 32`"
        raise ValueError(f"must be {SHORTEST_SECRET} to {LONGEST_SECRET} bytes in base64, after {PREFIX}: {advice}")
    return secret


def _template(written: str) -> str:
    if len(written) > LONGEST_TEMPLATE:
        raise ValueError(f"has more than {LONGEST_TEMPLATE} characters")
    if written and (why := importlib.import_module("pushboat.templates").refused(written, SAMPLE)):
        raise ValueError(why)
    return written


def heard(written: list[Told]) -> list[Told]:
    """Accept what somebody listens for, each once."""
    if len(set(written)) < len(written):
        raise ValueError("names something twice")
    return written


Heard = Annotated[list[Told], AfterValidator(heard)]
Notify = dict[str, Heard]
Name = Annotated[str, AfterValidator(receiver_name)]
Template = Annotated[str, AfterValidator(_template)]


class ReceiverSection(Section):
    """One receiver as it is written."""

    apprise: Annotated[SecretSource, AfterValidator(_apprise_url)] | None = None
    webhook: Annotated[Url, AfterValidator(_address)] | None = None
    cloudevents: Annotated[Url, AfterValidator(_address)] | None = None
    secrets: list[Annotated[SecretSource, AfterValidator(_signs)]] = Field(
        default_factory=list, max_length=MOST_SECRETS
    )
    format: Literal["pushboat", "cdevents"] = "pushboat"
    events: Heard | None = None
    title: Template = ""
    text: Template = ""

    def receiver(self, name: str) -> Receiver:
        """Make the receiver; `note_receivers` has seen to it that it has one way."""
        found = {APPRISE: self.apprise, WEBHOOK: self.webhook, CLOUDEVENTS: self.cloudevents}
        way, url = next((way, url) for way, url in found.items() if url is not None)
        return Receiver(
            name=name,
            way=way,
            url=plain(url),
            events=USUAL[way] if self.events is None else tuple(map(News, self.events)),
            secrets=tuple(each.value for each in self.secrets),
            cdevents=self.format == "cdevents",
            title=self.title,
            text=self.text,
        )


def chosen(notify: Mapping[str, list[Told]]) -> Mapping[str, tuple[str, ...]]:
    """Give what each receiver listens for in an environment that says so itself."""
    return {name: tuple(map(News, news)) for name, news in notify.items()}


def note_receivers(document: Document) -> None:
    """Note what receivers lack, what does not go together, and whom environments name that is none."""
    for name, written in document.mapping("notifications").items():
        if isinstance(written, dict):
            _note_receiver(document, ("notifications", name), written)
    known, projects = document.mapping("notifications"), document.mapping().get("projects")
    for index in range(len(projects) if isinstance(projects, list) else 0):
        for environment in document.mapping("projects", index, "environments"):
            at = ("projects", index, "environments", environment, "notify")
            for name in document.mapping(*at):
                if name not in known:
                    document.note((*at, name), f"is none of 'notifications': {near_miss(name, known)}", key=True)


def _note_receiver(document: Document, at: tuple[str, str], written: Mapping[str, Any]) -> None:
    ways = [way for way in WAYS if way in written]
    if len(ways) != 1:
        document.note(at, f"needs one of {', '.join(WAYS)}", key=True)
    for way in WAYS:
        if "kind" in document.mapping(*at, way):
            document.note((*at, way, "kind"), "'kind' belongs to webhook secrets only", key=True)
    if ways == [WEBHOOK] and not written.get("secrets"):
        document.note(at, "needs 'secrets' that sign what is sent: [{env: NAME}] or [{file: PATH}]", key=True)
    if ways == [APPRISE] and "secrets" in written:
        document.note((*at, "secrets"), "'secrets' sign webhooks and CloudEvents; apprise has its own ways", key=True)
    if ways != [CLOUDEVENTS] and "format" in written:
        document.note((*at, "format"), "'format' is for cloudevents", key=True)
    for word in ("title", "text"):
        if ways != [APPRISE] and word in written:
            document.note((*at, word), f"'{word}' is for apprise: programs get fields", key=True)
