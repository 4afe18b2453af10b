"""A cluster that does not answer is told in words of people: where it was asked, and what is wrong there."""

import socket
import ssl
from pathlib import Path

import pytest
import yaml

from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterUnavailable
from tests.cluster.answering import serving
from workers.cluster.client.connection import connect
from workers.cluster.client.silence import why


def told(address: str, folder: Path) -> str:
    """Ask a cluster at an address, and give what is said of its silence."""
    file = folder / "kubeconfig"
    cluster = {"name": "a", "cluster": {"server": address}}
    context = {"name": "a", "context": {"cluster": "a", "user": "a"}}
    user = {"name": "a", "user": {"token": "t"}}
    whole = {"current-context": "a", "contexts": [context], "clusters": [cluster], "users": [user]}
    file.write_text(yaml.safe_dump({"apiVersion": "v1", "kind": "Config", **whole}))
    with pytest.raises(ClusterUnavailable) as silent:
        connect(ClusterAccess(name="dev", kubeconfig=file)).find("/version")
    return silent.value.summary


def test_nobody_listens(tmp_path: Path) -> None:
    """The port is wrong, or the cluster down: I read where, and what the system says, and no class of Python's."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        said = told(f"https://127.0.0.1:{port}", tmp_path)
    assert said == f"cluster dev does not answer at 127.0.0.1:{port}: connection refused"


def test_a_name_that_nobody_knows(tmp_path: Path) -> None:
    """The kubeconfig has a typo in the host."""
    said = told("https://nothing.invalid:6443", tmp_path)
    assert said == "cluster dev does not answer at nothing.invalid:6443: no such name can be found"


def test_somebody_who_speaks_no_tls(tmp_path: Path) -> None:
    """The port is another program's."""
    with serving() as server:
        said = told(f"https://127.0.0.1:{server.server_port}", tmp_path)
    assert said.startswith(f"cluster dev does not answer at 127.0.0.1:{server.server_port}: no TLS is spoken with it")
    assert "Connection(" not in said


def test_a_certificate_of_somebody_else() -> None:
    """It is said of the certificate, in OpenSSL's own words."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    assert why(error) == ": its certificate is not accepted: self-signed certificate"


def test_what_is_new_to_us_is_told_as_it_is() -> None:
    """An error that nobody foresaw keeps its words."""
    assert why(ValueError("the moon\nis full")) == ": the moon is full"
