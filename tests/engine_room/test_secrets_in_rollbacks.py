"""What becomes of my Secrets when a release comes back: stored so that the key alone opens them, and never told."""

import base64
import zlib
from dataclasses import replace

from pushboat.model.state import State
from pushboat.store import releases
from tests.engine_room.rollback_stage import FILE, LANE, Stage, secret, stage
from tests.store.repository import deploy
from tests.written import config_map, deployment, repository_file

__all__ = ["stage"]


def test_no_secret_value_lies_open_in_the_store(stage: Stage) -> None:
    """Whoever has a copy of the store, and not the key, has none of my passwords; nor can they be guessed."""
    stage.release(config_map("a"), secret("hunter2hunter2"))
    packed = releases.packed(stage.tools.store, LANE, 1)
    assert packed
    opened = zlib.decompress(packed)
    assert b'"password"' not in opened
    assert b'"a"' in opened
    for spelled in (b"hunter2hunter2", base64.b64encode(b"hunter2hunter2")):
        assert spelled not in opened
    first = releases.contents(stage.tools.store, LANE, 1)
    other = replace(stage.tools, encryption_key="another key of the same length")
    (made,) = stage.repository.route(deploy(releases.listed(stage.tools.store, LANE)[0].sha))
    stage.carried_out(made, other)
    second = releases.contents(stage.tools.store, LANE, 2)
    assert first
    assert second
    assert {ref.kind for ref in first if first[ref] != second[ref]} == {"Secret"}


def test_with_another_key_the_live_secret_stays_and_is_named(stage: Stage) -> None:
    """The key is lost: everything else goes back, my Secret stays as it is, and the status says so."""
    stage.release(config_map("a", v="1"), secret("one"))
    stage.release(config_map("a", v="2"), secret("two"))
    back = stage.back(1, replace(stage.tools, encryption_key="another key of the same length"))
    assert back.state is State.SUCCEEDED
    assert (
        f"Secret/{stage.namespace}/login stays: no stored values of it can be read with this encryption_key"
        in back.reason
    )
    assert stage.password() == "two"
    assert stage.cluster.config_map(stage.namespace, "a")["data"] == {"v": "1"}
    assert back.release == 3
    again = stage.back(3)
    assert again.state is State.SUCCEEDED, "the old key is back, and so are the values"
    assert stage.password() == "one"


def test_what_a_secret_that_stays_holds_is_told_by_no_pod(stage: Stage) -> None:
    """Nobody can read what was stored of it, and a pod prints what it holds now: that is masked all the same."""
    waits = repository_file(wait="5m")
    words = {"message": "cannot log in with hunter2two", "logs": "trying hunter2two"}
    crash = deployment(behaviour="crash-loop", **words)
    stage.release(secret("hunter2one"), crash, file=FILE)
    stage.release(secret("hunter2two"), file=waits)
    lost = replace(stage.allowing(fixed={"wait": 3.0}), encryption_key="another key of the same length")
    back = stage.back(1, lost)
    assert back.state is State.FAILED
    said = f"{back.reason} {back.details} {back.logs}"
    assert "cannot log in with ***" in said
    assert "trying ***" in said
    assert "hunter2two" not in said


def test_a_secret_that_is_neither_readable_nor_there_is_named(stage: Stage) -> None:
    """Release 2 had no Secret any more: without the key nobody can make it again, and I am told."""
    stage.release(config_map("a"), secret("one"))
    stage.release(config_map("a"))
    back = stage.back(1, replace(stage.tools, encryption_key="another key of the same length"))
    assert back.state is State.SUCCEEDED
    assert f"Secret/{stage.namespace}/login cannot be made: no stored values of it can be read" in back.reason
