"""Pushboat without its tree: what `make wheel` makes is enough, in an empty folder, to deploy."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from tests.cluster_view import ClusterView
from tests.fakes.plain_git import PlainGit
from tests.ports import free_port
from tests.serving import ROOT
from tests.until import until
from tests.written import config_map, repository_file

pytestmark = pytest.mark.proof
NEEDED = ("PATH", "HOME", "LANG", "TMPDIR", "UV_CACHE_DIR", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "PIP_INDEX_URL")
VERSION = re.findall(r'(?m)^version = "(.+)"$', (ROOT / "pyproject.toml").read_text())[0]

IMPORTS_ALL = """
import importlib, pkgutil
for room in ("pushboat", "webhook", "dashboard", "workers", "cli"):
    for module in pkgutil.walk_packages(importlib.import_module(room).__path__, room + "."):
        if ".migrations." in module.name:
            continue  # alembic's own way of loading
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as missing:
            print(missing.name)
"""


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the make target makes: the wheel, built from the source archive, and that."""
    target = tmp_path_factory.mktemp("dist")
    tree = tmp_path_factory.mktemp("tree") / "pushboat"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)
    build = [ROOT / ".venv/bin/uv", "build", "--quiet", "--out-dir", target]
    subprocess.run(build, cwd=tree, check=True, timeout=300)
    return target


@pytest.fixture(scope="module")
def program(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed from the wheel into an environment of its own, as `uv tool install` does."""
    home = tmp_path_factory.mktemp("installed") / "venv"
    uv = ROOT / ".venv/bin/uv"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, home], check=True, timeout=120)
    (wheel,) = dist.glob("*.whl")
    locked = ["uv", "export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "--no-hashes"]
    versions = subprocess.run([uv, *locked[1:]], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (home / "versions.txt").write_text(versions)
    install = [uv, "pip", "install", "--quiet", "--python", home / "bin/python", "--constraint", home / "versions.txt"]
    subprocess.run([*install, wheel], check=True, timeout=600)
    return home / "bin" / "pushboat"


@pytest.fixture
def environ() -> dict[str, str]:
    """A shell that knows nothing of this tree."""
    return {name: os.environ[name] for name in NEEDED if name in os.environ}


def test_the_wheel_says_what_it_is(dist: Path) -> None:
    """Its page shows the readme, the license and the extras; the source archive has what the wheel is built from."""
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
        told = file.read(f"pushboat-{VERSION}.dist-info/METADATA").decode()
    for line in (f"Version: {VERSION}", "License-Expression: Apache-2.0", "License-File: LICENSE"):
        assert f"\n{line}\n" in told
    assert "Description-Content-Type: text/markdown" in told
    assert set(re.findall(r"(?m)^Provides-Extra: (.+)$", told)) == {"apprise", "aws", "mcp", "otel", "rego", "sigstore"}
    assert not [name for name in names if name.startswith("tests/") or name.endswith((".pyc", "_test.go"))]
    assert {name.partition("/")[0] for name in names} == {
        *("cli", "dashboard", "pushboat", "webhook", "workers"),
        f"pushboat-{VERSION}.dist-info",
    }
    (archive,) = dist.glob("*.tar.gz")
    with tarfile.open(archive) as source:
        members = source.getnames()
    assert f"pushboat-{VERSION}/deploy/pushboat.service" in members
    assert not [name for name in members if name.endswith((".pyc", ".whl")) or "/var/" in name]


def test_an_explanation_leads_to_a_page_that_is_there(program: Path, environ: dict[str, str], tmp_path: Path) -> None:
    """I installed the wheel and have no checkout: the page that a code names can be opened."""
    told = subprocess.run(
        [program, "explain", "store-damaged", "--json"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    page = Path(json.loads(told.stdout)[0]["page"].partition("#")[0])
    assert page.is_relative_to(program.parents[1])
    assert page.read_text() == (ROOT / "docs/operations.md").read_text()


def test_no_file_of_the_packages_stays_behind(dist: Path) -> None:
    """Each file that git has in a package is in the wheel: templates, pages' files, schemas, migrations."""
    (wheel,) = dist.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    rooms = ["pushboat", "webhook", "dashboard", "workers", "cli"]
    listed = subprocess.run(["git", "ls-files", *rooms], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(listed.split()) - names == set()


def test_what_it_carries_is_what_a_checkout_has(program: Path, environ: dict[str, str], tmp_path: Path) -> None:
    """Its control plane is the one that the checkout builds, from the same files: the build is not made anew."""
    asked = "from cli.lab.devcluster import SOURCE, _digest; print(SOURCE, _digest())"
    python = program.with_name("python")
    told = subprocess.run([python, "-c", asked], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True)
    source, digest = told.stdout.split()
    assert source.endswith("/cli/carried_files/devcluster")
    here = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert digest == here.stdout.split()[1]


def test_every_module_finds_what_it_imports(program: Path, environ: dict[str, str], tmp_path: Path) -> None:
    """What the wheel asks for is enough for each of its modules; of the extras' packages alone some are missing."""
    told = subprocess.run(
        [program.with_name("python"), "-c", IMPORTS_ALL],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    of_extras = {"anyio", "apprise", "botocore", "mcp", "opentelemetry", "regopy", "sigstore"}
    assert {line.split(".")[0] for line in told.stdout.split()} <= of_extras


def test_it_is_installed_in_an_empty_folder_and_deploys(
    program: Path, environ: dict[str, str], tmp_path: Path, kubeconfig: Path, cluster: ClusterView
) -> None:
    """I install the wheel, write two files, connect a bare repository and push: it runs, and the terminal says so."""
    folder = tmp_path / "empty"
    folder.mkdir()

    def run(*words: str, cwd: Path = folder) -> subprocess.CompletedProcess[str]:
        return subprocess.run([program, *words], cwd=cwd, env=environ, capture_output=True, text=True, check=False)

    assert run("--version").stdout == f"pushboat {VERSION}\n"
    plain_git = PlainGit(tmp_path)
    bare = plain_git.create_repository("boxed")
    clone = plain_git.clone("boxed", tmp_path / "clone")
    operator = {
        "public_url": f"http://127.0.0.1:{(port := free_port())}",
        "listen": f"127.0.0.1:{port}",
        "forges": {"local": {"kind": "git", "root": str(bare.path.parent), "webhook_secrets": [{"file": "secret"}]}},
        "clusters": {"dev": {"kubeconfig": str(kubeconfig)}},
        "projects": [
            {
                "repository": "local/boxed",
                "environments": {
                    "staging": {"cluster": "dev", "namespaces": ["boxed-staging"], "create_namespaces": True}
                },
            }
        ],
    }
    (folder / "pushboat.yaml").write_text(yaml.safe_dump(operator))
    (folder / "secret").write_text("a" * 32)
    with serving(program, folder, environ):
        installed = run("hook", "install", str(bare.path))
        assert installed.returncode == 0, installed.stderr
        clone.commit({"deploy/it.yaml": config_map()})
        founded = run("init", cwd=clone.folder)
        assert (founded.returncode, (clone.folder / ".pushboat.yaml").is_file()) == (0, True), founded.stderr
        clone.commit({".pushboat.yaml": repository_file()})
        assert run("check", cwd=clone.folder).returncode == 0
        pushed = clone.push()
        until(lambda: cluster.config_map("boxed-staging", "settings"), what="what was pushed")
        assert "succeeded" in pushed.terminal, pushed.terminal
        assert "succeeded" in run("status").stdout


@contextmanager
def serving(program: Path, folder: Path, environ: dict[str, str]) -> Iterator[None]:
    """Run `pushboat serve` from the wheel, in the folder where its file is."""
    command = [program, "serve", "--ready-file", "ready"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=log, stderr=log, start_new_session=True)

    def ready() -> bool:
        assert process.poll() is None, (folder / "log").read_text()[-4000:]
        return (folder / "ready").exists()

    try:
        until(ready, within=120, what="serve to be ready")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(120)
