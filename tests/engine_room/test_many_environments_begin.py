"""A push to more environments than begin at once: others are let through while they begin."""

from dataclasses import replace
from pathlib import Path

import yaml

from pushboat.config.operator import Limits
from pushboat.model.state import State
from pushboat.store import deliveries, deployments
from pushboat.store.database.engine import open_store
from pushboat.store.shares import AT_ONCE
from tests.engine_room.worker import at_work
from tests.fakes.github import FakeGitHub
from tests.fresh_store import fresh_store
from tests.store.repository import NAME, Repository, push
from workers.routing.story import route_repository


def test_deliveries_are_taken_while_many_begin(tmp_path: Path) -> None:
    """My monorepo's push begins everywhere; meanwhile the web process stores a push, and the first ones may start."""
    names = [f"e{number:03}" for number in range(AT_ONCE + 1)]
    limits = {name: Limits(environment=name, cluster="dev", namespaces=(name,)) for name in names}
    file = yaml.safe_dump({"environments": {name: {"branch": "main", "path": name} for name in names}})
    store, web = fresh_store(tmp_path), open_store("", tmp_path)
    seen: list[tuple[int, bool]] = []
    with FakeGitHub(tmp_path / "github") as github:
        github.create_repository("acme/shop", {".pushboat.yaml": file})
        with at_work(tmp_path, store, github.configured(), {NAME: limits}) as tools:
            sha = github.push("acme/shop", "main", {"README.md": "more"}, deliver=False).sha
            mine = Repository(store).receive(sha)

            def ring() -> None:
                deliveries.accept(web, "github", f"other-{len(seen)}", push("b", "acme/cart"))
                row = deliveries.find(web, mine)
                assert row
                begun = deployments.listed(web, repository=NAME, state=State.QUEUED, limit=2 * AT_ONCE)
                assert len(row.deployments) == len(begun)
                seen.append((len(begun), row.routed_at is not None))

            route_repository(replace(tools, ring=ring), NAME)
    web.close()
    store.close()
    assert seen == [(AT_ONCE, False), (AT_ONCE + 1, True)]
