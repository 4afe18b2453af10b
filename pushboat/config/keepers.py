"""Keepers: services that keep a key to themselves and open with it what was encrypted for it, as SOPS names them.

An entry is one key, by the name that files of SOPS have for it, with the login that counts for it. Whom we ask is read
from here alone: what a file says of its key is only compared with these names.
"""

import re
from dataclasses import dataclass, field
from typing import Protocol

SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
OF_VAULT = re.compile(rf"(?P<address>https?://[^/]+)/v1/(?P<engine>{SEGMENT}(?:/{SEGMENT})*)/keys/(?P<name>{SEGMENT})")
OF_AWS = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):kms:(?P<region>[a-z0-9-]+):[0-9]{12}:(?:key|alias)/[A-Za-z0-9/_-]+",
)
AWS_HOSTS = {
    "aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-eusc": "amazonaws.eu",
}  # fmt: skip


class Kept(Protocol):
    """A key of a keeper's, with how to log in there."""

    @property
    def key(self) -> str:
        """Name it as files do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultKey:
    """A key of a transit engine in Vault."""

    key: str
    token: str = field(repr=False)
    namespace: str = ""
    source: str = field(default="", repr=False, compare=False)
    """Where the operator has the token, for people who look for it; another place of it is no other setting."""

    @property
    def opening_path(self) -> str:
        """Give what it opens with, as Vault's policies name it."""
        found = OF_VAULT.fullmatch(self.key)
        assert found
        return f"{found['engine']}/decrypt/{found['name']}"

    def url(self, path: str) -> str:
        """Give the address of something in this Vault."""
        found = OF_VAULT.fullmatch(self.key)
        assert found
        return f"{found['address']}/v1/{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsKey:
    """A key of AWS KMS; without an id of an access key the machine's own identity counts."""

    key: str
    access_key_id: str = field(default="", repr=False)
    secret_access_key: str = field(default="", repr=False)
    endpoint: str = ""

    @property
    def region(self) -> str:
        """Give the region that the key is in."""
        found = OF_AWS.fullmatch(self.key)
        assert found
        return found["region"]

    @property
    def url(self) -> str:
        """Give where it is asked."""
        found = OF_AWS.fullmatch(self.key)
        assert found
        return (
            f"{self.endpoint}/" if self.endpoint else f"https://kms.{found['region']}.{AWS_HOSTS[found['partition']]}/"
        )
