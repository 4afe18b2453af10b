"""On Postgres, what people ask for on a page, through the API or by a command is heard on other machines at once."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml

from pushboat.model.api_token import Role
from pushboat.model.reach import EVERYTHING
from pushboat.store import api_tokens, deliveries
from pushboat.store.calling import Listening
from pushboat.store.database.engine import Store
from tests.until import until

SHOP = "github/acme/shop"
DASHBOARD = f"""
import sys
from werkzeug.test import Client
from dashboard.wsgi import create

wanted = {{"word": "deploy", "repository": "{SHOP}", "environment": "staging"}}
taken = Client(create()).post("/api/v1/asks", json=wanted, headers={{"Authorization": "Bearer " + sys.argv[1]}})
print(taken.status_code, taken.text, flush=True)
sys.stdin.read()
"""
pytestmark = pytest.mark.parametrize("url", ["postgres"], indirect=True)


@pytest.fixture
def environ(tmp_path: Path, url: str) -> dict[str, str]:
    """What a process of this Pushboat finds in its environment."""
    (tmp_path / "kubeconfig").write_text("{}")
    file = tmp_path / "pushboat.yaml"
    environments = {"staging": {"cluster": "dev", "namespaces": ["shop"]}}
    operator = {
        "state": str(tmp_path / "state"),
        "store": {"env": "STORE"},
        "forges": {"github": {"kind": "github", "webhook_secrets": [{"env": "SECRET"}], "token": {"env": "SECRET"}}},
        "clusters": {"dev": {"kubeconfig": str(tmp_path / "kubeconfig")}},
        "projects": [{"repository": SHOP, "environments": environments}],
        "encryption_key": {"env": "KEY"},
    }
    file.write_text(yaml.safe_dump(operator))
    return {**os.environ, "PUSHBOAT_CONFIG": str(file), "STORE": url, "SECRET": "a secret", "KEY": "ab" * 32}


@pytest.mark.parametrize("door", ["dashboard", "command"])
def test_it_is_heard(door: str, store: Store, environ: dict[str, str]) -> None:
    """The dispatcher of another machine need not look by itself."""
    if door == "dashboard":
        secret = api_tokens.create(store, "ci", EVERYTHING, Role.DEPLOYER, 3600.0, "root")[1]
        command = [sys.executable, "-c", DASHBOARD, secret]
    else:
        command = [sys.executable, "-m", "cli.main", "deploy", SHOP, "staging", "--no-wait"]
    heard = threading.Event()
    with Listening(store, heard.set) as listening:
        until(lambda: listening.listens.is_set() and heard.is_set(), what="the dispatcher to listen")
        heard.clear()
        asking = subprocess.Popen(
            command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        was_heard = heard.wait(30)
        said, _ = asking.communicate(timeout=60)
    assert was_heard, said
    assert len(deliveries.listed(store, limit=5)) == 1, said
