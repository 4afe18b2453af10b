"""Lines of the log name what their writer had in hand: whoever writes, on whichever thread, and nothing afterwards."""

import io
import json
import logging

from pushboat.logs import write_alike
from tests.logs.test_logs_tell_what_happened import logged

IN_HAND = """
import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread
from pushboat import logs
from pushboat.logs import EntrustingPool, about, begin, entrusted, learn
logs.set_up()
ours, theirs = logging.getLogger("workers.here"), logging.getLogger("some.library")
learn(deployment=0)
ours.warning("nothing yet")
met = Barrier(2, timeout=60)
def deploy(pool, number):
    with about(deployment=number):
        met.wait()
        learn(delivery=number + 10)
        theirs.warning("of %s itself", number)
        list(pool.map(lambda each: theirs.warning("of %s in the pool", number), range(3)))
        thread = Thread(target=entrusted(lambda: ours.warning("of %s elsewhere", number)))
        thread.start()
        thread.join()
        try:
            with about(letter=1):
                raise RuntimeError
        except RuntimeError:
            ours.warning("of %s after", number)
    ours.warning("nothing afterwards")
with EntrustingPool(2) as pool, ThreadPoolExecutor(2) as both:
    list(both.map(lambda number: deploy(pool, number), (1, 2)))
    pool.submit(ours.warning, "nothing in the pool").result()
    begin(deployment=3)
    ours.warning("of 3 as a task")
    begin()
    ours.warning("nothing after the task")
    ours.info("quiet")
with about(deployment=7, delivery=8):
    theirs.warning("it broke")
    theirs.warning("deployment 7 broke")
"""
LOUD = """
import logging
from pushboat import logs
logs.set_up()
for name in ("urllib3.connectionpool", "botocore.auth", "apprise", "celery.pool", "workers.x"):
    for level in (logging.DEBUG, logging.INFO, logging.WARNING):
        logging.getLogger(name).log(level, "POST /services/T0/B0/secret")
"""


def test_each_line_has_the_ids_of_its_own() -> None:
    """Two side by side never mix, what is over leaves nothing, and a shared pool works for whoever gave it work."""
    rows = [json.loads(line) for line in logged(IN_HAND, PUSHBOAT_LOG_FORMAT="json")]
    for row in rows:
        first, *rest = row["message"].split()
        if first == "nothing":
            assert "deployment" not in row, row
        elif first == "of":
            assert row["deployment"] == int(rest[0]), row
            assert row.get("delivery", 0) == (int(rest[0]) + 10 if rest[0] != "3" else 0), row
            assert "letter" not in row, row
    assert len([row for row in rows if "pool" in row["message"] and "deployment" in row]) == 6
    assert len(rows) == 2 * 7 + 6


def test_for_people_a_line_names_the_narrowest_thing_once() -> None:
    """Where the words do not say which deployment broke, the line does."""
    lines = logged(IN_HAND)
    assert lines[-2].endswith("WARNING some.library: it broke (deployment 7)")
    assert lines[-1].endswith("WARNING some.library: deployment 7 broke")


def test_libraries_are_heard_from_their_warnings_on() -> None:
    """What they say below holds addresses, headers and bodies, with secrets in them, so DEBUG is ours alone."""
    rows = [json.loads(line) for line in logged(LOUD, PUSHBOAT_LOG="DEBUG", PUSHBOAT_LOG_FORMAT="json")]
    assert [row["level"] for row in rows if row["logger"] == "workers.x"] == ["DEBUG", "INFO", "WARNING"]
    assert {row["level"] for row in rows if row["logger"] != "workers.x"} == {"WARNING"}


def test_a_server_that_writes_by_itself_writes_objects_too() -> None:
    """gunicorn's lines have handlers of their own, and a program that reads the log chokes on none of them."""
    said = io.StringIO()
    server = logging.Logger("gunicorn.error")  # noqa: LOG001 - one that nobody else has
    server.addHandler(logging.StreamHandler(said))
    write_alike(server, {})
    server.warning("for people")
    write_alike(server, {"PUSHBOAT_LOG_FORMAT": "json"})
    server.warning("for programs")
    plain, row = said.getvalue().splitlines()
    assert (plain, json.loads(row)["message"]) == ("for people", "for programs")
