"""One client of the SDK for one API server: made of what its files and its credential plugin say at that moment."""

import logging
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import urllib3
from kubernetes import client
from urllib3.connectionpool import HTTPConnectionPool

from pushboat.config.operator import ClusterAccess
from workers.cluster.client import kubeconfig, plugins
from workers.cluster.client.certificates import AsKubectl
from workers.cluster.client.kubeconfig import Credentials, Kubeconfig
from workers.cluster.client.trusting import UNVERIFIED

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
"""Between two looks at the files; four calls of stat(2), so this costs nothing."""
RENEW_BEFORE_SECONDS = 60.0
"""Before a token's end; of one that lives shorter than ten minutes, the last tenth."""


@dataclass(slots=True)
class Opened:
    """One client of the SDK, and the state of the files that it was made of."""

    api: client.ApiClient
    files: tuple[Path, ...]
    stamp: kubeconfig.Stamp
    renew_at: float
    forget: Callable[[], object]
    for_refusal: bool = False
    made_at: float = field(default_factory=time.monotonic)
    look_at: float = field(default_factory=lambda: time.monotonic() + LOOK_EVERY_SECONDS)
    users: int = 0
    retired: bool = False

    @property
    def is_outdated(self) -> bool:
        """Say whether files or tokens have changed since."""
        return time.time() >= self.renew_at or kubeconfig.stamp(self.files) != self.stamp

    def close(self) -> None:
        """Close its connections and remove its files."""
        self.api.rest_client.close()
        self.forget()


def open_client(access: ClusterAccess, threads: int, scratch: Path | None) -> Opened:
    """Make a client of what the operator's file names.

    Raises:
        ClusterUnavailable: the credentials could not be had now.
        ClusterRefused: our operator must mend how the cluster is reached.
    """
    found = kubeconfig.read(access)
    if not found.server.verify:
        logger.warning("cluster %s: %s", access.name, UNVERIFIED)
    began = time.time()
    shown = plugins.ask(found, access.name) if found.plugin else found.credentials
    folder = Path(tempfile.mkdtemp(dir=scratch, prefix="cluster-"))
    api = client.ApiClient(_settings(found, shown, threads, folder))
    api.user_agent = "pushboat"
    api.rest_client.pool_manager.pool_classes_by_scheme = {"http": HTTPConnectionPool, "https": AsKubectl}
    return Opened(
        api=api,
        files=found.files,
        stamp=found.stamp,
        renew_at=_renew_at(began, shown.expires_at),
        forget=weakref.finalize(api, shutil.rmtree, folder, ignore_errors=True),
    )


def _settings(found: Kubeconfig, shown: Credentials, threads: int, folder: Path) -> client.Configuration:
    settings = client.Configuration()
    settings.host = found.server.address
    settings.verify_ssl = found.server.verify
    settings.tls_server_name = found.server.tls_name or None
    settings.proxy = found.server.proxy or settings.proxy
    files = {"ssl_ca_cert": found.server.authority, "cert_file": shown.certificate, "key_file": shown.key}
    for name, pem in files.items():  # urllib3 takes them by their paths only
        if pem:
            file = folder / name
            file.touch(mode=0o600)
            file.write_bytes(pem)
            setattr(settings, name, str(file))
    if shown.authorization:
        settings.api_key["BearerToken"] = shown.authorization
    settings.connection_pool_maxsize = threads
    # A connection that was closed while idle is worth one more try; an answer, whatever it says, is ours to judge.
    settings.retries = urllib3.Retry(
        total=2, redirect=False, status=0, backoff_factor=0.1, respect_retry_after_header=False
    )
    return settings


def _renew_at(began: float, expires_at: float | None) -> float:
    if expires_at is None:
        return float("inf")
    lasts = max(0.0, expires_at - began)
    return expires_at - min(RENEW_BEFORE_SECONDS, lasts / 10)
