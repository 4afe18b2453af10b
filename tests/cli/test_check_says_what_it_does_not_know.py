"""What `pushboat check` cannot see from where it stands is neither right nor wrong, and it says so."""

import json
from pathlib import Path

from tests.cli.conftest import Pushboat
from tests.cli.shop_tree import shop, write
from tests.fakes.base_host import BaseHost
from tests.written import config_map

__all__ = ["shop"]


def test_what_is_outside_is_not_fetched_unasked(shop: Path, pushboat: Pushboat) -> None:
    """A chart from elsewhere: this look is offline, and says that it does not know instead of no or yes."""
    write(
        shop,
        "deploy/live/Chart.yaml",
        "apiVersion: v2\nname: live\nversion: 1.0.0\n"
        "dependencies: [{name: redis, version: 1.0.0, repository: 'https://127.0.0.1:9/charts'}]\n",
    )
    write(shop, "deploy/live/templates/web.yaml", config_map("web"))
    (shop / "deploy" / "live" / "web.yaml").unlink()
    checked = pushboat("check", shop)
    assert checked.returncode == 3, checked.stdout
    (line,) = [line for line in checked.stdout.splitlines() if line.startswith("? live: ")]
    assert "nothing was fetched: look with --fetch" in line
    noted = pushboat("check", shop, "--sarif")
    (invocation,) = json.loads(noted.stdout)["runs"][0]["invocations"]
    assert (noted.returncode, invocation["executionSuccessful"]) == (3, False), "nothing found is not nothing wrong"
    (notification,) = invocation["toolExecutionNotifications"]
    assert (notification["level"], notification["message"]["text"]) == ("error", line.removeprefix("? "))
    assert "run `pushboat sources lock`" in pushboat("check", shop, "--fetch").stdout


def test_a_cluster_that_does_not_answer_is_no_verdict(shop: Path, pushboat: Pushboat, tmp_path: Path) -> None:
    """Whoever reads the SARIF of a look without an answer is not told that all is well."""
    write(
        tmp_path,
        "kubeconfig",
        "current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\n"
        "clusters: [{name: a, cluster: {server: 'http://127.0.0.1:1'}}]\nusers: [{name: a, user: {token: hush}}]\n",
    )
    silent = pushboat("check", shop, "--context", "a", "--sarif", KUBECONFIG=str(tmp_path / "kubeconfig"))
    (run,) = json.loads(silent.stdout)["runs"]
    (invocation,) = run["invocations"]
    assert (silent.returncode, invocation["executionSuccessful"], run["results"]) == (3, False, [])
    (notification,) = invocation["toolExecutionNotifications"]
    assert "cluster a" in notification["message"]["text"]
    assert notification["message"]["text"] in silent.stderr
    assert "hush" not in silent.stdout + silent.stderr


def test_bases_are_fetched_where_that_is_asked_for(shop: Path, pushboat: Pushboat, tmp_path: Path) -> None:
    """An overlay of another repository: not known offline, and with --fetch as its deployment would be."""
    (tmp_path / "hosted").mkdir()
    host = BaseHost(tmp_path / "hosted")
    try:
        kit = {"kit/kustomization.yaml": "resources: [web.yaml]", "kit/web.yaml": config_map("theirs")}
        host.repository("team/base").commit("main", kit, "Begin")
        write(
            shop, "deploy/live/kustomization.yaml", f"resources: [web.yaml, '{host.url}/team/base.git//kit?ref=main']"
        )
        assert pushboat("check", shop, "-e", "live").returncode == 3
        assert pushboat("sources", "lock", shop).returncode == 0
        assert "✔ live: 2 objects" in pushboat("check", shop, "-e", "live", "--fetch").stdout
    finally:
        host.close()
