"""A pull request on a fake forge, a real front door and a worker's stories on the real queue; no cluster is needed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pushboat.config.operator import Limits
from pushboat.model.ask import AuditEntry
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment
from pushboat.model.state import Kind
from pushboat.store import audit, deliveries, deployments
from pushboat.store.database.engine import Store
from tests.engine_room.reported import report_all
from tests.engine_room.worker import at_work
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fakes.nouns import Happened, Project
from tests.fresh_store import fresh_store
from tests.receiving.front_door import open_front_door
from tests.written import config_map, repository_file
from workers.routing.story import route_repository
from workers.tools import Tools

SHOP = "acme/shop"
FORGES = {"github": FakeGitHub, "gitlab": FakeGitLab, "gitea": FakeGitea}
STAGING = Limits(environment="staging", cluster="dev", namespaces=("shop",))
WRITER, READER = "alice", "rita"


@dataclass
class Scene:
    """Pull request 1 of `acme/shop`, from the branch `feature`, and the Pushboat that hears of it."""

    forge: FakeGitHub | FakeGitLab | FakeGitea
    tools: Tools
    number: int = 0
    head: str = ""

    @property
    def kind(self) -> str:
        """Name the forge's kind, which is its name here too."""
        return next(iter(self.tools.operator.forges))

    @property
    def repository(self) -> str:
        """Name the repository as Pushboat does."""
        return f"{self.kind}/{SHOP}"

    @property
    def project(self) -> Project:
        """Give the repository at the forge."""
        return self.forge.projects[SHOP]

    def comment(self, user: str, text: str) -> DeliveryRow:
        """Let somebody comment, and give what became of it once everything is routed and told."""
        return self.told(self.forge.comment(SHOP, self.number, user, text))

    def delivered(self, event: str, payload: dict[str, Any]) -> DeliveryRow:
        """Let the forge send this, and give what became of it."""
        return self.told(Happened(sent=(self.forge.deliver(event, payload),)))

    def told(self, happened: Happened) -> DeliveryRow:
        """Give what became of a delivery once everything is routed and told."""
        assert happened.response.ok, happened.response.text
        self.work()
        row = deliveries.find(self.tools.store, happened.response.json()["delivery"])
        assert row
        return row

    def work(self) -> None:
        """Route what waits, and post what is to be said."""
        route_repository(self.tools, self.repository)
        report_all(self.tools)

    def replies(self, number: int = 0) -> list[str]:
        """List what Pushboat wrote into the conversation."""
        ours = self.forge.bot
        said = self.forge.comments(SHOP, number or self.number)
        return [text for author, text in said if author == ours and "<!-- pushboat" in text]

    def deployed(self) -> list[Deployment]:
        """List all deployments, newest first; plans are none."""
        found = deployments.listed(self.tools.store, repository=self.repository, limit=100)
        return [each for each in found if each.kind is Kind.DEPLOY]

    def audit(self) -> list[AuditEntry]:
        """List who asked for what, newest first."""
        return audit.listed(self.tools.store, asked=True)


@contextmanager
def on_stage(
    kind: str,
    folder: Path,
    limits: dict[str, Limits] | None = None,
    key: str = "",
    given: Store | None = None,
    **configured: Any,
) -> Iterator[Scene]:
    """Set the scene on one forge; `configured` changes the operator's file about it, `key` is an App's public one.

    A store that is `given`, with our tables, is its giver's to close.
    """
    with FORGES[kind](folder / kind) as forge:
        forge.create_repository(SHOP, {".pushboat.yaml": repository_file(), "deploy/a.yaml": config_map("a")})
        if isinstance(forge, FakeGitHub):
            forge.app_key = key
        store = given or fresh_store(folder)
        try:
            projects = {f"{kind}/{SHOP}": limits or {"staging": STAGING}}
            written = replace(forge.configured(), **configured)
            with (
                at_work(folder, store, written, projects) as tools,
                open_front_door(tools.operator, store) as door,
            ):
                forge.connect(SHOP, f"{door.url}/webhooks/{kind}")
                scene = Scene(forge=forge, tools=tools)
                forge.push(SHOP, "feature", {"deploy/a.yaml": config_map("a", version="feature")})
                opened = forge.open_pull_request(SHOP, "feature")
                scene.number, scene.head = opened.number, opened.sha
                scene.work()
                yield scene
        finally:
            if not given:
                store.close()
