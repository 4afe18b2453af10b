"""Secrets: never written in the file, only where to find them: `{env: NAME}` or `{file: PATH}`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, PrivateAttr, Tag, ValidationInfo, model_validator

from pushboat.config.schema import URL_TAG, VARIABLE_TAG, Section, word_or_section

SHORTEST_KEY = 16
"""Characters of an encryption key: 128 bits take 32 hexadecimal digits, or 16 of any bytes."""
LARGEST_SECRET = 64 * 1024
"""Bytes; a private key has some three thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A webhook secret with its value, empty where it is not there yet, and where that stands: `env` or `file`.

    `kind` is plain, signing for a GitLab 19.0+ signing token, or leaving for a plain one that still counts beside it.
    """

    value: str = field(repr=False)
    kind: str = "plain"
    env: str = field(default="", compare=False)
    file: Path | None = field(default=None, compare=False)


def that_count(secrets: tuple[Secret, ...]) -> tuple[Secret, ...]:
    """Leave out what is not there yet, and plain ones beside a signing token, which they would make pointless."""
    signed = any(secret.kind == "signing" for secret in secrets)
    return tuple(secret for secret in secrets if secret.value and not (signed and secret.kind == "plain"))


def that_signs(secrets: tuple[Secret, ...]) -> Secret:
    """Pick the one that the forge's webhooks should sign with: the first, of signing tokens if there is one."""
    staying = [secret for secret in secrets if secret.kind != "leaving"] or list(secrets)
    return next((secret for secret in staying if secret.kind == "signing"), staying[0])


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What values of the file refer to: the environment's variables, and the folder that paths start from."""

    environ: Mapping[str, str] = field(repr=False)
    folder: Path
    lacks_webhook_secrets: bool = False
    """Whether webhook secrets may not be there yet, for the command that brings them."""
    named: set[Path] = field(default_factory=set, compare=False)
    """Every path that was asked for so far: what changes with these files, though the text stays."""
    secret_files: set[Path] = field(default_factory=set, compare=False)
    """Those of them whose content is a secret."""

    def path(self, written: str) -> Path:
        """Resolve a path of the file: relative to its folder, with `~` for the home directory."""
        found = self._resolved(written)
        self.named.add(found)
        return found

    def _resolved(self, written: str) -> Path:
        if written == "~" or written.startswith("~/"):
            home = self.environ.get("HOME")
            return Path(home, written[2:]) if home else Path(written).expanduser()
        return self.folder / written


class SecretSource(Section):
    """Where a secret is. It is read while the file is checked, so that a missing one is a mistake like any other."""

    env: str = ""
    file: str = ""
    kind: Literal["plain", "signing", "leaving"] = "plain"
    _value: str = PrivateAttr("")

    @property
    def value(self) -> str:
        """Give the secret itself."""
        return self._value

    @model_validator(mode="before")
    @classmethod
    def _refuse_literals(cls, written: Any) -> Any:
        if not isinstance(written, dict):
            raise ValueError(  # noqa: TRY004 - pydantic turns only ValueError into a finding
                "is a secret and must not stand in the file: write {env: NAME} or {file: PATH}"
            )
        return written

    @model_validator(mode="after")
    def _resolve(self, info: ValidationInfo) -> Self:
        if bool(self.env) == bool(self.file):
            raise ValueError("needs one of the two: {env: NAME} or {file: PATH}")
        surroundings = info.context
        assert isinstance(surroundings, Surroundings)
        self._value = self._found(surroundings)
        return self

    def _found(self, surroundings: Surroundings) -> str:
        if self.env:
            return _variable(self.env, surroundings)
        file = surroundings.path(self.file)
        surroundings.secret_files.add(file)
        return content(file)


Url = Annotated[
    Annotated[str, Tag(URL_TAG)] | Annotated[SecretSource, Tag(VARIABLE_TAG)], Discriminator(word_or_section)
]
"""An address that may be secret as a whole, and then stands elsewhere as other secrets do."""


def plain(url: str | SecretSource) -> str:
    """Give the address itself."""
    return url if isinstance(url, str) else url.value


def _long_enough(key: SecretSource) -> SecretSource:
    if len(key.value) < SHORTEST_KEY:
        raise ValueError(f"needs at least {SHORTEST_KEY} characters: make one with `openssl rand -hex 32`")
    return key


EncryptionKey = Annotated[SecretSource, AfterValidator(_long_enough)]


class WebhookSecretSource(SecretSource):
    """Where a webhook's secret is; `pushboat hook install` puts it there."""

    def secret(self, surroundings: Surroundings) -> Secret:
        """Give the secret, with its place."""
        file = surroundings.path(self.file) if self.file else None
        return Secret(value=self.value, kind=self.kind, env=self.env, file=file)

    def _found(self, surroundings: Surroundings) -> str:
        absent = self.env not in surroundings.environ if self.env else not surroundings.path(self.file).exists()
        if absent and surroundings.lacks_webhook_secrets:
            return ""
        if absent and self.file:
            raise ValueError(
                f"needs the file {surroundings.path(self.file)}, which does not exist: "
                "`pushboat hook install REPOSITORY` makes it, and tells the forge"
            )
        return super()._found(surroundings)


def _variable(name: str, surroundings: Surroundings) -> str:
    if name not in surroundings.environ:
        raise ValueError(f"needs the environment variable {name}, which is not set")
    value = surroundings.environ[name].strip("\r\n")
    if not value.strip():
        raise ValueError(f"needs the environment variable {name}, which is empty")
    return value


def content(path: Path) -> str:
    """Read a secret from its file.

    Raises:
        ValueError: there is none that can be read; the sentence goes on after the key's name.
    """
    try:
        if not path.is_file():
            raise ValueError(f"needs the file {path}, which {'is no file' if path.exists() else 'does not exist'}")
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_SECRET + 1)
    except OSError as error:
        raise ValueError(f"needs the file {path}, which cannot be read: {error.strerror}") from error
    if len(raw) > LARGEST_SECRET:
        raise ValueError(f"needs the file {path}, which is too large for a secret")
    try:
        value = raw.decode("utf-8").strip("\r\n")
    except UnicodeDecodeError:
        raise ValueError(f"needs the file {path}, which is not UTF-8 text") from None
    if not value.strip():
        raise ValueError(f"needs the file {path}, which is empty")
    return value
