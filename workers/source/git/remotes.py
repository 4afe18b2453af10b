"""Where git may fetch from, and how credentials reach it: by the environment, never by argv, URL or file."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from pushboat.errors import ForgeRefused
from pushboat.model.remote import Remote

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SCP_LIKE = re.compile(r"[A-Za-z0-9_.-]+@[A-Za-z0-9.-]+:(?!//)[^\s]+")
_OPERATORS_OWN = (
    "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO",
)  # fmt: skip
_FOR_SSH = ("HOME", "SSH_AUTH_SOCK", "GIT_SSH_COMMAND")
"""ssh finds its keys and known hosts below HOME; no other transport sees it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One remote as git sees it: the one protocol that is allowed, extra settings and extra environment."""

    remote: Remote
    protocol: str
    settings: tuple[tuple[str, str], ...]
    environ: Mapping[str, str]

    @property
    def local(self) -> bool:
        """Say whether the repository is on this machine, where filters gain nothing."""
        return self.protocol == "file"

    def scrub(self, text: str) -> str:
        """Remove credentials from git's own words."""
        for header in self.remote.headers.values():
            for secret in (header, *header.split()[1:]):
                text = text.replace(secret, "***")
        return re.sub(r"://[^/\s@]+@", "://***@", text)


def access(remote: Remote) -> Access:
    """Check a remote's URL and prepare what git needs to reach it.

    Raises:
        ForgeRefused: the URL is of a kind that we do not fetch from.
    """
    protocol = _protocol(remote.url)
    settings = [("remote.origin.url", remote.url)]
    if protocol in ("https", "http"):
        parts = urlsplit(remote.url)
        scope = f"http.{parts.scheme}://{parts.netloc}/.extraHeader"
        settings += [(scope, f"{name}: {value}") for name, value in remote.headers.items()]
    passed = _FOR_SSH if protocol == "ssh" else _OPERATORS_OWN
    environ = {name: os.environ[name] for name in passed if name in os.environ}
    if protocol == "ssh":
        environ.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o ConnectTimeout=10")
    return Access(remote=remote, protocol=protocol, settings=tuple(settings), environ=environ)


def _protocol(url: str) -> str:
    if any(ord(letter) < 33 or ord(letter) == 127 for letter in url):
        raise ForgeRefused("the clone URL contains spaces or control characters: correct clone_url in pushboat.yaml")
    if url.startswith("/"):
        return "file"
    if _SCP_LIKE.fullmatch(url):
        return "ssh"
    parts = _split(url)
    if not parts or not parts.hostname or parts.hostname.startswith("-") or parts.path.startswith("/-"):
        raise ForgeRefused(_refusal(url))
    if parts.password is not None or (parts.username is not None and parts.scheme != "ssh"):
        raise ForgeRefused("the clone URL holds credentials: take them out of clone_url, and set the forge's `token`")
    if parts.scheme in ("https", "ssh"):
        return parts.scheme
    if parts.scheme == "http" and parts.hostname in _LOOPBACK:
        return "http"
    raise ForgeRefused(_refusal(url))


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _refusal(url: str) -> str:
    shown = re.sub(r"://[^/@]*@", "://***@", url)[:80]
    return (
        f"we do not fetch from {shown!r}: write https:// or ssh:// in clone_url of pushboat.yaml "
        "(http:// only for a loopback address)"
    )
