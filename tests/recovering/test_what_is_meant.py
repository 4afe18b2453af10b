"""Whoever names what shall come back hears of it: nothing that was meant comes to nothing without a word."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import forked
from tests.fresh_store import fresh_store

Command = Callable[..., forked.Finished]


@pytest.fixture
def command(tmp_path: Path, kubeconfig: Path, namespace: str) -> Command:
    """The command line of a Pushboat whose store is empty, with two clusters; production lies in the other one."""
    one = {"kubeconfig": str(kubeconfig)}
    environments = {
        name: {"cluster": cluster, "namespaces": [namespace]}
        for name, cluster in (("staging", "dev"), ("qa", "dev"), ("production", "other"))
    }
    written: dict[str, Any] = {
        "state": str(tmp_path / "state"),
        "forges": {"github": {"kind": "github", "webhook_secrets": [{"env": "S"}], "token": {"env": "S"}}},
        "clusters": {"dev": one, "other": one, "empty": one},
        "projects": [{"repository": f"github/acme/{namespace}", "environments": environments}],
    }
    file = tmp_path / "pushboat.yaml"
    file.write_text(yaml.safe_dump(written))
    fresh_store(tmp_path / "state").close()
    environ = {**os.environ, "S": "secret of sixteen letters"}

    def run(*words: str) -> forked.Finished:
        return forked.pushboat(["--config", str(file), "recover", *words], cwd=tmp_path, env=environ)

    return run


@pytest.mark.parametrize("lost", ["--to-cluster", "--from-cluster"])
def test_what_lies_elsewhere_is_not_recovered_into_nothing(command: Command, lost: str) -> None:
    """I name an environment and a cluster that it does not lie in, or one that has nothing: I hear that, and not 0."""
    wrong = command(lost, "--environment", "production", "--cluster", "dev", "--yes")
    assert (wrong.returncode, "production lies in cluster other, and not in dev" in wrong.stderr) == (2, True)
    nothing = command(lost, "--cluster", "empty", "--yes")
    assert (nothing.returncode, "nothing of pushboat.yaml lies in cluster empty" in nothing.stderr) == (2, True)


def test_an_environment_of_which_its_cluster_knows_nothing_is_named(command: Command, namespace: str) -> None:
    """Its inventory is lost too, or was never there: I see which, and where I asked for it, that is a no."""
    everything = command("--from-cluster", "--json", "--yes")
    assert everything.returncode == 0, everything.stderr
    for name in ("staging", "qa", "production"):
        assert f"github/acme/{namespace} {name}: its cluster has no inventory" in everything.stderr
    missing = {each["environment"] for each in json.loads(everything.stdout)["missing"]}
    assert missing == {"staging", "qa", "production"}
    asked = command("--from-cluster", "--environment", "qa", "--yes")
    assert (asked.returncode, "staging" in asked.stderr) == (1, False)
    assert "qa: its cluster has no inventory: nothing was ever deployed there, or it is lost too" in asked.stderr
