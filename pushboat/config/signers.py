"""`signers`: whose signature makes a commit good enough for an environment; the operator alone says so.

Keys are public, so they may stand in the file. Of an OpenPGP key only its armour is looked at here: the library that
reads it whole is loaded in the engine room and by the doctor.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Discriminator, Field, PrivateAttr, Tag, ValidationInfo, model_validator

from pushboat.config.document import At, Document
from pushboat.config.kinds import KINDS
from pushboat.config.schema import URL_TAG, VARIABLE_TAG, Section, word_or_section
from pushboat.config.secret import Surroundings
from pushboat.config.ssh_keys import SshKey, keys_of_file, one_key

REQUIRED: Final = "required"
MOST_SIGNERS = 200
LARGEST_KEYS = 1 << 20
"""Bytes of one file of keys."""
LONGEST_NAME = 80
BEGIN_OPENPGP = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
THE_FORGE: Final = "the forge"
EXPORT = "gpg --armor --export NAME > name.asc"


class Sort(StrEnum):
    """Whose word a signature is."""

    SSH = "ssh"
    OPENPGP = "openpgp"
    FORGE = "forge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Somebody who may sign. `keys` are of SSH, `armoured` is an OpenPGP certificate or several, as text."""

    name: str
    sort: Sort
    keys: tuple[SshKey, ...] = ()
    armoured: str = field(default="", repr=False)


class SshFileSection(Section):
    """A file of SSH keys, as it is written."""

    file: str = Field(min_length=1)
    _keys: tuple[SshKey, ...] = PrivateAttr(())

    @property
    def keys(self) -> tuple[SshKey, ...]:
        """Give the keys."""
        return self._keys

    @model_validator(mode="after")
    def _read(self, info: ValidationInfo) -> Self:
        path, text = _text(self.file, info)
        try:
            self._keys = keys_of_file(text)
        except ValueError as error:
            raise ValueError(f"needs the file {path}: it {error}") from error
        return self


class OpenpgpFileSection(Section):
    """A file of OpenPGP keys, as it is written."""

    file: str = Field(min_length=1)
    _armoured: str = PrivateAttr("")

    @property
    def armoured(self) -> str:
        """Give what stands there."""
        return self._armoured

    @model_validator(mode="after")
    def _read(self, info: ValidationInfo) -> Self:
        path, self._armoured = _text(self.file, info)
        if "PRIVATE KEY" in self._armoured:
            raise ValueError(f"needs the file {path}: it holds a private key, so write the public one, {EXPORT}")
        if BEGIN_OPENPGP not in self._armoured:
            raise ValueError(f"needs the file {path}: it is no OpenPGP public key as text, so write one, {EXPORT}")
        return self


def _readable(key: str) -> str:
    one_key(key)
    return key


SshSetting = Annotated[
    Annotated[str, AfterValidator(_readable), Tag(URL_TAG)] | Annotated[SshFileSection, Tag(VARIABLE_TAG)],
    Discriminator(word_or_section),
]


class SignerSection(Section):
    """One of them as it is written."""

    name: str = Field(default="", max_length=LONGEST_NAME)
    ssh: SshSetting | None = None
    openpgp: OpenpgpFileSection | None = None
    forge: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if sum((self.ssh is not None, self.openpgp is not None, self.forge)) != 1:
            raise ValueError("need one of the three in each entry: ssh, openpgp, or forge: true")
        if self.forge and self.name:
            raise ValueError("have a name beside 'forge: true', which stands for the forge itself: remove it")
        if not self.forge and not self.name.strip():
            raise ValueError("need a 'name' in each entry, by which people know whose key it is")
        return self

    def signer(self) -> Signer:
        """Make the signer."""
        if self.forge:
            return Signer(name=THE_FORGE, sort=Sort.FORGE)
        if self.openpgp is not None:
            return Signer(name=self.name, sort=Sort.OPENPGP, armoured=self.openpgp.armoured)
        assert self.ssh is not None
        keys = self.ssh.keys if isinstance(self.ssh, SshFileSection) else (one_key(self.ssh),)
        return Signer(name=self.name, sort=Sort.SSH, keys=keys)


def each_once(signers: list[SignerSection]) -> list[SignerSection]:
    """Accept signers of which no two have one name: one person's several keys go into one file."""
    names = [each.signer().name for each in signers]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise ValueError(f"have {twice} twice: put several keys of one person into one file")
    return signers


def note_signers(document: Document, index: int, environment: str) -> None:
    """Note where nobody could sign, and where a forge is to judge that says nothing of signatures."""
    at: At = ("projects", index, "environments", environment)
    written = document.mapping(*at)
    listed = written.get("signers")
    if written.get("signed_commits") == REQUIRED and not listed:
        message = "'signed_commits' is required and 'signers' lists nobody, so nothing could deploy: say who may sign"
        document.note((*at, "signed_commits"), message)
    project = document.mapping("projects", index)
    forge = str(project.get("repository", "")).partition("/")[0]
    kind = KINDS.get(str(document.mapping("forges", forge).get("kind")))
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(one, dict) and one.get("forge") is True and kind and not kind.signs_own:
            message = f"'forge' is for forges that judge signatures, and {forge} is plain {kind.name}: list keys"
            document.note((*at, "signers", number, "forge"), message)


def signers(sections: Iterable[SignerSection]) -> tuple[Signer, ...]:
    """Make the signers."""
    return tuple(each.signer() for each in sections)


def _text(file: str, info: ValidationInfo) -> tuple[Path, str]:
    surroundings = info.context
    assert isinstance(surroundings, Surroundings)
    path = surroundings.path(file)
    try:
        if not path.is_file():
            raise ValueError(f"needs the file {path}, which {'is no file' if path.exists() else 'does not exist'}")
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_KEYS + 1)
    except OSError as error:
        raise ValueError(f"needs the file {path}, which cannot be read: {error.strerror}") from error
    if len(raw) > LARGEST_KEYS:
        raise ValueError(f"needs the file {path}, which is too large for keys")
    try:
        return path, raw.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"needs the file {path}, which is not text: write it with {EXPORT}") from None
