"""A later version runs beside ours and writes words that we do not know: we go on, and tell them as they stand."""

import ast
import enum
import importlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat import events, later_words
from pushboat.model import observed, status
from pushboat.model.ask import Source
from pushboat.model.changeset import ChangeSet
from pushboat.model.deployment import Deployment
from pushboat.model.health import Health
from pushboat.model.json_forms import deployment_form
from pushboat.model.proposal import Answer, together
from pushboat.model.state import Kind, State, Trigger
from pushboat.reading import headlines
from pushboat.reading.trees import Root, Tree
from pushboat.routing import outcomes
from pushboat.store import (
    approvals,
    audit,
    change_texts,
    deliveries,
    deployments,
    drift_texts,
    ending,
    hinting,
    lanes,
    routing_jobs,
)
from tests.serving import ROOT
from tests.store.repository import NAME, Repository

LATER = "by-moonlight"
STORE = [each for each in (ROOT / "pushboat/store").rglob("*.py") if "migrations" not in each.parts]
READS_STORED = [*sorted(STORE), Path(events.__file__), Path(observed.__file__)]
"""Letters are not among them: who posts one must understand it, and what it does not waits for a reporter that does."""


def change(repository: Repository, text: str, **values: object) -> None:
    """Let a later version have written something."""
    with repository.store.writing() as tx:
        assert tx.change(sa.text(text), **values)


def told(row: Deployment) -> list[object]:
    """Say all that pages, the API, the forge and whoever asked for it say, or hear, of a deployment."""
    said = [headlines.asked_by(row), headlines.of_deployment(row, runs=True), headlines.of_plan(row)]
    said.append(outcomes.text(row, status.of(row)))
    return [*said, headlines.in_short(row.state), status.of(row), deployment_form(row, "https://pushboat.example.com")]


def enums_made_of_texts(path: Path) -> Iterator[str]:
    """Find where a file makes a member of an enum out of something that is no literal."""
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            made = getattr(module, node.func.id, None)
            if isinstance(made, enum.EnumType) and not isinstance(node.args[0], ast.Constant):
                yield f"{path.name}:{node.lineno}"


def test_no_stored_word_is_read_otherwise() -> None:
    """Whoever reads a word from the store bears one that a later version wrote."""
    assert [found for path in READS_STORED for found in enums_made_of_texts(path)] == []


def test_a_word_that_is_not_known_is_none_of_ours() -> None:
    """It is told as it stands, and is no reason for anything."""
    word = later_words.read(Trigger, LATER)
    assert (str(word), word.value, word == LATER) == (LATER, LATER, True)
    assert word not in tuple(Trigger)
    assert not later_words.is_known(word)
    assert later_words.is_known(later_words.read(Trigger, "push"))
    assert not later_words.read(State, LATER).ended, "whoever waits for its end waits on"


@pytest.mark.parametrize("column", ["cause", "kind", "state"])
def test_a_deployment_with_one_is_told(repository: Repository, column: str) -> None:
    """Its page, its lists and its status are there."""
    first = repository.push("a")
    assert ending.finish(repository.store, repository.claim(first), State.SUCCEEDED, "healthy")
    change(repository, f"UPDATE deployment SET {column} = :later WHERE id = :id", later=LATER, id=first.id)
    row = repository.row(first)
    assert told(row)
    assert row in deployments.listed(repository.store) or column == "kind"
    assert repository.push("b").state is State.QUEUED, "the next push is routed"


def test_what_asked_for_one_does_not_keep_it_from_being_carried_out(repository: Repository) -> None:
    """A trigger only says why; the same deployment is carried out as always."""
    made = repository.push("a")
    change(repository, "UPDATE deployment SET cause = :later", later=LATER)
    assert hinting.due(repository.store, 10) == [made.id]
    claim = repository.claim(made)
    assert claim.deployment.trigger == LATER
    assert ending.finish(repository.store, claim, State.SUCCEEDED, "healthy")
    with repository.store.reading() as tx:
        assert tx.scalar(sa.text("SELECT cause FROM deployment")) == LATER


def test_a_deployment_of_a_kind_that_is_not_known_is_left_to_a_later_worker(repository: Repository) -> None:
    """It is not taken for one that deploys: nobody of this version hints it or claims it, and it is not lost."""
    made = repository.push("a")
    change(repository, "UPDATE deployment SET kind = :later", later=LATER)
    assert hinting.due(repository.store, 10) == []
    assert lanes.claim(repository.store, made.id, "worker", 15.0) is None
    change(repository, "UPDATE deployment SET kind = :known", known=Kind.DEPLOY.value)
    assert repository.claim(made)


def test_a_delivery_with_one_is_read(repository: Repository) -> None:
    """Its verdict and the kind of its event; those behind it in the repository are reached."""
    number = repository.receive("a")
    later = '{"kind": "by-moonlight", "action": "", "repository": "acme/shop", "ref": "refs/heads/main", "sha": "a"}'
    change(repository, "UPDATE delivery SET event = :event", event=later)
    row = deliveries.find(repository.store, number)
    assert row
    assert row.event.kind == LATER
    claim = routing_jobs.claim_routing(repository.store, NAME, "router")
    assert claim
    assert routing_jobs.next_unrouted(repository.store, claim) == row
    change(repository, "UPDATE delivery SET verdict = :later", later=LATER)
    row = deliveries.find(repository.store, number)
    assert row
    assert row.verdict == LATER


def test_what_somebody_did_is_read(repository: Repository) -> None:
    """From where it was asked, and how it was answered, in a word that only a later version knows."""
    repository.push("a")
    assert ending.finish(repository.store, repository.claim(repository.push("b")), State.SUCCEEDED, "healthy")
    change(repository, "UPDATE audit SET source = :later, verdict = :later", later=LATER)
    for entry in audit.listed(repository.store):
        assert (entry.source, entry.verdict) == (LATER, LATER)
    assert approvals


def test_an_answer_with_one_is_never_taken_for_a_good_one() -> None:
    """Two pull requests of a commit: what only a later version can judge is worse than good, and no worse than bad."""
    good, bad, later = (
        Answer(number=7, status=status.Status(context="pushboat/plan", state=state, description="", path="/"))
        for state in (State.SUCCEEDED, State.FAILED, later_words.read(State, LATER))
    )
    for answers, state in (([good, later], LATER), ([later, bad], State.FAILED), ([later, later], LATER)):
        shown = together(answers)
        assert shown
        assert shown.state == state


def test_texts_beside_a_deployment_are_read() -> None:
    """Changes, drift and what was seen of objects."""
    ref = ["", "ConfigMap", "shop", "a"]
    (made,) = change_texts.read(f'[{{"ref": {ref}, "action": "{LATER}", "diff": "", "notes": []}}]'.replace("'", '"'))
    assert made.action == LATER
    assert ChangeSet(changes=(made,)).counts.created == 0
    (drift,) = drift_texts.read(f'[{{"ref": {ref}, "sort": "{LATER}", "fields": []}}]'.replace("'", '"'))
    assert drift.sort == LATER
    (seen,) = observed.read(f'[["", "Pod", "shop", "web", "{LATER}", "", "", 0, []]]')
    assert seen.health == LATER
    well = replace(seen, health=Health.HEALTHY)
    assert observed.worst_first([well, seen]) == [seen, well]
    tree = Tree(roots=(Root(object=well), Root(object=seen)), deployment=1, at=0.0)
    assert tree.sentence == f"1 {LATER}, 1 Healthy"
    assert replace(seen, health=later_words.read(type(seen.health), "x")).health == "x"
    assert later_words.read(Source, LATER) is not Source.COMMAND
