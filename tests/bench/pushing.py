"""One push to 96 environments of one object each, on a real `serve`, a plain git server and a real control plane.

From `git push` until the last of them has succeeded, against the least that brings the same 96 objects there: a bare
PATCH loop over the same client with one thread. Beside it stands who used the processor for how long in one deployment,
and what the API server was asked for it, by its own controllers too: both say more than the clock on a busy machine.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import DEVNULL, Popen
from time import perf_counter

import yaml

from pushboat.config.operator import ClusterAccess
from tests.bench.measuring import Row
from tests.fakes.plain_git import Clone, PlainGit
from tests.serving import Served, children, command_line
from tests.until import until
from tests.written import config_map
from workers.cluster.client.connection import APPLY, connect

ENVIRONMENTS = 96
REPOSITORY = "local/many"
WITHIN = 300.0
ROLES = (
    *("app worker", "app reporter", "dispatcher", "webhook", "post-receive", "valkey", "launcher", "git"),
    *("kube-apiserver", "etcd", "devcluster"),
)
"""Words of a command line, by which a process is counted; the first one that it has."""
_REQUESTS = re.compile(r"^apiserver_request_total\{(.*)\} (\S+)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')
_TICK = os.sysconf("SC_CLK_TCK")


def measure(kubeconfig: Path, folder: Path, say: Callable[[str], object] = print) -> list[Row]:
    """Push twice: environments that are new, with their namespaces, and then one changed object in each."""
    folder.mkdir()
    with _serving(kubeconfig, folder) as (served, clone):
        rows = []
        for what, files in (("new", {".pushboat.yaml": _file(), **_objects("1")}), ("changed", _objects("2"))):
            sha = clone.commit(files)
            before, asked, started = spent(os.getpid()), requests(kubeconfig), perf_counter()
            with _pushing(clone):
                until(partial(_all_succeeded, served, sha), within=WITHIN, what=f"{ENVIRONMENTS} deployments")
                took = perf_counter() - started
            say(_sentence(what, took, spent(os.getpid()) - before))
            say(_questions(requests(kubeconfig) - asked))
            name = f"{ENVIRONMENTS} {what} environments in one push, against a bare PATCH loop"
            rows.append(Row(name, took, _loop(kubeconfig, what)))
    return rows


def spent(pid: int) -> Counter[str]:
    """Add up the milliseconds of processor time of all that a process started, with what those have waited for."""
    found: Counter[str] = Counter()
    for child in children(pid):
        line = command_line(child)
        try:
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        role = next((role for role in ROLES if role in line), "others")
        found[role] += sum(map(int, fields[11:13])) * 1000 // _TICK
        found["ended programs"] += sum(map(int, fields[13:15])) * 1000 // _TICK
    return found


def requests(kubeconfig: Path) -> Counter[str]:
    """Count what the API server was asked so far, by verb and resource, in its own words."""
    cluster = connect(ClusterAccess(name="bench", kubeconfig=kubeconfig))
    try:
        text = cluster.text("/metrics", {})
    finally:
        cluster.close()
    found: Counter[str] = Counter()
    for labels, number in _REQUESTS.findall(text):
        said = dict(_LABEL.findall(labels))
        found[f"{said['verb']} {said['resource']}"] += int(float(number))
    return found


@contextmanager
def _pushing(clone: Clone) -> Iterator[None]:
    """Push beside what is measured: the terminal shows the states until the last one, and may do so a little longer."""
    command = ["git", "-C", str(clone.folder), "push", "--quiet", "origin", "HEAD:main"]
    with Popen(command, stderr=DEVNULL) as push:
        yield
        assert push.wait(WITHIN) == 0


@contextmanager
def _serving(kubeconfig: Path, folder: Path) -> Iterator[tuple[Served, Clone]]:
    server = PlainGit(folder / "git")
    server.root.mkdir()
    secret = folder / "secret"
    secret.write_text("a secret of the bench\n")
    bare = server.create_repository("many")
    operator = {
        "forges": {"local": {"kind": "git", "root": str(server.root), "webhook_secrets": [{"file": str(secret)}]}},
        "clusters": {"dev": {"kubeconfig": str(kubeconfig)}},
        "projects": [{"repository": REPOSITORY, "environments": {name: _limits(name) for name in _names()}}],
    }
    served = Served.start(folder / "serve", operator, executed=True)
    try:
        done = served.command("hook", "install", str(bare.path))
        assert done.returncode == 0, done.stderr
        yield served, server.clone("many", folder / "clone")
    finally:
        served.stop()


def _limits(name: str) -> dict[str, object]:
    return {"cluster": "dev", "namespaces": [f"many-{name}"], "create_namespaces": True}


def _names() -> list[str]:
    return [f"e{number:02}" for number in range(ENVIRONMENTS)]


def _file() -> str:
    found = {name: {"branch": "main", "path": f"deploy/{name}"} for name in _names()}
    return yaml.safe_dump({"environments": found})


def _objects(version: str) -> dict[str, str]:
    return {f"deploy/{name}/it.yaml": config_map("it", version=version) for name in _names()}


def _all_succeeded(served: Served, sha: str) -> bool:
    """Ask for one row as long as that says enough: what the bench asks is no part of what it measures."""
    asked = f"/api/v1/deployments?sha={sha}"
    if any(served.get(f"{asked}&state={state}&limit=1")["items"] for state in ("queued", "running")):
        return False
    rows = served.get(f"{asked}&limit=100")["items"]
    states = Counter(row["state"] for row in rows)
    assert not states["failed"] + states["errored"], [row["reason"] for row in rows]
    return states["succeeded"] == ENVIRONMENTS


def _sentence(what: str, took: float, used: Counter[str]) -> str:
    each = ", ".join(f"{role} {ms / ENVIRONMENTS:.0f}" for role, ms in used.most_common())
    rate = ENVIRONMENTS / took
    return f"{ENVIRONMENTS} {what} environments: {took:.1f} s, {rate:.1f} deployments/s; CPU ms per deployment: {each}"


def _questions(asked: Counter[str]) -> str:
    each = ", ".join(f"{what} {number / ENVIRONMENTS:.1f}" for what, number in asked.most_common(12))
    return f"requests per deployment {asked.total() / ENVIRONMENTS:.1f}: {each}"


def _loop(kubeconfig: Path, what: str) -> float:
    """Write the same number of objects, in their namespaces, and give the seconds."""
    cluster = connect(ClusterAccess(name="bench", kubeconfig=kubeconfig))
    started = perf_counter()
    try:
        for name in _names():
            space = f"loop-{name}"
            if what == "new":
                body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": space}}
                cluster.request("PATCH", f"/api/v1/namespaces/{space}", {"fieldManager": "bench"}, body, APPLY)
            path = f"/api/v1/namespaces/{space}/configmaps/it"
            cluster.request("PATCH", path, {"fieldManager": "bench"}, yaml.safe_load(config_map("it", a=what)), APPLY)
    finally:
        cluster.close()
    return perf_counter() - started
