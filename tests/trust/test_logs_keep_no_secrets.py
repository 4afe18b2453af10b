"""What the servers write down holds nothing that lets somebody in, also where every request is written down."""

import os
from pathlib import Path

import pytest
import requests

from pushboat.config import operator as operator_file
from pushboat.model.api_token import Role
from pushboat.model.reach import EVERYTHING
from pushboat.store import api_tokens
from pushboat.store.database.engine import open_store
from tests.receiving.web_process import prepare, raw, served, showing
from tests.until import until

LOGIN = """
login: {issuer: http://127.0.0.1:9, client_id: here, client_secret: {env: LOGIN_SECRET}, viewers: [team]}
"""
CODE, STATE, COOKIE = "c0de" * 8, "57a7e" * 8, "c00c1e" * 8


@pytest.mark.programs
def test_neither_codes_nor_tokens_nor_cookies_are_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a request stand there who, when, which address without its query, and the answer's code."""
    monkeypatch.setenv("PUSHBOAT_ACCESS_LOG", "yes")
    monkeypatch.setenv("LOGIN_SECRET", "the client's own")
    config = prepare(tmp_path, LOGIN)
    store = open_store("", operator_file.load(config, os.environ).state)
    _, token = api_tokens.create(store, "eyes", EVERYTHING, Role.VIEWER, 60.0, "root")
    store.close()
    with served(config) as (_, url), showing(config):
        headers = {"Authorization": f"Bearer {token}", "Referer": f"{url}/login/callback?code={CODE}"}
        requests.get(f"{url}/login/callback?code={CODE}&state={STATE}", headers=headers, timeout=60)
        requests.get(f"{url}/api/v1/deployments?access_token={token}", headers=headers, timeout=60)
        requests.get(f"{url}/deployments/1", headers={"Cookie": f"pushboat-session={COOKIE}"}, timeout=60)
        requests.get(f"{url}/", auth=("x", COOKIE), timeout=60)
        raw(url, [f"GET /{token} HTTP/9.9", f"Authorization: Bearer {token}", "\r\n"])
        raw(url, ["GET /api/v1/ HTTP/1.1", "Host: localhost", f"Bad Header {token}: x", "\r\n"])
        log = tmp_path / "log"
        until(lambda: '"GET /deployments/1" 303' in log.read_text(), what="the last request to be written down")
    said = log.read_text()
    assert '"GET /login/callback" 400' in said
    assert '"GET /api/v1/deployments" 400' in said
    for secret in (CODE, STATE, COOKIE, token, "the client's own"):
        assert secret not in said
