"""The name server is gone: whatever we ask is away for now, which time heals, and nobody's mistake."""

from pathlib import Path

import pytest

from pushboat.config.forge import Forge
from pushboat.errors import BrokerUnavailable, ForgeUnavailable, StoreUnavailable
from pushboat.forges.table import client_of
from pushboat.queue import broker
from pushboat.store import deliveries
from pushboat.store.database.engine import open_store
from tests.store.repository import push
from workers.source.git.heads import default_head

NOWHERE = "nowhere.invalid"
"""A name that no name server knows (RFC 6761)."""


def forge(kind: str) -> Forge:
    """A forge whose name nobody resolves."""
    url = f"https://{NOWHERE}"
    api = {"github": f"{url}/api/v3", "gitea": f"{url}/api/v1"}.get(kind, url)
    return Forge(name=kind, kind=kind, url=url, api_url=api, clone_url=f"{url}/{{repository}}.git", token="t" * 20)


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_a_forge_is_away(kind: str) -> None:
    """A question of its API is asked again later, and no commit fails for it."""
    with pytest.raises(ForgeUnavailable):
        client_of(forge(kind)).head("acme/shop", "refs/heads/main")


@pytest.mark.programs
def test_a_clone_is_tried_again(tmp_path: Path) -> None:
    """So is what git wants to fetch."""
    remote = client_of(forge("github")).remote("acme/shop")
    with pytest.raises(ForgeUnavailable):
        default_head(tmp_path, remote)


def test_the_broker_is_away() -> None:
    """Hints wait in the store."""
    with pytest.raises(BrokerUnavailable, match="does not answer"):
        broker.ping(f"redis://:secret@{NOWHERE}:6379/0")


def test_the_store_is_away_and_shows_no_password(tmp_path: Path) -> None:
    """Deliveries hear 503, which has their forge or us send them again."""
    store = open_store(f"postgresql://ann:secret@{NOWHERE}/pushboat", tmp_path)
    with pytest.raises(StoreUnavailable, match="does not answer") as refused:
        deliveries.accept(store, "github", "one", push("a"))
    assert "secret" not in str(refused.value)
    store.close()
