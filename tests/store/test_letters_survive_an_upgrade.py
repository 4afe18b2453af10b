"""Letters that an older or a newer version wrote: none is lost, and none is posted twice or in the wrong order."""

from pathlib import Path

import sqlalchemy as sa

from pushboat.model.letter import ReplyLetter, StatusLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from pushboat.routing import Post, Reply
from pushboat.store import announcing, outbox
from pushboat.store.database import migrations
from pushboat.store.database.engine import Store, open_store
from tests.store.repository import Repository, time_passes

BEFORE_PAYLOADS = "0001"
STATUS = {
    "stream": "status github/acme/shop abc pushboat/staging",
    "kind": "status",
    "sha": "abc",
    "context": "pushboat/staging",
    "state": "running",
    "description": 'it says "ü", \\ and\nmore',
    "path": "/deployments/1",
    "ref": "refs/heads/main",
    "number": 0,
    "body": "",
    "marker": "",
}
COMMENT = {
    "stream": "comment github/acme/shop 7",
    "kind": "comment",
    "sha": "",
    "context": "",
    "state": "",
    "description": "",
    "path": "",
    "ref": "",
    "number": 7,
    "body": "hello 🚢",
    "marker": "pushboat:1",
}
OF_THE_FUTURE = sa.text(
    "INSERT INTO outbox (stream, forge, repository, kind, payload) "
    "VALUES ('comment github/acme/shop 7', 'github', 'acme/shop', 'hologram', '[\"unheard of\"]')"
)


def test_letters_of_before_are_posted_after_the_upgrade(empty_url: str, tmp_path: Path) -> None:
    """I upgrade while statuses and comments wait: they are posted word for word, and what was sent stays sent."""
    store = open_store(empty_url, tmp_path)
    migrations.upgrade(store, BEFORE_PAYLOADS)
    with store.writing() as tx:
        for number, letter in enumerate((STATUS, STATUS, COMMENT)):
            values = {**letter, "forge": "github", "repository": "acme/shop", "created_at": tx.now, "attempts": number}
            names = ", ".join(values)
            marks = ", ".join(f":{name}" for name in values)
            tx.change(sa.text(f"INSERT INTO outbox ({names}) VALUES ({marks})"), **values)
        tx.change(sa.text("UPDATE outbox SET sent_at = :now, outcome = 'sent' WHERE attempts = 0"), now=tx.now)
    migrations.upgrade(store)
    assert migrations.is_current(store)

    status, comment = outbox.due_head(store, "poster", "github")
    shown = Status(
        context="pushboat/staging",
        state=State.RUNNING,
        description=str(STATUS["description"]),
        path="/deployments/1",
        ref="refs/heads/main",
    )
    assert outbox.opened(status) == StatusLetter(sha="abc", status=shown)
    assert outbox.opened(comment) == ReplyLetter(number=7, body="hello 🚢", marker="pushboat:1")
    assert (status.repository, status.attempts, comment.kind, comment.attempts) == ("acme/shop", 2, "reply", 3)

    with store.writing() as tx:  # what the upgraded Pushboat says next comes after what the old one had to say
        announcing.reply(tx, "github/acme/shop", 7, "and then", 2)
        kept = tx.rows(sa.text("SELECT kind, payload, outcome FROM outbox WHERE sent_at IS NOT NULL"))
    assert [(row["kind"], row["outcome"], "abc" in row["payload"]) for row in kept] == [("status", "sent", True)]
    outbox.sent(store, status)
    assert outbox.due_head(store, "poster", "github") == []
    outbox.sent(store, comment)
    assert [each.kind for each in outbox.due_head(store, "poster", "github")] == ["reply"]
    store.close()


def test_a_kind_that_only_a_newer_version_knows_is_left_to_it(store: Store, repository: Repository) -> None:
    """I go back a version: what it does not understand stays in the outbox, untried, and everything else is posted."""
    with store.writing() as tx:
        tx.change(OF_THE_FUTURE)
    repository.route(Post(sha="a", context="pushboat", state=State.FAILED, description="broken"))
    repository.route(Reply(number=7, body="behind it"), Reply(number=8, body="beside it"))
    time_passes(store, 7200)
    assert sorted(each.kind for each in repository.post_everything()) == ["reply", "status"]
    assert outbox.due_forges(store) == []
    assert outbox.backlog(store) == 2
    with store.reading() as tx:
        (left,) = tx.rows(sa.text("SELECT attempts, lease_until, error FROM outbox WHERE kind = 'hologram'"))
    assert (left["attempts"], left["error"]) == (0, "")
