"""A program knows by the signature that it is Pushboat, and by the fields what happened."""

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pushboat.config.notifying import Receiver
from pushboat.model.state import Kind, State, Trigger
from pushboat.store import ending
from tests.fakes.listeners import Program
from tests.notices.reporter import SECRET, Reporter
from tests.store.looking import drift, looked, release
from tests.store.repository import Repository, deploy
from tests.store.test_approvals import pushed
from workers.gates.questions import signature

PAGE = (Path(__file__).parents[2] / "docs" / "notifications.md").read_text()
OTHER = "whsec_" + base64.b64encode(b"another secret of 32 bytes......").decode()


@pytest.fixture
def is_from_pushboat() -> Callable[..., bool]:
    """What docs/notifications.md tells a program to do."""
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    found: dict[str, Any] = {}
    exec(block, found)
    verify: Callable[..., bool] = found["is_from_pushboat"]
    return verify


@pytest.fixture
def hook(reporter: Reporter) -> Receiver:
    """The program's webhook."""
    reporter.only("hook")
    return reporter.tools.operator.receivers["hook"]


def test_the_page_verifies_what_is_sent(
    reporter: Reporter, hook: Receiver, program: Program, is_from_pushboat: Callable[..., bool]
) -> None:
    """What the page tells me to write lets Pushboat in, and nobody who changed a byte, or has another secret."""
    reporter.deploy(State.FAILED)
    reporter.work()
    (told,) = program.told
    assert is_from_pushboat(told.headers, told.body, SECRET)
    assert not is_from_pushboat(told.headers, told.body.replace(b"failed", b"passed"), SECRET)
    assert not is_from_pushboat(told.headers, told.body, OTHER)
    late = int(told.headers["webhook-timestamp"]) + 301
    assert not is_from_pushboat(told.headers, told.body, SECRET, now=late)
    assert not is_from_pushboat({**told.headers, "webhook-id": "msg_other"}, told.body, SECRET)


def test_the_page_verifies_what_others_sign(is_from_pushboat: Callable[..., bool]) -> None:
    """It is the real thing: the example of Standard Webhooks' own libraries is let in."""
    stamp = 1614265330
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": str(stamp),
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    body, secret = b'{"test": 2432232314}', "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    assert is_from_pushboat(headers, body, secret, now=stamp)
    assert signature(secret, headers["webhook-id"], str(stamp), body) in headers["webhook-signature"]


def test_a_secret_is_changed_without_a_gap(
    reporter: Reporter, hook: Receiver, program: Program, is_from_pushboat: Callable[..., bool]
) -> None:
    """While two secrets stand in the file, a program that knows either of them takes it."""
    reporter.listens(hook=replace(hook, secrets=(OTHER, SECRET)))
    reporter.deploy(State.FAILED)
    reporter.work()
    (told,) = program.told
    assert is_from_pushboat(told.headers, told.body, SECRET)
    assert is_from_pushboat(told.headers, told.body, OTHER)


def test_each_try_is_signed_anew_under_one_id(
    reporter: Reporter, hook: Receiver, program: Program, is_from_pushboat: Callable[..., bool]
) -> None:
    """My program was down: what it gets in the end is the same message under the same id, signed by now's clock."""
    program.says = 503
    reporter.deploy(State.FAILED)
    reporter.work()
    program.says = 204
    reporter.work_for(5)
    first, last = program.tried
    assert (first.headers["webhook-id"], first.body) == (last.headers["webhook-id"], last.body)
    assert is_from_pushboat(last.headers, last.body, SECRET)


def everything_happens(reporter: Reporter, repository: Repository) -> None:
    """Let an environment live through all that is told."""
    reporter.deploy(State.SUCCEEDED)
    reporter.deploy(State.FAILED)
    reporter.deploy(State.ERRORED, "the cluster is away")
    release(repository, repository.push("a" * 40))
    assert looked(reporter.store, drift())
    pushed(repository, "b" * 40)
    reporter.work()
    for number, act in enumerate((Trigger.ROLLBACK, Trigger.COMMAND)):
        kind = Kind.REMOVAL if act is Trigger.COMMAND else Kind.DEPLOY
        (made,) = repository.route(deploy(f"{number}c" * 20, kind=kind, trigger=act))
        assert ending.finish(reporter.store, repository.claim(made), State.SUCCEEDED, "done")


def test_cloudevents_are_what_the_specification_says(
    reporter: Reporter, hook: Receiver, repository: Repository, program: Program, is_from_pushboat: Callable[..., bool]
) -> None:
    """Each event is a CloudEvent 1.0 in its structured form, with an id of its own, and signed where I want that."""
    reporter.listens(hook=replace(hook, way="cloudevents"))
    everything_happens(reporter, repository)
    reporter.work()
    for each in program.told:
        assert each.headers["content-type"] == "application/cloudevents+json"
        assert {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"} == set(each.json)
        assert each.json["specversion"] == "1.0"
        assert each.json["source"] == "http://pushboat.example"
        assert each.json["subject"] == "github/acme/shop/staging"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", each.json["time"])
        assert is_from_pushboat(each.headers, each.body, SECRET)
    assert len({each.json["id"] for each in program.told}) == len(program.told)
    news = [each.json["type"].removeprefix("dev.pushboat.environment.") for each in program.told]
    assert sorted(news) == sorted(
        ["deployed", "failed", "failed", "recovered", "drifted", "waiting", "deployed", "removed"]
    )


def test_cdevents_are_what_the_specification_says(
    reporter: Reporter, hook: Receiver, repository: Repository, program: Program
) -> None:
    """Each event is a CDEvent 0.4.1 inside of a CloudEvent of the same id and type."""
    reporter.listens(hook=replace(hook, way="cloudevents", cdevents=True, secrets=()))
    everything_happens(reporter, repository)
    reporter.work()
    found = {}
    for each in program.told:
        assert "webhook-signature" not in each.headers
        context, subject = each.json["data"]["context"], each.json["data"]["subject"]
        same = {"id": each.json["id"], "source": each.json["source"], "type": each.json["type"]}
        assert context == {**same, "version": "0.4.1", "timestamp": each.json["time"]}
        assert set(subject) == {"id", "source", "type", "content"}
        found[each.json["type"], subject["content"].get("outcome", "")] = subject
    service, run = "dev.cdevents.service.{}.0.2.0".format, "dev.cdevents.pipelinerun.finished.0.2.0"
    own = "dev.cdeventsx.pushboat-environment.{}.0.1.0".format
    assert set(found) == {
        (service("deployed"), ""),
        (service("upgraded"), ""),
        (service("rolledback"), ""),
        (service("removed"), ""),
        (run, "failure"),
        (run, "error"),
        (own("drifted"), ""),
        (own("waiting"), ""),
    }
    place = {"id": "staging", "source": "http://pushboat.example"}
    assert found[service("removed"), ""]["content"] == {"environment": place}
    assert found[service("upgraded"), ""]["content"] == {
        "environment": place,
        "artifactId": f"pkg:generic/github/acme/shop@{'a' * 40}",
    }
    assert found[run, "error"]["content"]["errors"] == "the cluster is away"
