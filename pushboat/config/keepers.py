"""Keepers: services that keep a key to themselves and open with it what was encrypted for it, as SOPS names them.

An entry is one key, by the name that files of SOPS have for it, with the login that counts for it. Whom we ask is read
from here alone: what a file says of its key is only compared with these names.
"""

import re
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
OF_VAULT = re.compile(rf"(?P<address>https?://[^/]+)/v1/(?P<engine>{SEGMENT}(?:/{SEGMENT})*)/keys/(?P<name>{SEGMENT})")
OF_AWS = re.compile(
    r"arn:(?P<partition>aws[a-z-]*):kms:(?P<region>[a-z0-9-]+):[0-9]{12}:(?:key|alias)/[A-Za-z0-9/_-]+",
)
_WORD = r"[A-Za-z0-9][A-Za-z0-9_.:-]*"
OF_GOOGLE = re.compile(rf"projects/{_WORD}/locations/{_WORD}/keyRings/{_WORD}/cryptoKeys/{_WORD}")
OF_AZURE = re.compile(r"(?P<address>https?://[^/]+)/keys/[A-Za-z0-9-]{1,127}/[0-9a-f]{32}")
AZURE_HOSTS = ("vault.azure.net", "vault.azure.cn", "vault.usgovcloudapi.net")
AZURE_DOOR = "https://login.microsoftonline.com"
GOOGLE_DOOR = "https://cloudkms.googleapis.com"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleAccount:
    """A service account at Google, as its key's file has it."""

    email: str
    key_id: str
    private_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoogleKey:
    """A key of Google Cloud KMS."""

    key: str
    account: GoogleAccount
    endpoint: str = ""

    @property
    def url(self) -> str:
        """Give where it opens what was encrypted."""
        return f"{self.endpoint or GOOGLE_DOOR}/v1/{self.key}:decrypt"


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureKey:
    """A key in an Azure Key Vault, and the application that may use it."""

    key: str
    tenant: str
    client: str
    client_secret: str = field(repr=False)
    endpoint: str = ""

    @property
    def login_url(self) -> str:
        """Give where the application logs in."""
        return f"{self.endpoint or AZURE_DOOR}/{self.tenant}/oauth2/v2.0/token"

    @property
    def scope(self) -> str:
        """Say for which of Microsoft's clouds a login is wanted."""
        host = urlsplit(self.key).hostname or ""
        cloud = next((each for each in AZURE_HOSTS if host.endswith(f".{each}")), AZURE_HOSTS[0])
        return f"https://{cloud}/.default"
