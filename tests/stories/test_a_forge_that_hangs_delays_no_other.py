"""One forge takes connections and answers nothing: people on the other forge notice nothing of it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import pytest
import yaml

from tests.fakes.forge import FakeForge
from tests.serving import Served
from tests.stories.conftest import environ_of, operators_file, unused
from tests.until import PATIENCE, until
from workers.reporting import LETTER_SECONDS

STATUSES = "/statuses/"
REFUSED = {".pushboat.yaml": "environments: [not a mapping]\n"}
"""Answered by a status at once, without a cluster."""

STUCK, MEASURED = 24, 3
"""Repositories: many more stuck ones than the reporter has threads for a forge."""


@pytest.fixture(scope="module")
def pushboat(tmp_path_factory: pytest.TempPathFactory, forges: dict[str, FakeForge]) -> Iterator[Served]:
    """A Pushboat with two forges; its cluster is of no importance here."""
    folder = tmp_path_factory.mktemp("two-forges")
    folder.joinpath("kubeconfig").write_text(yaml.safe_dump(KUBECONFIG))
    operator = operators_file(folder / "kubeconfig", forges, shops={"github": STUCK, "gitlab": STUCK})
    served = Served.start(folder, operator, environ_of(forges))
    yield served
    served.stop()


KUBECONFIG = {
    "apiVersion": "v1",
    "kind": "Config",
    "current-context": "nowhere",
    "contexts": [{"name": "nowhere", "context": {"cluster": "nowhere", "user": "nobody"}}],
    "clusters": [{"name": "nowhere", "cluster": {"server": "https://127.0.0.1:9"}}],
    "users": [{"name": "nobody", "user": {}}],
}


@dataclass(frozen=True)
class Pushed:
    """A commit on a new repository of a forge."""

    forge: FakeForge
    shop: str
    sha: str

    @classmethod
    def to(cls, pushboat: Served, forges: dict[str, FakeForge], name: str) -> Self:
        """Push to a new repository on a forge."""
        forge = forges[name]
        shop = unused(pushboat, name, forge.projects)
        forge.create_repository(shop)
        forge.hook_url = f"{pushboat.url}/webhooks/{name}"
        return cls(forge, shop, str(forge.push(shop, "main", REFUSED).sha))

    def told(self, within: float = PATIENCE) -> None:
        """Wait until the commit has its status."""
        until(lambda: self.forge.statuses(self.shop, self.sha), within=within, what=f"a status on {self.shop}")


@pytest.mark.proof
def test_a_forge_that_never_answers(pushboat: Served, forges: dict[str, FakeForge]) -> None:
    """GitHub hangs: a commit on GitLab has its status long before one to GitHub is given up."""

    def seconds() -> float:
        begun = time.monotonic()
        Pushed.to(pushboat, forges, "gitlab").told()
        return time.monotonic() - begun

    alone = max(seconds() for _ in range(MEASURED))
    with forges["github"].silence(STATUSES):
        stuck = [Pushed.to(pushboat, forges, "github") for _ in range(STUCK)]
        late = max(seconds() for _ in range(MEASURED))
        assert late < alone + LETTER_SECONDS / 2

    for pushed in stuck:
        pushed.told(within=120)
