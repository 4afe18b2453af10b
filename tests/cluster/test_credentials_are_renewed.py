"""A cluster's credentials may change, expire, or come from a plugin that fails or hangs: nobody restarts Pushboat."""

import json
import os
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pushboat.config.environment import Environment
from pushboat.config.operator import ClusterAccess, Operator
from pushboat.errors import ClusterRefused, ClusterUnavailable, Unavailable
from tests.cluster.answering import Server, serving, write_kubeconfig
from tests.until import until
from workers.cluster.client import plugins
from workers.cluster.client.connection import Cluster
from workers.cluster.client.kubeconfig import find_mistakes, inside_a_pod, read, stamp
from workers.tools import Clusters

ASKED = {"apiVersion": "client.authentication.k8s.io/v1", "interactiveMode": "Never"}


@pytest.fixture
def server() -> Iterator[Server]:
    """An API server that accepts the token `good` only."""
    with serving() as running:
        running.tokens = {"good"}
        yield running


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Path:
    """Where the kubeconfig of cluster dev belongs."""
    return tmp_path / "kubeconfig"


@pytest.fixture
def clusters(tmp_path: Path, kubeconfig: Path) -> Clusters:
    """The clients of a worker that knows the clusters dev and slow."""
    known = {
        "dev": ClusterAccess(name="dev", kubeconfig=kubeconfig, plugins=None),
        "slow": ClusterAccess(name="slow", kubeconfig=tmp_path / "slow", plugins=None),
    }
    operator = Operator(
        public_url="http://pushboat.example", host="127.0.0.1", port=8700, state=tmp_path, workers=2,
        forges={}, clusters=known, projects={},
    )  # fmt: skip
    return Clusters(operator, tmp_path)


def environment(cluster: str = "dev", service_account: str = "") -> Environment:
    """An environment in a cluster."""
    return Environment(
        name="staging", cluster=cluster, namespaces=("shop",), namespace="shop", path="deploy",
        service_account=service_account,
    )  # fmt: skip


def plugin(path: Path, code: str) -> dict[str, object]:
    """Write a credential plugin in Python, and the kubeconfig's user that calls it."""
    path.write_text(f"#!{sys.executable}\nimport json, os, sys, time\nfrom pathlib import Path\n{code}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return {"exec": {**ASKED, "command": str(path)}}


def telling(token: str, **more: str) -> str:
    """The line of a plugin that tells a token."""
    status = {"token": token, **more}
    told = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status}
    return f"print({json.dumps(json.dumps(told))})"


def ask(cluster: Cluster) -> None:
    """Ask for anything."""
    cluster.request("GET", "/version")


def answers(cluster: Cluster) -> Callable[[], bool]:
    """Say whether the cluster answers."""

    def answered() -> bool:
        try:
            ask(cluster)
        except (ClusterUnavailable, ClusterRefused):
            return False
        return True

    return answered


@pytest.mark.proves("clusters")
def test_a_renewed_token_in_the_kubeconfig_is_used(server: Server, clusters: Clusters, kubeconfig: Path) -> None:
    """The operator writes a new token into the kubeconfig: the next request uses it."""
    write_kubeconfig(kubeconfig, server, {"token": "old"})
    cluster = clusters.of(environment())
    with pytest.raises(ClusterUnavailable, match="must renew the kubeconfig or token"):
        ask(cluster)
    write_kubeconfig(kubeconfig, server, {"token": "good"})
    ask(cluster)


def test_a_rotated_token_file_is_used_before_the_old_token_ends(
    server: Server, clusters: Clusters, kubeconfig: Path, tmp_path: Path
) -> None:
    """The token lies in a file of its own, as pods have it: a new one is noticed without any refusal."""
    token = tmp_path / "token"
    token.write_text("good\n")
    write_kubeconfig(kubeconfig, server, {"tokenFile": "token"})
    cluster = clusters.of(environment())
    ask(cluster)
    server.tokens = {"good", "newer"}
    token.write_text("newer\n")

    def renewed() -> bool:
        ask(cluster)
        return server.seen[-1]["authorization"] == "Bearer newer"

    until(renewed, what="the new token", within=120)


def test_a_file_that_is_half_written_keeps_what_works(server: Server, clusters: Clusters, kubeconfig: Path) -> None:
    """Somebody's editor leaves the kubeconfig empty for a moment: what worked until then goes on working."""
    write_kubeconfig(kubeconfig, server, {"token": "good"})
    cluster = clusters.of(environment())
    ask(cluster)
    kubeconfig.write_text("")
    stop = time.monotonic() + 2.5  # longer than the pause between two looks at the file
    while time.monotonic() < stop:
        ask(cluster)


def test_a_plugin_that_failed_is_asked_again(
    server: Server, clusters: Clusters, kubeconfig: Path, tmp_path: Path
) -> None:
    """My cloud's login fails once: I read which program failed and what it said, without a token; then all is well."""
    secret = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwdXNoYm9hdCJ9.c2lnbmF0dXJl"
    broken = f"if not Path({str(tmp_path / 'mended')!r}).exists(): sys.exit('\\n\\nlogin {secret} has expired')\n"
    write_kubeconfig(kubeconfig, server, plugin(tmp_path / "cloud-login", broken + telling("good")))
    cluster = clusters.of(environment())
    with pytest.raises(ClusterUnavailable) as failed:
        ask(cluster)
    assert "cluster dev" in failed.value.summary
    assert "cloud-login" in failed.value.summary
    assert "has expired" in failed.value.summary
    assert "eyJ" not in failed.value.summary
    (tmp_path / "mended").touch()
    ask(cluster)


def test_a_plugin_that_is_not_there_is_the_operators_to_mend(
    server: Server, clusters: Clusters, kubeconfig: Path
) -> None:
    """The plugin was never installed: no waiting helps, and I read which one it is."""
    missing = {"apiVersion": "client.authentication.k8s.io/v1", "command": "no-such-login"}
    write_kubeconfig(kubeconfig, server, {"exec": missing})
    with pytest.raises(ClusterRefused, match="no-such-login"):
        ask(clusters.of(environment()))


@pytest.mark.proves("clusters")
def test_a_plugin_that_hangs_holds_up_its_own_cluster_only(
    server: Server, clusters: Clusters, kubeconfig: Path, tmp_path: Path
) -> None:
    """The login of one cluster hangs: deployments to the other ones go on."""
    started = tmp_path / "started"
    code = f"Path({str(started)!r}).write_text(str(os.getpid())); time.sleep(600)"
    write_kubeconfig(tmp_path / "slow", server, plugin(tmp_path / "hangs", code))
    write_kubeconfig(kubeconfig, server, {"token": "good"})

    def ask_the_slow_one() -> None:
        with pytest.raises(Unavailable):  # we kill it below
            ask(clusters.of(environment("slow")))

    stuck = threading.Thread(target=ask_the_slow_one)
    stuck.start()
    until(lambda: started.exists() and started.read_text(), what="the plugin to hang")
    asked_at = time.monotonic()
    ask(clusters.of(environment()))
    assert time.monotonic() - asked_at < 30
    os.kill(int(started.read_text()), 9)
    stuck.join()


def test_a_plugin_that_hangs_is_stopped(server: Server, kubeconfig: Path, tmp_path: Path) -> None:
    """A login that never ends is ended with everything that it started, and I read which one it was."""
    child, hangs = tmp_path / "child", tmp_path / "hangs"
    hangs.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {child}\nwait\n")  # a Python might not even have begun by then
    hangs.chmod(0o700)
    child.touch()  # nor may a shell have, on a machine that is busy enough
    write_kubeconfig(kubeconfig, server, {"exec": {**ASKED, "command": str(hangs)}})
    with pytest.raises(ClusterUnavailable, match=r"plugin hangs did not end within 1\.5 s and was stopped"):
        plugins.ask(read(ClusterAccess(name="dev", kubeconfig=kubeconfig, plugins=None)), "dev", within=1.5)
    until(lambda: not (begun := child.read_text()) or not lives(int(begun)), what="its child to go too")


def lives(pid: int) -> bool:
    """Say whether a process runs; one that ended and was not yet reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_plugin_that_gives_nothing_is_not_believed(
    server: Server, clusters: Clusters, kubeconfig: Path, tmp_path: Path
) -> None:
    """A login that succeeds without a credential is named, instead of a request without one being refused."""
    write_kubeconfig(kubeconfig, server, plugin(tmp_path / "login", telling("")))
    with pytest.raises(ClusterUnavailable, match="plugin login gave neither a token nor a certificate"):
        ask(clusters.of(environment()))
    assert server.seen == []


def test_a_pods_token_is_read_again(tmp_path: Path) -> None:
    """Pushboat runs in the cluster that it deploys to: the kubelet's new token is noticed."""
    for name in ("token", "ca.crt"):
        (tmp_path / name).write_text("old")
    environ = {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443"}
    found = inside_a_pod(environ, tmp_path)
    assert (found.server.address, found.credentials.authorization) == ("https://10.0.0.1:443", "Bearer old")
    (tmp_path / "new").write_text("new")
    (tmp_path / "new").replace(tmp_path / "token")
    assert stamp(found.files) != found.stamp


def test_a_token_that_a_plugin_lends_is_renewed_before_it_ends(
    server: Server, clusters: Clusters, kubeconfig: Path, tmp_path: Path
) -> None:
    """A plugin's token has an end: another one is fetched before that, and not for each request."""
    calls = tmp_path / "calls"
    code = f"calls = Path({str(calls)!r}); seen = calls.read_text() if calls.exists() else ''\n"
    code += "calls.write_text(seen + 'x')\nsoon = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 8))\n"
    first = telling("good", expirationTimestamp="SOON").removesuffix(")")  # from when it tells it, however late that is
    code += f"if seen:\n    {telling('next')}\nelse:\n    {first}.replace('SOON', soon))"
    write_kubeconfig(kubeconfig, server, plugin(tmp_path / "login", code))
    server.tokens = {"good", "next"}
    cluster = clusters.of(environment())
    ask(cluster)
    ask(cluster)
    assert calls.read_text() == "x"

    def renewed() -> bool:
        ask(cluster)
        return server.seen[-1]["authorization"] == "Bearer next"

    until(renewed, what="the plugin's next token", within=120)
    assert calls.read_text() == "xx"


@pytest.mark.proves("clusters")
def test_a_token_that_was_revoked_is_fetched_anew_once(
    server: Server, clusters: Clusters, kubeconfig: Path, tmp_path: Path
) -> None:
    """The cluster says 401 to a token that had not ended: the plugin is asked again, and my deployment goes on."""
    calls = tmp_path / "calls"
    code = f"calls = Path({str(calls)!r}); seen = calls.read_text() if calls.exists() else ''\n"
    code += "calls.write_text(seen + 'x')\nif seen:\n    " + telling("newer") + "\nelse:\n    " + telling("good")
    write_kubeconfig(kubeconfig, server, plugin(tmp_path / "login", code))
    cluster = clusters.of(environment())
    ask(cluster)
    server.tokens = {"newer"}
    ask(cluster)
    assert calls.read_text() == "xx"


def test_whoever_waits_for_a_login_leaves_its_place_before(
    server: Server, clusters: Clusters, kubeconfig: Path, tmp_path: Path
) -> None:
    """Others may work each time that a login is asked: the first time, and after a token was revoked; never else."""
    calls = tmp_path / "calls"
    code = f"calls = Path({str(calls)!r}); seen = calls.read_text() if calls.exists() else ''\n"
    code += "calls.write_text(seen + 'x')\nif seen:\n    " + telling("newer") + "\nelse:\n    " + telling("good")
    write_kubeconfig(kubeconfig, server, plugin(tmp_path / "login", code))
    asked: list[bool] = []
    cluster = clusters.of(environment()).beside(lambda: asked.append(calls.exists()))
    ask(cluster)
    ask(cluster)
    assert asked == [False]
    server.tokens = {"newer"}
    ask(cluster)
    ask(cluster)
    assert asked == [False, True]
    assert calls.read_text() == "xx"


def test_accounts_of_one_cluster_share_its_client(server: Server, clusters: Clusters, kubeconfig: Path) -> None:
    """Every environment's account speaks over the same connections, in its own name."""
    write_kubeconfig(kubeconfig, server, {"token": "good"})
    deployer, reader, plain = (environment(service_account=name) for name in ("shop/deployer", "shop/reader", ""))
    for each in (deployer, reader, plain):
        ask(clusters.of(each))
    named = [seen.get("impersonate-user", "") for seen in server.seen]
    assert named == ["system:serviceaccount:shop:deployer", "system:serviceaccount:shop:reader", ""]
    assert len({clusters.of(each).pool for each in (deployer, reader, plain)}) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "there is no kubeconfig at {path}"),
        ("{", "{path} is no YAML"),
        ("[]", "{path} is no kubeconfig"),
        ("contexts: [{name: other, context: {cluster: a}}]", "{path} has no current context"),
        ("{current-context: a, contexts: [{name: b, context: {cluster: c}}]}", "{path} has no context a: it has b"),
        ("{current-context: a, contexts: [{name: a, context: {cluster: gone}}]}", "{path} has no cluster gone"),
    ],
    ids=["missing", "no YAML", "a list", "no context", "another context", "no cluster"],
)  # fmt: skip
def test_a_kubeconfig_that_cannot_be_used_is_named_at_once(
    clusters: Clusters, kubeconfig: Path, content: str | None, words: str
) -> None:
    """The kubeconfig is missing or wrong: I read its path and what is wrong, and no time is spent on waiting."""
    if content is not None:
        kubeconfig.write_text(content)
    with pytest.raises(ClusterRefused) as refused:
        ask(clusters.of(environment()))
    assert words.format(path=kubeconfig) in refused.value.summary
    assert "cluster dev" in refused.value.summary


def test_what_cannot_be_reached_is_known_before_anybody_pushes(
    server: Server, clusters: Clusters, kubeconfig: Path, tmp_path: Path
) -> None:
    """At its start Pushboat can tell, a line for each cluster, which kubeconfig is missing; without running a login."""
    write_kubeconfig(kubeconfig, server, plugin(tmp_path / "login", f"Path({str(tmp_path / 'ran')!r}).touch()"))
    (mistake,) = find_mistakes(clusters.operator.clusters.values())
    assert mistake.startswith(f"cluster slow cannot be reached: there is no kubeconfig at {tmp_path / 'slow'}")
    assert not (tmp_path / "ran").exists()
