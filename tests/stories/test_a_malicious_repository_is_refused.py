"""A push that wants to read, fetch, run or break something gets a clear sentence, and life goes on."""

import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests import breaking, hostile
from tests.fakes.bare import Link
from tests.fakes.forge import FakeForge
from tests.hostile import kustomization
from tests.serving import ROOT
from tests.stories.conftest import Shop, environ_of, environments_of
from tests.written import config_map, repository_file

PASSWD = Path("/etc/passwd").read_text().splitlines()[0]
STAGING = "pushboat/staging"


@dataclass(frozen=True)
class Trap:
    """An HTTP server of the attacker's; whoever fetches from it is noted."""

    url: str
    hits: list[str]


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    """It serves a manifest that would be accepted."""
    hits: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            body = config_map("fetched").encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield Trap(f"http://127.0.0.1:{server.server_port}", hits)
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def target(new_shop: Callable[[str], Shop]) -> Shop:
    """One repository that is attacked again and again, and works in between."""
    shop = new_shop("github")
    shop.ended(shop.push({"deploy/settings.yaml": config_map(version="0")}))
    return shop


@pytest.fixture
def unharmed(target: Shop) -> Iterator[None]:
    """Whatever was pushed: the same worker lives, and the next good push deploys."""
    worker = breaking.part(target.served, "worker")
    yield
    assert breaking.part(target.served, "worker") == worker
    good = target.push({".pushboat.yaml": repository_file(), "deploy/settings.yaml": config_map()}, replace=True)
    assert target.ended(good)["state"] == "succeeded"
    assert target.cluster.names(target.namespace) - {"kube-root-ca.crt"} == {"settings"}


def refused(shop: Shop, sha: str, context: str = STAGING) -> str:
    """Wait for the red status of a commit, see that it tells nothing of this machine, and give its sentence."""
    sentence = shop.status(sha, "failure", context=context)
    told = [sentence, *(url for _, _, _, url in shop.forge.statuses(shop.name, sha, context))]
    for row in shop.served.deployments(shop.repository):
        if row["sha"] == sha:
            assert row["state"] == "failed"
            told += [str(row), shop.served.page(f"/deployments/{row['id']}")]
    deliveries = shop.served.get(f"/api/v1/deliveries?repository={shop.repository}&sha={sha}")["items"]
    told += [str(deliveries), *(shop.served.page(f"/deliveries/{row['id']}") for row in deliveries)]
    told.append(shop.served.log.read_text())
    assert deliveries
    for hidden in (PASSWD, "/bin/bash", shop.forge.token, shop.forge.secret, f"{tempfile.gettempdir()}/pushboat-"):
        for text in told:
            assert hidden not in text, f"{hidden} in {text[max(0, text.find(hidden) - 200) : text.find(hidden) + 100]}"
    assert sentence.isprintable()
    assert len(sentence) <= 140
    return sentence


EVIL: Mapping[str, tuple[Mapping[str, str | bytes | Link], str]] = {
    "a link among the manifests": (
        {"deploy/evil.yaml": Link("/etc/passwd")},
        r"deploy/evil\.yaml is a symbolic link \(to /etc/passwd\) that leads out of the repository: commit the file",
    ),
    "the folder is a link": ({"deploy": Link("/etc")}, r"deploy is a symbolic link \(to /etc\) that leads out of"),
    "an exec generator": (
        {"deploy/kustomization.yaml": kustomization(generators=["gen.yaml"]), "deploy/gen.yaml": hostile.EXEC},
        r"deploy/gen\.yaml:\d+:\d+: functions \(containers, programs\) are not supported in a kustomization",
    ),
    "an exec generator in line": (
        {"deploy/kustomization.yaml": kustomization(generators=[hostile.EXEC])},
        r"deploy/kustomization\.yaml:\d+:\d+: functions \(containers, programs\) are not supported in a kustomization",
    ),
    "a chart": (
        {"deploy/kustomization.yaml": kustomization(helmCharts=[{"name": "x", "repo": "https://charts.example.com"}])},
        r"deploy/kustomization\.yaml:\d+:\d+: chart x of https://charts\.example\.com is not locked: run ",
    ),
    "a base outside": (
        {"deploy/kustomization.yaml": kustomization(resources=["../../../../etc"])},
        r"deploy/kustomization\.yaml:\d+:\d+: '\.\./\.\./\.\./\.\./etc' is outside of this repository: copy it here$",
    ),
    "a file outside": (
        {"deploy/kustomization.yaml": kustomization(configMapGenerator=[{"name": "x", "files": ["/etc/passwd"]}])},
        r"deploy/kustomization\.yaml:\d+:\d+: '/etc/passwd' is outside of this repository: copy it here$",
    ),
    "30,000 levels": (
        {"deploy/deep.yaml": "a: " + "[" * 30_000},
        r"deploy/deep\.yaml:1:\d+: nested more than 100 lev",
    ),
    "an alias bomb": (
        {"deploy/bomb.yaml": hostile.BOMB},
        r"deploy/bomb\.yaml:\d+:\d+: its aliases expand to more than ",
    ),
    "a name with a newline": (
        {"deploy/a\nb.yaml": config_map()},
        r"the file name 'deploy/a\\nb\.yaml' holds a control character or is not UTF-8: rename the file",
    ),
    "a name with ESC": (
        {"deploy/\x1b[2Jb.yaml": config_map()},
        r"the file name 'deploy/\\x1b\[2Jb\.yaml' holds a control character or is not UTF-8: rename the file",
    ),
    "a Python object": (
        {"deploy/py.yaml": "!!python/object/apply:os.system ['touch /tmp/pushboat-was-here']\n"},
        r"deploy/py\.yaml:1:1: the tag !!python/object/apply:os\.system is not supported: write plain YAML$",
    ),
    "20 MB": (
        {"deploy/big.yaml": "# " + "x" * (20 << 20)},
        r"deploy/big\.yaml: the file is larger than 10 MiB: split it",
    ),
    "an LFS pointer": (
        {"deploy/lfs.yaml": hostile.LFS_POINTER},
        r"deploy/lfs\.yaml:1: this is a Git LFS pointer, which Pushboat does not follow: commit the file itself$",
    ),
}


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("case", EVIL)
def test_evil_files_are_named(target: Shop, case: str) -> None:
    """Whatever I put among the manifests: the status says which file, why not, and what to do."""
    files, words = EVIL[case]
    sha = target.push({".pushboat.yaml": repository_file(), **files}, replace=True)  # type: ignore[dict-item]
    assert re.match(words, refused(target, sha))
    assert not Path("/tmp/pushboat-was-here").exists()


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("field", ["resources", "components", "patches", "crds", "generators"])
def test_nothing_is_fetched(target: Shop, trap: Trap, field: str) -> None:
    """A kustomization asks for a URL on this very machine: it is never fetched."""
    place = f"{trap.url}/x.yaml"
    entry: Any = {"path": place} if field == "patches" else place
    files = {"deploy/kustomization.yaml": kustomization(**{field: [entry]}), "deploy/a.yaml": config_map()}
    sha = target.push({".pushboat.yaml": repository_file(), **files}, replace=True)
    told = f"'{place}' is not in this repository: copy it here, only resources"
    if field in ("resources", "components"):
        told = f"file {place} is not locked: run `pushboat sources lock` and commit"
    assert re.match(rf"deploy/kustomization\.yaml:\d+:\d+: {told}", refused(target, sha))
    assert trap.hits == []


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            Link("/etc/passwd"),
            r"\.pushboat\.yaml is a symbolic link \(to /etc/passwd\), and this file is read from no other place",
        ),
        ("[" * 30_000, r"\.pushboat\.yaml:1:\d+: "),
        (hostile.BOMB, r"\.pushboat\.yaml:\d+:\d+: "),
        ("environments: !!python/object/apply:os.system [ls]\n", r"\.pushboat\.yaml:1:\d+: "),
        ("#" * (20 << 20), r"\.pushboat\.yaml is larger than 1024 KiB"),
        (repository_file(path="../../../../etc"), r"\.pushboat\.yaml:\d+:\d+: .*path.*"),
        (repository_file(path="/etc"), r"\.pushboat\.yaml:\d+:\d+: .*path.*"),
    ],
    ids=["link", "deep", "bomb", "python", "20 MB", "folder above", "folder at the root"],
)
def test_an_evil_file_of_the_repositorys_own(target: Shop, content: str | Link, words: str) -> None:
    """The same in `.pushboat.yaml` is red under `pushboat`, where people look."""
    sha = target.push({".pushboat.yaml": content, "deploy/a.yaml": config_map()}, replace=True)  # type: ignore[dict-item]
    assert re.match(words, refused(target, sha, "pushboat"))


@pytest.mark.usefixtures("unharmed")
@pytest.mark.parametrize("name", ["..", ".git"])
def test_a_tree_that_leads_out_of_its_folder(target: Shop, name: str) -> None:
    """A commit made by hand holds `deploy/../x`: git refuses it, and the commit says so."""
    sha = hostile.tree_with(target.forge.projects[target.name].bare, name)
    target.forge.reset(target.name, "main", sha)
    assert re.match(rf"git refuses what commit {sha[:7]} holds: ", refused(target, sha, "pushboat"))


@pytest.mark.usefixtures("unharmed")
def test_a_submodule_is_not_fetched(target: Shop) -> None:
    """A submodule whose URL is an option for git runs nothing; a folder that holds only that says so."""
    sha = hostile.submodule(target.forge.projects[target.name].bare, "--upload-pack=touch /tmp/pushboat-was-here")
    target.forge.reset(target.name, "main", sha)
    sentence = "deploy holds no manifests, only the submodule deploy/x, which Pushboat does not fetch"
    assert refused(target, sha) == sentence
    assert not Path("/tmp/pushboat-was-here").exists()


def test_a_clone_url_that_is_an_option(tmp_path: Path, kubeconfig: Path, forges: dict[str, FakeForge]) -> None:
    """The operator's file may not smuggle an option into git: refused with file and line before anything runs."""
    config = tmp_path / "pushboat.yaml"
    config.write_text(hostile.operators_file(kubeconfig, environments_of("x")))
    command = [sys.executable, "-m", "cli.main", "--config", str(config), "serve"]
    environ = {**os.environ, **environ_of(forges)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert re.search(
        rf"{re.escape(str(config))}:\d+:\d+: .*must not begin with '-': git would take it for an option", done.stderr
    )
