"""A cluster's certificate that names no key of its issuer is taken, as by kubectl; one of somebody else's is not."""

import base64
import ssl
from pathlib import Path

import pytest
import urllib3
import yaml

from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterUnavailable
from workers.cluster.client.certificates import as_kubectl
from workers.cluster.client.connection import connect


def strict(authority: str) -> ssl.SSLContext:
    """Trust an authority as Python does by itself from 3.13 on."""
    context = ssl.create_default_context(cadata=authority)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def test_the_api_servers_own_certificate_is_taken_on_any_python(kubeconfig: Path) -> None:
    """Python 3.13 alone refuses what kubectl takes; we go by kubectl."""
    found = yaml.safe_load(kubeconfig.read_text())["clusters"][0]["cluster"]
    authority = base64.b64decode(found["certificate-authority-data"]).decode()
    with (
        urllib3.PoolManager(ssl_context=strict(authority), retries=False) as alone,
        pytest.raises(urllib3.exceptions.SSLError, match="Authority Key Identifier"),
    ):
        alone.request("GET", found["server"])
    with urllib3.PoolManager(ssl_context=as_kubectl(strict(authority)), retries=False) as ours:
        assert ours.request("GET", found["server"]).status in (401, 403)


def test_a_strangers_certificate_is_refused_all_the_same(kubeconfig: Path, tmp_path: Path) -> None:
    """Who is no authority of that kubeconfig's may not answer in the cluster's place."""
    found = yaml.safe_load(kubeconfig.read_text())
    del found["clusters"][0]["cluster"]["certificate-authority-data"]  # then the machine's own authorities count
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(found))
    cluster = connect(ClusterAccess(name="dev", kubeconfig=tmp_path / "kubeconfig"))
    try:
        with pytest.raises(ClusterUnavailable, match="certificate is not accepted"):
            cluster.request("GET", "/version")
    finally:
        cluster.close()
