"""A cluster that is told to mend itself survives the death of its parts, and can write down what it was asked."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from cli.lab.devcluster import binary, started
from tests.cluster_view import ClusterView
from tests.serving import own_children
from tests.until import until

CONFIG_MAPS = "/api/v1/namespaces/default/configmaps"
POLICY = """
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - {level: RequestResponse, users: [admin], verbs: [create], namespaces: [default]}
  - {level: None}
"""


def test_the_api_server_and_the_controllers_die_and_come_back(tmp_path: Path) -> None:
    """kill -9 of both: at the same address are others soon, with all that was written; and it stands in the log."""
    policy, log = tmp_path / "policy.yaml", tmp_path / "audit.log"
    policy.write_text(POLICY)
    options = ["--mend", "--audit-policy-file", str(policy), "--audit-log-path", str(log)]
    with started(tmp_path / "cluster", options=options) as (kubeconfig, program):
        view = ClusterView(kubeconfig)
        view.request("POST", CONFIG_MAPS, {"metadata": {"name": "kept"}, "data": {"number": "1"}})
        before = own_children(program.pid)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        until(lambda: len(own_children(program.pid).keys() - before.keys()) == len(before), what="others")
        until(lambda: "kept" in _names(view), what="the API to answer again")
        view.close()
    [line] = log.read_text().splitlines()
    assert json.loads(line)["responseObject"]["data"] == {"number": "1"}


@pytest.mark.parametrize("option", ["--audit-policy-file", "--audit-log-path"])
def test_a_log_without_a_policy_is_refused(tmp_path: Path, option: str) -> None:
    """Neither of the two means anything without the other."""
    command = [str(binary()), "up", "--state", str(tmp_path / "cluster"), option, "x"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert option in done.stderr


def _names(view: ClusterView) -> set[str]:
    try:
        return view.names("default")
    except Exception:  # noqa: BLE001  # whatever the client makes of an API that is gone
        return set()
