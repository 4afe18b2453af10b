"""`verify` with a token and a text: sent to the one host, looked for in the answer, and neither ever repeated."""

from collections.abc import Iterator

import pytest
from flask import Flask, redirect, request

from pushboat.model.state import State
from tests.fakes.door import Door
from tests.fakes.prometheus import FakePrometheus
from tests.waves.conftest import Yard, config_map
from tests.waves.test_what_verify_asks_decides import verifying

TOKEN, PRIVATE = "t0ken-of-the-operator", "what-nobody-may-read"


@pytest.fixture
def doors() -> Iterator[tuple[Door, Door]]:
    """A shop that wants a token and has a page that leads to another host, and that host."""
    other = Door(Flask("other").wsgi_app)
    app = Flask("shop")

    def healthz() -> tuple[str, int]:
        known = request.headers.get("Authorization") == f"Bearer {TOKEN}"
        return (f"{PRIVATE}: ready", 200) if known else (PRIVATE, 401)

    app.add_url_rule("/healthz", view_func=healthz)
    app.add_url_rule("/healthz/moved", "moved", view_func=lambda: redirect(f"{other.url}/healthz"))
    shop = Door(app.wsgi_app)
    yield shop, other
    shop.close()
    other.close()


@pytest.mark.proves("verify-hosts")
def test_a_token_goes_to_its_host_and_a_text_is_found(yard: Yard, doors: tuple[Door, Door]) -> None:
    """My page answers who has the token, and says that it is ready; the other host is asked without it."""
    shop, other = doors
    entries = (
        {"http": f"{shop.url}/healthz", "contains": "ready"},
        {"http": f"{shop.url}/healthz/moved", "status": 302},
        {"http": f"{other.url}/healthz", "status": 404},
    )
    verifying(yard, *entries)
    yard.allowing(verify_tokens={shop.url: TOKEN})
    ended = yard.push(config_map("a"))
    assert ended.state is State.SUCCEEDED, ended.reason
    assert {each.authorization for each in shop.requests} == {f"Bearer {TOKEN}"}
    assert [(each.path, each.authorization) for each in other.requests] == [("/healthz", "")], "no redirect is followed"


def test_a_text_that_is_not_there_fails_and_nothing_of_the_answer_is_quoted(
    yard: Yard, doors: tuple[Door, Door], caplog: pytest.LogCaptureFixture
) -> None:
    """I read what was looked for and that it was not there; neither the answer nor the token stands anywhere."""
    shop, _ = doors
    verifying(yard, {"http": f"{shop.url}/healthz", "contains": "open for business", "for": "1s"})
    yard.allowing(verify_tokens={shop.url: TOKEN})
    ended = yard.push(config_map("a"))
    assert ended.state is State.FAILED
    assert ended.reason.endswith("/healthz answers 200 without that, must answer 2xx with 'open for business' in it")
    everything = "".join([ended.reason, yard.said(ended), ended.details, caplog.text])
    assert TOKEN not in everything
    assert PRIVATE not in everything


def test_prometheus_is_asked_with_its_token_and_who_lacks_one_is_told(yard: Yard) -> None:
    """A Prometheus behind a login: its token opens it, and a 401 names the operator's line before any write."""
    prometheus = FakePrometheus()
    prometheus.series["errors"] = [0.0]
    try:
        verifying(yard, {"promql": "errors", "at": prometheus.url, "below": 1})
        yard.allowing(verify_tokens={prometheus.url: TOKEN})
        ended = yard.push(config_map("a"))
        assert ended.state is State.SUCCEEDED, ended.reason
        assert {each.authorization for each in prometheus.requests} == {f"Bearer {TOKEN}"}
    finally:
        prometheus.close()
    closed = Door(lambda _environ, start: (start("401 Unauthorized", []), [PRIVATE.encode()])[1])
    try:
        verifying(yard, {"promql": "errors", "at": closed.url, "below": 1})
        refused = yard.push(config_map("a", v="2"))
    finally:
        closed.close()
    assert refused.state is State.FAILED
    assert "answers 401: its token stands beside it in `verify_hosts`, and must be good" in refused.reason
    assert PRIVATE not in refused.reason
