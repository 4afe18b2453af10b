"""Read a kubeconfig as kubectl does: where the API server is, how to trust it, and how we say who we are.

Only the operator's own file is read; nothing that was pushed can name a kubeconfig. Whoever may write one, which often
lies in a Secret, decides no more than how a cluster is reached: which programs run here stands in the operator's file.
The SDK's loader is not used: it runs plugins without a deadline, and goes on without credentials where one fails.
"""

import base64
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterRefused
from workers.cluster.client.trusting import mistake_of

POD_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
_NO_YAML = (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What the parser raises: its own, and what Python says where a tag or a date is none (`!!int ""`, 2024-99-99)."""
Stamp = tuple[tuple[int, int, int] | None, ...]
"""What tells that files are still the ones that were read: inode, time and size of each; None for one that is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """An API server's address and how to trust it; `authority` is PEM, empty where the system's own shall do."""

    address: str
    authority: bytes = field(default=b"", repr=False)
    verify: bool = True
    tls_name: str = ""
    proxy: str = ""
    plugin_config: Any = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What we show: the Authorization header, or a certificate with its key (PEM). `expires_at`: seconds since 1970."""

    authorization: str = field(default="", repr=False)
    certificate: bytes = field(default=b"", repr=False)
    key: bytes = field(default=b"", repr=False)
    expires_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kubeconfig:
    """One context, read to the end. `plugin` is its exec section, where a program must be asked for the credentials."""

    server: Server
    credentials: Credentials
    plugin: Mapping[str, Any] | None = field(default=None, repr=False)
    folder: Path
    files: tuple[Path, ...]
    stamp: Stamp


def read(access: ClusterAccess) -> Kubeconfig:
    """Read what the operator's file names for a cluster.

    Raises:
        ClusterRefused: the file is missing, unreadable, or lacks what is asked for; names it by its path.
    """
    try:
        if access.kubeconfig is None:
            return inside_a_pod(os.environ)
        found = _Reading(access.kubeconfig).context(access.context)
    except _Wrong as wrong:
        raise ClusterRefused(f"cluster {access.name} cannot be reached: {wrong}") from None
    if found.plugin is not None and (mistake := mistake_of(found.plugin, access)):
        raise ClusterRefused(f"cluster {access.name} cannot be reached: {mistake}")
    return found


def stamp(files: Iterable[Path]) -> Stamp:
    """Say how files stand now; symbolic links are followed, as mounted Secrets need it."""
    return tuple(_stamp(file) for file in files)


def find_mistakes(clusters: Iterable[ClusterAccess]) -> list[str]:
    """Say, a sentence each, which clusters cannot be reached because of what stands in our operator's files."""
    mistakes = []
    for access in clusters:
        try:
            read(access)
        except ClusterRefused as refused:
            mistakes.append(refused.summary)
    return mistakes


def inside_a_pod(environ: Mapping[str, str], account: Path = POD_ACCOUNT) -> Kubeconfig:
    """Use the account that the cluster gave to the pod that we run in; its token is exchanged every hour or so."""
    host, port = environ.get("KUBERNETES_SERVICE_HOST", ""), environ.get("KUBERNETES_SERVICE_PORT", "")
    if not host or not port:
        raise _Wrong("in_cluster is set, and this is no pod (KUBERNETES_SERVICE_HOST is not set): write kubeconfig")
    reading = _Reading(account / "token")
    token = reading.file(account / "token", "the token").decode(errors="replace").strip()
    authority = reading.file(account / "ca.crt", "the certificate authority")
    address = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
    return reading.done(
        Server(address=address, authority=authority), Credentials(authorization=f"Bearer {token}"), None
    )


class _Wrong(Exception):
    """A mistake in the file."""


class _Reading:
    """One kubeconfig while it is read; notes every file that it came from, as it stood before it was read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files: dict[Path, tuple[int, int, int] | None] = {}

    def context(self, wanted: str) -> Kubeconfig:
        document = self._document()
        name = wanted or _text(document.get("current-context"))
        context = self._named(document, "contexts", name, "context")
        cluster = self._named(document, "clusters", _text(context.get("cluster")), "cluster")
        user = self._named(document, "users", _text(context["user"]), "user") if context.get("user") else {}
        plugin = user.get("exec")
        if user.get("auth-provider"):
            raise _Wrong(f"{self.path}: auth-provider was given up by Kubernetes: use exec or a token for {name}")
        credentials = self._credentials(user)
        shown = credentials.authorization or credentials.certificate
        return self.done(self._server(cluster), credentials, plugin if isinstance(plugin, dict) and not shown else None)

    def done(self, server: Server, credentials: Credentials, plugin: Mapping[str, Any] | None) -> Kubeconfig:
        return Kubeconfig(
            server=server,
            credentials=credentials,
            plugin=plugin,
            folder=self.path.parent,
            files=tuple(self.files),
            stamp=tuple(self.files.values()),
        )

    def file(self, path: Path, what: str) -> bytes:
        self.files.setdefault(path, _stamp(path))
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise _Wrong(f"there is no {what} at {path}: its operator must put it there") from None
        except OSError as error:
            raise _Wrong(f"{what} at {path} cannot be read ({error.strerror}): its operator must allow it") from None
        except ValueError:  # a path that no file can have
            raise _Wrong(f"{self.path}: {what} is at no path: its operator must mend it") from None

    def _document(self) -> Mapping[str, Any]:
        content = self.file(self.path, "kubeconfig")
        try:
            document = yaml.safe_load(content)
            json.dumps(document, default=str, ensure_ascii=False).encode()  # no halves of characters, and no circle
        except _NO_YAML:
            raise _Wrong(f"{self.path} is no YAML: its operator must mend it") from None
        if not isinstance(document, dict):
            raise _Wrong(f"{self.path} is no kubeconfig: its operator must mend it")
        return document

    def _named(self, document: Mapping[str, Any], section: str, name: str, what: str) -> Mapping[str, Any]:
        listed = _mappings(document.get(section))
        found = next((each.get(what) for each in listed if each.get("name") == name), None)
        if isinstance(found, dict):
            return found
        there = ", ".join(str(each.get("name")) for each in listed) or "none"
        wanted = f"no {what} {name}" if name else f"no current {what}"
        raise _Wrong(f"{self.path} has {wanted}: it has {there}; its operator must mend it")

    def _server(self, cluster: Mapping[str, Any]) -> Server:
        if not isinstance(cluster.get("server"), str):
            raise _Wrong(f"{self.path} says no server: its operator must mend it")
        extensions = _mappings(cluster.get("extensions"))
        name = "client.authentication.k8s.io/exec"
        return Server(
            address=cluster["server"].rstrip("/"),
            authority=self._pem(cluster, "certificate-authority"),
            verify=not cluster.get("insecure-skip-tls-verify"),
            tls_name=str(cluster.get("tls-server-name") or ""),
            proxy=str(cluster.get("proxy-url") or ""),
            plugin_config=next((each.get("extension") for each in extensions if each.get("name") == name), None),
        )

    def _credentials(self, user: Mapping[str, Any]) -> Credentials:
        authorization = ""
        if user.get("tokenFile"):
            token = self.file(self.path.parent / str(user["tokenFile"]), "token").decode(errors="replace").strip()
            authorization = f"Bearer {token}"
        elif user.get("token"):
            authorization = f"Bearer {user['token']}"
        elif user.get("username"):
            pair = base64.b64encode(f"{user['username']}:{user.get('password') or ''}".encode()).decode()
            authorization = f"Basic {pair}"
        if not (authorization.isascii() and authorization.isprintable()):
            raise _Wrong(f"{self.path}: a token has characters that none can have: its operator must mend it")
        certificate, key = self._pem(user, "client-certificate"), self._pem(user, "client-key")
        return Credentials(authorization=authorization, certificate=certificate, key=key)

    def _pem(self, section: Mapping[str, Any], key: str) -> bytes:
        if data := section.get(f"{key}-data"):
            try:
                return base64.b64decode(str(data))
            except ValueError:
                raise _Wrong(f"{self.path}: {key}-data is no base64: its operator must mend it") from None
        return self.file(self.path.parent / str(section[key]), key) if section.get(key) else b""


def _text(said: Any) -> str:
    return said if isinstance(said, str) else ""


def _mappings(said: Any) -> list[Mapping[str, Any]]:
    return [each for each in said if isinstance(each, dict)] if isinstance(said, list) else []


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except (OSError, ValueError):
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
