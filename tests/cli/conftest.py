"""The nouns of the command's tests: the command itself, and a folder with an operator's file."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pushboat.store.database.engine import Store
from tests import forked
from tests.fresh_store import fresh_store

ROOT = Path(__file__).resolve().parents[2]
OPERATOR = """\
public_url: http://127.0.0.1:8799
listen: 127.0.0.1:8799
state: ./var
forges:
  github: {kind: github, url: http://127.0.0.1:9, webhook_secrets: [{env: HOOK_SECRET}], token: {env: TOKEN}}
clusters:
  dev: {kubeconfig: ./kubeconfig}
projects:
  - repository: github/acme/shop
    environments:
      staging: {cluster: dev, namespaces: [shop-staging]}
"""
REPOSITORY = "environments:\n  staging: {branch: main, path: deploy}\n"

Finished = subprocess.CompletedProcess[str]
Pushboat = Callable[..., Finished]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with an operator's file, where commands run."""
    (tmp_path / "pushboat.yaml").write_text(OPERATOR)
    (tmp_path / "kubeconfig").write_text(
        "{apiVersion: v1, kind: Config, current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}],"
        " users: [{name: a, user: {token: t}}], clusters: [{name: a, cluster: {server: 'http://127.0.0.1:9'}}]}"
    )
    return tmp_path


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The store of the operator's file, up to date and with nothing in it."""
    with closing(fresh_store(home / "var")) as opened:
        yield opened


@pytest.fixture
def environ() -> dict[str, str]:
    """What the commands find in their environment; nothing of the machine's colours or configuration."""
    ours = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**ours, "PYTHONPATH": str(ROOT), "HOOK_SECRET": "0123456789abcdef-hook", "TOKEN": "0123456789abcdef-token"}


@pytest.fixture
def pushboat(tmp_path: Path, environ: dict[str, str]) -> Pushboat:
    """Run the real command in the test's folder and give what it printed and its exit code."""

    def run(*words: str | Path, stdin: str = "", **more: str) -> Finished:
        return forked.pushboat([str(word) for word in words], cwd=tmp_path, env={**environ, **more}, stdin=stdin)

    return run
