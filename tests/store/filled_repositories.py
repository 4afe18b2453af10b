"""What a filled store knows of repositories at their forge: heads, looks that went well and ill, a rival's name."""

from dataclasses import replace

from pushboat.model.repository import Identity
from pushboat.store import heads, looks, repositories
from pushboat.store.database.engine import Store
from tests.store.repository import NAME, push

OTHER, MAIN = "github/acme/other", "refs/heads/main"
LONG = 240.0


def leave_repositories(store: Store) -> None:
    """Leave a row of every sort behind."""
    ours = Identity(name=NAME, forge="github", id="17", path="acme/store")
    repositories.keep(store, ours)
    repositories.keep(store, replace(ours, rival="18"))
    looks.schedule(store, [NAME, OTHER])
    looks.claim(store, NAME, "worker")
    looks.log_read(store, NAME, "worker", LONG, "403: the token may not see webhooks")
    looks.looked(store, NAME, "worker", "branches tags", LONG)
    looks.claim(store, NAME, "worker")
    looks.troubled(store, NAME, "worker", "github does not answer", LONG)
    looks.claim(store, OTHER, "worker")
    heads.record(store, NAME, {MAIN: "a0", "refs/tags/v1": "a1"})
    with store.writing() as tx:
        heads.told(tx, "github", replace(push("a2"), before="a0"))
    heads.found(store, NAME, [(heads.known(store, NAME)[MAIN], "a3")])
