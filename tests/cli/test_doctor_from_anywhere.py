"""With PUSHBOAT_URL the doctor looks at the way there, at my token, and at what that Pushboat finds of itself."""

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from cli.doctor import command
from pushboat.model.api_token import Role
from pushboat.model.question import Told
from pushboat.model.reach import EVERYTHING, reach_of
from pushboat.reading.processes import Signs
from pushboat.store import api_tokens, questions
from pushboat.store.database.engine import Store
from pushboat.store.processes import Beat
from tests.cli.conftest import Finished
from tests.cli.test_asking import SHOP, meanwhile
from tests.cli.test_from_anywhere import door, operator, remote
from tests.ports import free_port
from tests.until import until
from workers.checks.standing import of_processes
from workers.dispatching import BROKER_ANSWERS, BROKER_SILENT
from workers.questions.doctor import ONLY_THERE

__all__ = ["door", "operator", "remote"]

Remote = Callable[..., Finished]
FOUND = {"check": "process worker", "result": "FAIL", "sentence": "gives no sign of life", "fix": "start it"}


@pytest.fixture
def token(store: Store) -> str:
    """A token that may ask for deployments of the shop."""
    return api_tokens.create(store, "ci", reach_of(SHOP), Role.DEPLOYER, 30 * 86400.0, "root")[1]


def answering(store: Store, told: Told) -> Callable[[], None]:
    """Answer as a worker does."""

    def work() -> None:
        held = until(lambda: questions.claim(store, ""), what="the question")
        assert held.word == "doctor"
        assert questions.answer(store, held, told)

    return work


def lines(finished: Finished) -> dict[str, dict[str, str]]:
    """Give the lines by what they checked."""
    return {line["check"]: line for line in json.loads(finished.stdout)}


def test_the_way_and_the_server_are_examined(remote: Remote, store: Store) -> None:
    """Address, clock, token, version pass; what the server finds wrong is wrong, with its fix, and the exit code."""
    told = Told(form={"items": [FOUND]})
    finished = meanwhile(answering(store, told), lambda: remote("doctor", "--json"))
    assert finished.returncode == 1, finished.stderr
    found = lines(finished)
    assert {name: found[name]["result"] for name in ("address", "certificate", "clock", "token", "version")} == (
        dict.fromkeys(("address", "certificate", "clock", "token", "version"), "PASS")
    )
    assert found["token"]["sentence"] == (f"token ci is for deployers: it sees {SHOP}, looks, and asks for deployments")
    assert found["process worker"] == FOUND | {"code": ""}, "the server there gave it none"


def test_a_token_that_ends_soon_is_told(remote: Remote, store: Store) -> None:
    """Before it does, with what makes another."""
    secret = api_tokens.create(store, "eyes", EVERYTHING, Role.VIEWER, 3600.0, "root")[1]
    finished = meanwhile(
        answering(store, Told(form={"items": []})), lambda: remote("doctor", "--json", PUSHBOAT_TOKEN=secret)
    )
    assert finished.returncode == 0, finished.stderr
    line = lines(finished)["token"]
    assert (line["result"], line["fix"]) == ("WARN", "`pushboat token create` makes another")
    assert "it sees everything, looks, and asks for no deployment; it ends in" in line["sentence"]


def test_a_wrong_token_and_nobody_there_are_told_apart(remote: Remote, store: Store) -> None:
    """The address is right and the token wrong: exit code 1; nobody answers: that is not known, 3."""
    refused = remote("doctor", "--json", PUSHBOAT_TOKEN="pushboat_wrong")
    found = lines(refused)
    assert (refused.returncode, found["address"]["result"], found["token"]["result"]) == (1, "PASS", "FAIL")
    assert "pushboat_wrong" not in refused.stdout + refused.stderr
    silent = remote("doctor", "--json", PUSHBOAT_URL=f"http://127.0.0.1:{free_port()}")
    assert (silent.returncode, lines(silent)["address"]["result"]) == (3, "UNKNOWN")


def test_a_certificate_that_is_not_trusted_is_named(remote: Remote, store: Store) -> None:
    """What answers there speaks no TLS at all, or not for us: the line says which variable helps."""
    finished = remote("doctor", "--json", PUSHBOAT_URL=f"https://127.0.0.1:{free_port()}")
    assert lines(finished)["certificate"]["result"] == "FAIL"


def test_a_server_without_a_worker_is_not_known(remote: Remote, store: Store) -> None:
    """Nobody answers the question: the way is fine, and of the server nothing is known."""

    def lapse() -> None:
        until(lambda: questions.find(store, 1), what="the question")
        with store.writing() as tx:
            tx.change(sa.text("UPDATE question SET asked_at = asked_at - 100"))

    finished = meanwhile(lapse, lambda: remote("doctor", "--json"))
    assert finished.returncode == 3, finished.stdout
    assert "does a worker run?" in lines(finished)["the server itself"]["sentence"]


ANSWERED = {"clusters", "running", "left_behind", "drift", "forges"}
"""What a worker looks at for whoever asks from elsewhere, by the names of the command line's checks."""
NAMED = {
    "environments": "forge's rules of environments",
    "holds": "holds that nobody ends",
    "missed": "missed pushes",
    "readers": "files of secrets",
    "secrets_in_use": "secrets",
}


def test_what_only_the_servers_terminal_looks_at_is_named() -> None:
    """Each check of the doctor is made from elsewhere too, or its line there says that it was not made."""
    checks = {name.removeprefix("check_") for name in vars(command) if name.startswith("check_")}
    assert checks > ANSWERED
    assert {NAMED.get(each, each) for each in checks - ANSWERED} | {"configuration"} == set(ONLY_THERE)


@pytest.mark.parametrize(
    ("note", "silent", "result"),
    [(BROKER_ANSWERS, 0, "PASS"), (BROKER_SILENT, 0, "FAIL"), (BROKER_ANSWERS, 60, "UNKNOWN"), ("", 0, "PASS")],
)
def test_the_broker_is_told_of_as_the_dispatcher_saw_it(note: str, silent: int, result: str) -> None:
    """It answers, it does not, or nobody has looked lately: three lines, and only the second says that it is down."""
    beat = Beat(name="dispatcher", pid=1, at=1000.0, note=note)
    (line,) = (
        each for each in of_processes(Signs(beats={"dispatcher": beat}, now=1000.0 + silent)) if each.check == "broker"
    )
    assert line.result == result, line.sentence
