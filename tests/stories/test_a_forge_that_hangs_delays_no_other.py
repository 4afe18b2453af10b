"""One forge takes connections and answers nothing: people on the other forge notice nothing of it."""

import time
from collections.abc import Iterator

import pytest
import yaml

from tests.fakes.forge import FakeForge
from tests.serving import Served
from tests.stories.conftest import environ_of, operators_file
from tests.until import until

STATUSES = "/statuses/"
REFUSED = {".pushboat.yaml": "environments: [not a mapping]\n"}
"""Answered by a status at once, without a cluster."""

STUCK, ALONE, BESIDE = range(30, 54), range(50, 53), range(53, 56)
"""Numbers of projects: many more stuck ones than the reporter has threads for a forge."""


@pytest.fixture(scope="module")
def pushboat(tmp_path_factory: pytest.TempPathFactory, forges: dict[str, FakeForge]) -> Iterator[Served]:
    """A Pushboat with two forges; its cluster is of no importance here."""
    folder = tmp_path_factory.mktemp("two-forges")
    folder.joinpath("kubeconfig").write_text(yaml.safe_dump(KUBECONFIG))
    served = Served.start(folder, operators_file(folder / "kubeconfig", forges), environ_of(forges))
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


def pushed(pushboat: Served, forges: dict[str, FakeForge], name: str, number: int) -> str:
    """Push to a new repository on a forge, and give the commit."""
    forge, shop = forges[name], f"acme/shop-{number:02}"
    forge.create_repository(shop)
    forge.hook_url = f"{pushboat.url}/webhooks/{name}"
    return str(forge.push(shop, "main", REFUSED).sha)


def told(forge: FakeForge, number: int, sha: str, within: float = 30) -> None:
    """Wait until a commit has its status."""
    until(lambda: forge.statuses(f"acme/shop-{number:02}", sha), within=within, what=f"a status on shop-{number:02}")


def test_a_forge_that_never_answers(pushboat: Served, forges: dict[str, FakeForge]) -> None:
    """GitHub hangs: a commit on GitLab has its status within a second of when it would have it otherwise."""

    def seconds(number: int) -> float:
        begun = time.monotonic()
        told(forges["gitlab"], number, pushed(pushboat, forges, "gitlab", number))
        return time.monotonic() - begun

    alone = max(seconds(number) for number in ALONE)
    with forges["github"].silence(STATUSES):
        stuck = {number: pushed(pushboat, forges, "github", number) for number in STUCK}
        late = max(seconds(number) for number in BESIDE)
        assert late < alone + 1.0

    for number, sha in stuck.items():
        told(forges["github"], number, sha, within=90)
