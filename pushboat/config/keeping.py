"""Keepers' keys as they stand in the operator's file: each with one login, written out or the machine's own."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from pushboat.config.keepers import AWS_HOSTS, OF_AWS, OF_VAULT, SEGMENT, AwsKey, VaultKey
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
