"""The timer of a running Pushboat comes due by itself: nobody asks, and the commit says what was edited."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.forge import FakeForge
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file
from tests.written import config_map

EVERY = "10s"


@pytest.mark.proof  # it waits for two rounds of the timer
def test_an_edit_is_found_by_the_timer_alone_and_so_is_its_end(
    tmp_path: Path, kubeconfig: Path, forges: dict[str, FakeForge], shops: Callable[[Served, str], Shop]
) -> None:
    """I edit, and ask nobody: my commit turns red and says what and who; I undo it, and my commit is green again."""
    known = {"github": forges["github"]}
    operator = operators_file(kubeconfig, known, {"drift": {"every": EVERY}}, shops={"github": 1})
    served = Served.start(tmp_path / "pushboat", operator, environ_of(known))
    try:
        shop = shops(served, "github")
        sha = shop.push({"deploy/a.yaml": config_map("a", v="1")})
        row = shop.ended(sha)
        shop.status(sha, "success")
        path = f"/api/v1/namespaces/{shop.namespace}/configmaps/a?fieldManager=kubectl-edit"
        shop.cluster.request("PATCH", path, {"data": {"v": "2"}}, "application/merge-patch+json")
        said = shop.status(sha, "error")
        assert said.startswith('drift: ConfigMap a: data.v is "2" instead of "1", by kubectl-edit at ')
        shop.cluster.request("PATCH", path, {"data": {"v": "1"}}, "application/merge-patch+json")
        assert shop.status(sha, "success") == row["reason"]
        assert shop.states(sha)[-3:] == ["success", "error", "success"]
    finally:
        served.stop()
