"""A repository on any fake forge, its deliveries routed one by one, and its deployments ended by hand."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pushboat.config.operator import Limits
from pushboat.events import Delivery
from pushboat.forges.table import deliveries_of
from pushboat.model.changeset import Action, Change
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Counts, Deployment
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import Kind, State
from pushboat.routing import asking
from pushboat.store import deliveries, deployments, ending, hinting, lanes
from pushboat.store.database.engine import Store
from tests.engine_room.conftest import STAGING
from tests.engine_room.worker import at_work
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fakes.nouns import Happened, Sent
from tests.written import config_map, repository_file
from workers.routing.story import route_repository
from workers.tools import Tools

AnyForge = FakeGitHub | FakeGitLab | FakeGitea


@dataclass
class Proposed:
    """acme/shop, whose staging follows main, with a pull request of the branch `fix`."""

    kind: str
    forge: AnyForge
    tools: Tools
    number: int = 0
    sha: str = ""
    names: Iterator[int] = field(default_factory=count)

    @property
    def store(self) -> Store:
        """Give the store."""
        return self.tools.store

    @property
    def name(self) -> str:
        """Name the repository as the operator's file does."""
        return f"{self.forge.configured().name}/acme/shop"

    @property
    def tip(self) -> str:
        """Give the commit on main."""
        return self.forge.projects["acme/shop"].bare.resolve("refs/heads/main")

    def accept(self, sent: Sent) -> int:
        """Accept one delivery, as the front door does."""
        headers = {key.lower(): value for key, value in sent.headers.items()}
        event = deliveries_of(self.kind).read(Delivery(headers=headers, body=sent.body))
        ask = asking.read(event, self.name)
        forge = self.forge.configured().name
        asked = (ask,) if ask else ()
        return deliveries.accept(self.store, forge, f"delivery-{next(self.names)}", event, asked=asked).id

    def take(self, happened: Happened, *, backwards: bool = False) -> DeliveryRow:
        """Accept and route all that something led to, and give the last of it."""
        for sent in reversed(happened.sent) if backwards else happened.sent:
            number = self.accept(sent)
            route_repository(self.tools, self.name)
        return self.row(number)

    def row(self, number: int) -> DeliveryRow:
        """Look at a delivery as it is now."""
        found = deliveries.find(self.store, number)
        assert found
        return found

    def say(self, text: str, number: int = 0) -> DeliveryRow:
        """Let alice comment on the pull request."""
        return self.take(self.forge.comment("acme/shop", number or self.number, "alice", text))

    def push(self, content: str) -> str:
        """Push to main and route that."""
        pushed = self.forge.push("acme/shop", "main", {"deploy/settings.yaml": config_map(content)})
        self.take(pushed)
        return pushed.sha

    def waiting(self) -> list[Deployment]:
        """List what is queued, the newest first."""
        return [each for each in deployments.listed(self.store) if each.state is State.QUEUED]

    def ready(self) -> list[str]:
        """List the commits that a free worker would begin with now."""
        hinting.wake_all(self.store)
        due = [deployments.find(self.store, number) for number in hinting.due(self.store)]
        return [each.sha for each in due if each and each.kind is Kind.DEPLOY]

    def ends(self, sha: str, state: State = State.SUCCEEDED, *, environment: str = "staging") -> Deployment:
        """Let the deployment of a commit that is ready end."""
        (made,) = (each for each in self.waiting() if (each.sha, each.lane.environment) == (sha, environment))
        claim = lanes.claim(self.store, made.id, "worker")
        assert claim
        ref = Ref("", "ConfigMap", "shop", "settings")
        render = Render(contents={ref: sha}, packed=sha.encode()) if state is State.SUCCEEDED else None
        written: dict[str, Any] = {
            "counts": Counts(configured=1),
            "changes": [Change(ref=ref, action=Action.CONFIGURED)],
        }
        ending.finish(self.store, claim, state, "as it went", render=render, **written)
        ended = deployments.find(self.store, made.id)
        assert ended
        return ended


@contextmanager
def proposed(
    state: Path,
    store: Store,
    kind: str,
    forge: AnyForge,
    file: str = "",
    others: Mapping[str, Limits] = MappingProxyType({}),
) -> Iterator[Proposed]:
    """Open a pull request on a forge; main's own commit runs on staging. `others` are environments beside it."""
    configured = forge.configured()
    file = file or repository_file()
    first = forge.push("acme/shop", "main", {".pushboat.yaml": file})
    with at_work(state, store, configured, {f"{configured.name}/acme/shop": {"staging": STAGING, **others}}) as tools:
        shop = Proposed(kind, forge, tools)
        shop.take(first)
        if shop.waiting():
            shop.ends(first.sha)
        forge.push("acme/shop", "fix", {"deploy/fix.yaml": config_map("fix")}, deliver=False)
        opened = forge.open_pull_request("acme/shop", "fix")
        shop.number, shop.sha = opened.number, opened.sha
        shop.take(opened)
        yield shop
