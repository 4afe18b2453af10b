"""The section `forges` of the operator's file: where repositories live and how their webhooks are verified."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from pushboat.config.document import Document
from pushboat.config.kinds import KINDS, SIGNING, SPOKEN_AS, ForgeKind
from pushboat.config.schema import Section
from pushboat.config.secret import Secret, SecretSource, Surroundings, WebhookSecretSource
from pushboat.config.urls import CloneAddress, WebAddress
from pushboat.model.wording import listed, near_miss


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A GitHub App that we act as; `private_key` is PEM text."""

    id: int
    private_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forge:
    """One forge: `kind` is a row of kinds.py; `root` (git only) holds bare repositories.

    `clone_url` contains `{repository}`, for git it is empty. `commands_from_own_account` lets the account that we act
    as command by comments, as everybody else does.
    """

    name: str
    kind: str
    url: str = ""
    api_url: str = ""
    clone_url: str = ""
    root: Path | None = None
    webhook_secrets: tuple[Secret, ...] = ()
    token: str = field(default="", repr=False)
    app: App | None = None
    commands_from_own_account: bool = False


def _kind(kind: str) -> str:
    if kind in SPOKEN_AS:
        raise ValueError(f"is no kind of its own: {kind} speaks as {SPOKEN_AS[kind]} does, so write {SPOKEN_AS[kind]}")
    if kind not in KINDS:
        raise ValueError(f"is no forge that Pushboat speaks: {near_miss(kind, KINDS)}")
    return kind


def _pem(source: SecretSource) -> SecretSource:
    if "-----BEGIN" not in source.value:
        raise ValueError("must lead to the App's private key: PEM text that begins with -----BEGIN")
    return source


class AppSection(Section):
    """A GitHub App."""

    id: int = Field(gt=0, description="the number on the App's settings page")
    private_key: Annotated[SecretSource, AfterValidator(_pem)] = Field(description="{file: key.pem}")


class ForgeSection(Section):
    """One forge as it is written."""

    kind: Annotated[str, AfterValidator(_kind)] = Field(description=listed(KINDS, "or"))
    url: WebAddress = ""
    api_url: WebAddress = ""
    clone_url: CloneAddress = ""
    root: str = Field(default="", min_length=1)
    webhook_secrets: list[WebhookSecretSource] = Field(
        min_length=1, description="at least one {env: NAME} or {file: PATH}, the same as in the forge's webhook"
    )
    token: SecretSource | None = None
    app: AppSection | None = None
    commands_from_own_account: bool = Field(
        default=False, description="whether comments of the account whose token this is may command"
    )

    def forge(self, name: str, surroundings: Surroundings) -> Forge:
        """Make the forge, with the addresses that follow from its own."""
        kind = KINDS[self.kind]
        url = self.url or kind.home
        return Forge(
            name=name,
            kind=self.kind,
            url=url,
            api_url=self.api_url or kind.api_url(url),
            clone_url=self.clone_url or kind.clone_url(url),
            root=surroundings.path(self.root) if self.root else None,
            webhook_secrets=tuple(one.secret(surroundings) for one in self.webhook_secrets),
            token=self.token.value if self.token else "",
            app=App(id=self.app.id, private_key=self.app.private_key.value) if self.app else None,
            commands_from_own_account=self.commands_from_own_account,
        )


def note_forges(document: Document) -> None:
    """Note what a forge's kind needs and does not use, and names that no URL can have."""
    for name in document.mapping("forges"):
        written = document.mapping("forges", name)
        kind = written.get("kind")
        if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum():
            document.note(
                ("forges", name), "a forge's name stands in a URL: use letters, digits, '-' and '_'", key=True
            )
        if not isinstance(kind, str) or kind not in KINDS:
            continue
        for at, message in KINDS[kind].mistakes(written):
            document.note(("forges", name, *at), message, key=True)
        _note_kinds_of_secrets(document, name, KINDS[kind])


def _note_kinds_of_secrets(document: Document, name: str, kind: ForgeKind) -> None:
    secrets = document.mapping("forges", name).get("webhook_secrets")
    for index, secret in enumerate(secrets if isinstance(secrets, list) else []):
        signing = secret.get("kind") if isinstance(secret, dict) else None
        if isinstance(signing, str) and signing in SIGNING and signing not in kind.signs:
            at = ("forges", name, "webhook_secrets", index, "kind")
            document.note(at, f"'kind: {signing}' {SIGNING[signing]}; leave it out here")
    for key in ("token", "app"):
        one = document.mapping("forges", name, key)
        if "kind" in one:
            document.note(("forges", name, key, "kind"), "'kind' belongs to webhook secrets only", key=True)
