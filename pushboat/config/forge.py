"""The section `forges` of the operator's file: where repositories live and how their webhooks are verified."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from pushboat.config.document import Document
from pushboat.config.schema import Section
from pushboat.config.secret import Secret, SecretSource, Surroundings
from pushboat.config.urls import CloneAddress, WebAddress
from pushboat.model.wording import near_miss


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A GitHub App that we act as; `private_key` is PEM text."""

    id: int
    private_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forge:
    """One forge: `kind` is github, gitlab or git; `root` (git only) holds bare repositories.

    `clone_url` contains `{repository}`, for git it is empty.
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


HOMES = {"github": "https://github.com", "gitlab": "https://gitlab.com", "git": ""}
"""The kinds that this version speaks, and where their best known instance lives."""

_UNUSED = {
    "github": {"root": "is for kind git: bare repositories on this machine"},
    "gitlab": {
        "root": "is for kind git: bare repositories on this machine",
        "app": "is for kind github; GitLab takes a 'token'",
    },
    "git": dict.fromkeys(
        ("url", "api_url", "clone_url", "token", "app"),
        "is not used by kind git, which reads bare repositories under 'root'",
    ),
}


def _kind(kind: str) -> str:
    if kind == "gitea":
        raise ValueError("not yet supported: kind gitea (github, gitlab and git are)")
    if kind not in HOMES:
        raise ValueError(f"is no forge that Pushboat speaks: {near_miss(kind, HOMES)}")
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

    kind: Annotated[str, AfterValidator(_kind)] = Field(description="github, gitlab or git")
    url: WebAddress = ""
    api_url: WebAddress = ""
    clone_url: CloneAddress = ""
    root: str = Field(default="", min_length=1)
    webhook_secrets: list[SecretSource] = Field(
        min_length=1, description="at least one {env: NAME} or {file: PATH}, the same as in the forge's webhook"
    )
    token: SecretSource | None = None
    app: AppSection | None = None

    def forge(self, name: str, surroundings: Surroundings) -> Forge:
        """Make the forge, with the addresses that follow from its own."""
        url = self.url or HOMES[self.kind]
        return Forge(
            name=name,
            kind=self.kind,
            url=url,
            api_url=self.api_url or _api_url(self.kind, url),
            clone_url="" if self.kind == "git" else self.clone_url or f"{url}/{{repository}}.git",
            root=surroundings.path(self.root) if self.root else None,
            webhook_secrets=tuple(Secret(value=one.value, kind=one.kind) for one in self.webhook_secrets),
            token=self.token.value if self.token else "",
            app=App(id=self.app.id, private_key=self.app.private_key.value) if self.app else None,
        )


def _api_url(kind: str, url: str) -> str:
    if kind == "github":
        return "https://api.github.com" if url == HOMES["github"] else f"{url}/api/v3"
    return f"{url}/api/v4" if kind == "gitlab" else ""


def note_forges(document: Document) -> None:
    """Note what a forge's kind needs and does not use, and names that no URL can have."""
    for name in document.mapping("forges"):
        written = document.mapping("forges", name)
        kind = written.get("kind")
        if not name.isascii() or not name.replace("-", "").replace("_", "").isalnum():
            document.note(
                ("forges", name), "a forge's name stands in a URL: use letters, digits, '-' and '_'", key=True
            )
        if not isinstance(kind, str) or kind not in HOMES:
            continue
        for key, why in _UNUSED[kind].items():
            if key in written:
                document.note(("forges", name, key), f"'{key}' {why}", key=True)
        for at, message in _needs(kind, written):
            document.note(("forges", name, *at), message, key=True)
        _note_signing(document, name, kind)


def _needs(kind: str, written: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], str]]:
    if kind == "git" and "root" not in written:
        yield (), "'root' is missing: the folder that holds the bare repositories"
    if kind == "github" and "token" in written and "app" in written:
        yield ("app",), "'app' and 'token' exclude each other: keep one"
    if kind == "github" and "token" not in written and "app" not in written:
        yield (), "needs a 'token' or an 'app' to fetch commits and post statuses"
    if kind == "gitlab" and "token" not in written:
        yield (), "'token' is missing: it fetches commits and posts statuses"


def _note_signing(document: Document, name: str, kind: str) -> None:
    secrets = document.mapping("forges", name).get("webhook_secrets")
    for index, secret in enumerate(secrets if isinstance(secrets, list) else []):
        if kind != "gitlab" and isinstance(secret, dict) and secret.get("kind") == "signing":
            at = ("forges", name, "webhook_secrets", index, "kind")
            document.note(at, "'kind: signing' is for GitLab 19.0 and later; leave it out here")
    for key in ("token", "app"):
        one = document.mapping("forges", name, key)
        if "kind" in one:
            document.note(("forges", name, key, "kind"), "'kind' belongs to webhook secrets only", key=True)
