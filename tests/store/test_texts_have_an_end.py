"""However much pods and API servers say, what is kept of it fits on a page."""

import json

from pushboat.model.changeset import Action, Change
from pushboat.model.manifest import Ref
from pushboat.model.state import State
from pushboat.routing import Reply
from pushboat.store import change_sets, ending, progress_lines
from pushboat.store.database.engine import Store
from pushboat.store.progress_lines import Line
from tests.store.repository import Repository

ENDLESS = "x" * 10_000_000


def test_reasons_details_and_lines_are_cut(store: Store, repository: Repository) -> None:
    """A reason stays a sentence, details a page, and a line of progress a line."""
    deployment = repository.push("a")
    progress_lines.record(store, [Line(deployment=deployment.id, phase="wait", text=ENDLESS)])
    ending.finish(store, repository.claim(deployment), State.FAILED, ENDLESS, details=ENDLESS)
    row = repository.row(deployment)
    (line,) = progress_lines.listed(store, deployment.id)
    assert [len(row.reason), len(row.details), len(line.text)] == [2_000, 100_000, 2_000]


def test_the_diffs_of_thousands_of_objects_are_cut(store: Store, repository: Repository) -> None:
    """Of a huge change set every object is named, and as many diffs are kept as a page can show."""
    deployment = repository.push("a")
    made = [
        Change(ref=Ref("", "ConfigMap", "a", f"m{number}"), action=Action.CREATED, diff="y" * 20_000)
        for number in range(300)
    ]
    ending.finish(store, repository.claim(deployment), State.SUCCEEDED, "done", changes=made)
    kept = change_sets.listed(store, deployment.id)
    assert len(kept) == 300
    assert kept[0].diff == made[0].diff
    assert sum(len(change.diff) for change in kept) <= 2_000_000
    assert kept[-1].notes == ("its diff is left out: there are too many for one page",)


def test_each_answer_has_a_marker_of_its_own(repository: Repository) -> None:
    """No answer takes the place of another, nor of what an earlier store said, which counted from one as well."""
    for _ in range(2):
        repository.route(Reply(number=7, body="Deploying."))
    markers = [json.loads(envelope.payload)["marker"] for envelope in repository.post_everything()]
    assert len({marker.rpartition("-")[2] for marker in markers}) == 2
    assert all(len(marker.rpartition("-")[2]) == 16 for marker in markers)
