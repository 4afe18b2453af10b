"""Who may write a kubeconfig decides how a cluster is reached, and not what runs on the machine that reads it.

A kubeconfig often lies in a Secret that others may write; Flux ran whatever such a one named (CVE-2021-41254).
"""

import json
import logging
import sys
from pathlib import Path

import pytest

from pushboat.config import operator
from pushboat.config.operator import ClusterAccess
from pushboat.errors import ClusterRefused, ConfigurationError
from tests.cluster.answering import serving, write_kubeconfig
from workers.checks.kubeconfigs import find_doubts
from workers.cluster.client.connection import connect
from workers.cluster.client.kubeconfig import find_mistakes
from workers.cluster.client.opening import open_client

TOLD = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "good"}}


class Login:
    """A program that leaves a trace when it runs, and the kubeconfig that names it."""

    def __init__(self, folder: Path) -> None:
        self.trace = folder / "it-ran"
        self.program = folder / "login"
        self.kubeconfig = folder / "kubeconfig"
        self.program.write_text(
            f"#!{sys.executable}\nfrom pathlib import Path\nPath({str(self.trace)!r}).touch()\n"
            f"print({json.dumps(json.dumps(TOLD))})\n"
        )
        self.program.chmod(0o700)

    def named(self, **more: object) -> dict[str, object]:
        """Give the kubeconfig's user that is logged in by it."""
        section = {"apiVersion": TOLD["apiVersion"], "command": str(self.program), "interactiveMode": "Never", **more}
        return {"exec": section}


@pytest.fixture
def login(tmp_path: Path) -> Login:
    """A login that is wanted, or not."""
    return Login(tmp_path)


@pytest.mark.parametrize("plugins", [(), ("login",), ("aws", "/usr/bin/login")], ids=["none", "its name", "others"])
def test_a_program_that_is_not_listed_never_runs(login: Login, plugins: tuple[str, ...]) -> None:
    """Somebody writes a program into my kubeconfig: it does not run, and I read what to list if it was me."""
    access = ClusterAccess(name="dev", kubeconfig=login.kubeconfig, plugins=plugins)
    with serving() as server:
        write_kubeconfig(login.kubeconfig, server, login.named())
        with pytest.raises(ClusterRefused) as refused:
            connect(access).request("GET", "/version")
    assert refused.value.summary == (
        f"cluster dev cannot be reached: {login.kubeconfig} would run {login.program} to log in, and its operator "
        f"lists no such program: add `plugins: [{login.program}]` to clusters.dev in pushboat.yaml, if it may run here"
    )
    assert find_mistakes([access]) == [refused.value.summary]
    assert not login.trace.exists()


def test_a_listed_program_logs_in(login: Login) -> None:
    """The program that I listed is run as it is written there."""
    access = ClusterAccess(name="dev", kubeconfig=login.kubeconfig, plugins=(str(login.program),))
    with serving() as server:
        server.tokens = {"good"}
        write_kubeconfig(login.kubeconfig, server, login.named(env=[{"name": "AWS_PROFILE", "value": "deploy"}]))
        cluster = connect(access)
        cluster.request("GET", "/version")
        cluster.close()
    assert login.trace.exists()


@pytest.mark.parametrize("name", ["PATH", "LD_PRELOAD", "PYTHONPATH", "BASH_ENV"])
def test_a_listed_program_is_not_turned_into_another(login: Login, name: str) -> None:
    """A kubeconfig may tell a program that I listed what it needs, but not where programs and libraries are found."""
    access = ClusterAccess(name="dev", kubeconfig=login.kubeconfig, plugins=(str(login.program),))
    with serving() as server:
        write_kubeconfig(login.kubeconfig, server, login.named(env=[{"name": name, "value": "/tmp/evil"}]))
        (mistake,) = find_mistakes([access])
    assert f"sets {name} for its login program, which decides what else runs here: its operator must remove" in mistake
    assert not login.trace.exists()


def test_a_hostile_name_stays_one_line(login: Login) -> None:
    """What is written for a program's name is shown as it is, and forges no line of a log."""
    with serving() as server:
        write_kubeconfig(login.kubeconfig, server, login.named(command="a\n\x1b[31mb"))
        (mistake,) = find_mistakes([ClusterAccess(name="dev", kubeconfig=login.kubeconfig)])
    assert mistake.isprintable()


FILE = """
public_url: http://127.0.0.1:8700
forges: {local: {kind: git, root: ., webhook_secrets: [{env: SECRET}]}}
projects: []
clusters:
  dev: %s
"""


def test_the_operators_file_lists_them(tmp_path: Path) -> None:
    """`plugins` stands beside the kubeconfig that needs them, and a pod's own account needs none."""
    environ = {"SECRET": "0123456789abcdef0123"}
    read = operator.parse(FILE % "{kubeconfig: a, plugins: [aws, /opt/login]}", tmp_path / "p.yaml", environ)
    assert read.clusters["dev"].plugins == ("aws", "/opt/login")
    assert operator.parse(FILE % "{kubeconfig: a}", tmp_path / "p.yaml", environ).clusters["dev"].plugins == ()
    with pytest.raises(ConfigurationError, match="'plugins' and 'in_cluster: true' exclude each other"):
        operator.parse(FILE % "{in_cluster: true, plugins: [aws]}", tmp_path / "p.yaml", environ)


def test_a_certificate_that_nobody_verifies_is_said_loudly(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """`insecure-skip-tls-verify` works; the worker's log and `pushboat doctor` say what it costs and what mends it."""
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(
        "current-context: a\ncontexts: [{name: a, context: {cluster: a}}]\n"
        "clusters: [{name: a, cluster: {server: 'https://127.0.0.1:1', insecure-skip-tls-verify: true}}]\n"
    )
    access = ClusterAccess(name="dev", kubeconfig=kubeconfig)
    with caplog.at_level(logging.WARNING):
        open_client(access, 1, tmp_path).close()
    assert "cluster dev: its certificate is not verified (insecure-skip-tls-verify): whoever stands in" in caplog.text
    (line,) = find_doubts("cluster dev", access)
    assert line.fix == f"in {kubeconfig}, put certificate-authority in the place of insecure-skip-tls-verify"
    kubeconfig.write_text(kubeconfig.read_text().replace(", insecure-skip-tls-verify: true", ""))
    assert list(find_doubts("cluster dev", access)) == []
