"""Keepers' keys as they stand in the operator's file: each with one login, written out or the machine's own."""

import json
import re
from typing import Annotated, Self

from pydantic import AfterValidator, PrivateAttr, model_validator

from pushboat.config.keepers import (
    AWS_HOSTS,
    OF_AWS,
    OF_AZURE,
    OF_GOOGLE,
    OF_VAULT,
    SEGMENT,
    AwsKey,
    AzureKey,
    GoogleAccount,
    GoogleKey,
    VaultKey,
)
from pushboat.config.schema import Section
from pushboat.config.secret import SecretSource
from pushboat.config.urls import WebAddress, asked_address, host_of, shows_tokens

_NAMESPACE = re.compile(rf"{SEGMENT}(?:/{SEGMENT})*")


class LoginSource(SecretSource):
    """Where a word of a login is: one line of letters that a header can carry."""

    @model_validator(mode="after")
    def _demand_one_word(self) -> Self:
        if not re.fullmatch(r"[!-~]+", self.value):
            raise ValueError(f"needs one word in {self.file or self.env}, without spaces or a second line")
        return self


def _of_vault(url: str) -> str:
    if shows_tokens(host_of(asked_address(url))):
        raise ValueError("is plain http, which shows the token to the network: use https (http only for this machine)")
    if not OF_VAULT.fullmatch(url):
        raise ValueError("must name a transit key as SOPS does: https://vault.example.com:8200/v1/transit/keys/NAME")
    return url


def _of_aws(arn: str) -> str:
    found = OF_AWS.fullmatch(arn)
    if not found or found["partition"] not in AWS_HOSTS:
        raise ValueError("must be the ARN of a key: arn:aws:kms:REGION:ACCOUNT:key/ID")
    return arn


def _of_google(name: str) -> str:
    if not OF_GOOGLE.fullmatch(name):
        raise ValueError("must name a key as SOPS does: projects/P/locations/L/keyRings/R/cryptoKeys/K")
    return name


def _of_azure(url: str) -> str:
    if not OF_AZURE.fullmatch(_private(asked_address(url))):
        raise ValueError("must name a key with its version: https://NAME.vault.azure.net/keys/KEY/VERSION")
    return url


def _private(url: str) -> str:
    if url and shows_tokens(host_of(url)):
        raise ValueError("is plain http, which shows the login to the network: use https (http only for this machine)")
    return url


def _id(word: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,99}", word):
        raise ValueError("must be an id, such as 00000000-0000-0000-0000-000000000000")
    return word


def _namespace(name: str) -> str:
    if not _NAMESPACE.fullmatch(name):
        raise ValueError("must be a namespace of Vault, such as team-a or team-a/staging")
    return name


class VaultSection(Section):
    """A key in Vault as it is written."""

    key: Annotated[str, AfterValidator(_of_vault)]
    token: LoginSource
    namespace: Annotated[str, AfterValidator(_namespace)] = ""

    def kept(self) -> VaultKey:
        """Make the key."""
        source = self.token.file or self.token.env or ""
        return VaultKey(key=self.key, token=self.token.value, namespace=self.namespace, source=source)


class AwsSection(Section):
    """A key of AWS KMS as it is written."""

    key: Annotated[str, AfterValidator(_of_aws)]
    access_key_id: LoginSource | None = None
    secret_access_key: LoginSource | None = None
    machine: bool = False
    endpoint: WebAddress = ""

    @model_validator(mode="after")
    def _demand_one_login(self) -> Self:
        if self.machine == bool(self.access_key_id) or bool(self.access_key_id) != bool(self.secret_access_key):
            raise ValueError(
                "needs a login: access_key_id and secret_access_key, or machine: true for this machine's own"
            )
        return self

    def kept(self) -> AwsKey:
        """Make the key."""
        return AwsKey(
            key=self.key,
            access_key_id=self.access_key_id.value if self.access_key_id else "",
            secret_access_key=self.secret_access_key.value if self.secret_access_key else "",
            endpoint=self.endpoint,
        )


class AccountSource(SecretSource):
    """Where the key of a service account at Google is: JSON, as it is made there."""

    _account: GoogleAccount = PrivateAttr()

    @property
    def account(self) -> GoogleAccount:
        """Give the account."""
        return self._account

    @model_validator(mode="after")
    def _read(self) -> Self:
        try:
            said = json.loads(self.value)
        except (ValueError, RecursionError):
            said = None
        names = ("client_email", "private_key_id", "private_key")
        words = [said.get(name) for name in names] if isinstance(said, dict) else []
        if not words or not all(isinstance(each, str) and each for each in words):
            where = self.file or self.env
            raise ValueError(f"needs the key of a service account in {where}, JSON with {', '.join(names)}")
        email, key_id, private_key = map(str, words)
        self._account = GoogleAccount(email=email, key_id=key_id, private_key=private_key)
        return self


class GoogleSection(Section):
    """A key of Google Cloud KMS as it is written."""

    key: Annotated[str, AfterValidator(_of_google)]
    account: AccountSource
    endpoint: Annotated[WebAddress, AfterValidator(_private)] = ""

    def kept(self) -> GoogleKey:
        """Make the key."""
        return GoogleKey(key=self.key, account=self.account.account, endpoint=self.endpoint)


class AzureSection(Section):
    """A key in an Azure Key Vault as it is written."""

    key: Annotated[str, AfterValidator(_of_azure)]
    tenant: Annotated[str, AfterValidator(_id)]
    client: Annotated[str, AfterValidator(_id)]
    client_secret: LoginSource
    endpoint: Annotated[WebAddress, AfterValidator(_private)] = ""

    def kept(self) -> AzureKey:
        """Make the key."""
        return AzureKey(
            key=self.key,
            tenant=self.tenant,
            client=self.client,
            client_secret=self.client_secret.value,
            endpoint=self.endpoint,
        )
