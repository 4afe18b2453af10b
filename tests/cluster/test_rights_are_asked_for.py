"""What an account may is asked for in few questions; what is not answered is unknown, and never granted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pushboat.config.operator import ClusterAccess
from tests.cluster.answering import Server, serving, write_kubeconfig
from workers.checks.granted import MOST_QUESTIONS, ask
from workers.cluster.client.connection import Cluster, connect
from workers.cluster.rights import Right

MAPS = [Right("shop", "", "configmaps", "", verb) for verb in ("get", "list", "patch")]
FORBIDDEN = {"kind": "Status", "reason": "Forbidden", "message": "you may not ask", "code": 403}


@pytest.fixture
def server() -> Iterator[Server]:
    """An API server that says what a test wants."""
    with serving() as one:
        yield one


@pytest.fixture
def cluster(server: Server, tmp_path: Path) -> Iterator[Cluster]:
    """A connection to it."""
    place = write_kubeconfig(tmp_path / "kubeconfig", server, {"token": "t"})
    opened = connect(ClusterAccess(name="dev", kubeconfig=place))
    yield opened
    opened.close()


def rules(*found: dict[str, Any], incomplete: bool = False) -> tuple[int, dict[str, str], Any]:
    """Answer a review of rules."""
    return 201, {}, {"status": {"resourceRules": list(found), "nonResourceRules": [], "incomplete": incomplete}}


def rule(*verbs: str, **more: Any) -> dict[str, Any]:
    """Write one rule about ConfigMaps."""
    return {"verbs": list(verbs), "apiGroups": [""], "resources": ["configmaps"], **more}


def allowed(said: object) -> tuple[int, dict[str, str], Any]:
    """Answer a review of one right."""
    return 201, {}, {"status": {"allowed": said}}


def test_a_namespace_is_one_question(server: Server, cluster: Cluster) -> None:
    """However many rights it is about."""
    server.answers = [rules(rule("get", "list"))]
    assert ask(cluster, MAPS).missing == {MAPS[2]}
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "wide",
    [
        rule("*"),
        rule("get", "list", "patch", resources=["*"]),
        rule("get", "list", "patch", apiGroups=["*"]),
    ],
)
def test_stars_of_others_are_understood(server: Server, cluster: Cluster, wide: dict[str, Any]) -> None:
    """An administrator lacks nothing."""
    server.answers = [rules(wide)]
    assert ask(cluster, MAPS).missing == set()


@pytest.mark.parametrize(
    "narrow",
    [
        rule("get", "list", "patch", resourceNames=["settings"]),
        rule("get", "list", "patch", resources=["configmaps/status"]),
        rule("get", "list", "patch", apiGroups=["apps"]),
    ],
)
def test_a_right_on_something_else_is_none(server: Server, cluster: Cluster, narrow: dict[str, Any]) -> None:
    """One object, a part of it, or a namesake of another group, is not what is needed."""
    server.answers = [rules(narrow)]
    assert ask(cluster, MAPS).missing == {*MAPS}


def test_what_an_incomplete_answer_leaves_out_is_asked_for_by_itself(server: Server, cluster: Cluster) -> None:
    """A webhook that authorizes cannot list what it would grant; it says so, and is asked."""
    server.answers = [rules(rule("get"), incomplete=True), allowed(said=True), allowed(said=False)]
    found = ask(cluster, MAPS)
    assert (found.missing, found.unsure) == ({MAPS[2]}, set())
    assert len(server.seen) == 3


@pytest.mark.parametrize("answer", [(403, {}, FORBIDDEN), (404, {}, {"kind": "Status", "code": 404})])
def test_who_may_not_ask_does_not_know(
    server: Server, cluster: Cluster, answer: tuple[int, dict[str, str], Any]
) -> None:
    """Neither granted nor missing, and why."""
    server.answers = [answer]
    found = ask(cluster, [*MAPS, Right("", "", "nodes", "", "get")])
    assert found.missing == set()
    assert len(found.unsure) == 4
    assert found.why


@pytest.mark.parametrize("said", [None, "yes", 1])
def test_an_odd_answer_grants_nothing(server: Server, cluster: Cluster, said: object) -> None:
    """Only true is a yes."""
    server.answers = [allowed(said)]
    wanted = [Right("", "", "nodes", "", "get")]
    assert ask(cluster, wanted).missing == {*wanted}


def test_no_more_is_asked_than_a_bound(server: Server, cluster: Cluster) -> None:
    """An environment with hundreds of kinds outside of namespaces costs no API server hundreds of questions."""
    server.answers = [allowed(said=True)]
    wanted = [Right("", "group.example", f"things{number:03}", "", "get") for number in range(200)]
    found = ask(cluster, wanted)
    assert len(server.seen) == MOST_QUESTIONS
    assert len(found.unsure) == 200 - MOST_QUESTIONS
    assert str(MOST_QUESTIONS) in found.why
