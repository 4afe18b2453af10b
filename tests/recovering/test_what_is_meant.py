"""Whoever names what shall come back hears of it: nothing that was meant comes to nothing without a word."""

import json
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.recovering.targets import Wish, chosen
from pushboat.config.operator import parse
from pushboat.sealing import Key
from tests import forked
from tests.fresh_store import fresh_store
from tests.store.repository import NAME, Repository
from tests.store.test_releases import released

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


def test_what_got_another_name_and_was_not_deployed_since_is_named(tmp_path: Path) -> None:
    """It ran as staging, is production by now, and the cluster is lost before its first deployment: that is no "never
    deployed", and I hear what to say."""
    environments = {"production": {"cluster": "dev", "namespaces": ["shop"], "formerly": ["staging"]}}
    written = {
        "state": str(tmp_path),
        "forges": {"github": {"kind": "github", "webhook_secrets": [{"env": "S"}], "token": {"env": "S"}}},
        "clusters": {"dev": {"in_cluster": True}},
        "projects": [{"repository": NAME, "environments": environments}],
    }
    operator = parse(yaml.safe_dump(written), tmp_path / "pushboat.yaml", {"S": "secret of sixteen letters"})
    with closing(fresh_store(tmp_path / "state")) as store:
        repository = Repository(store)
        released(repository, repository.push("a" * 40))
        targets, left = chosen(operator, store, Key("k" * 20), Wish())
    assert targets == []
    (production,) = [each for each in left if each.lane.environment == "production"]
    assert production.lost
    assert production.why == (
        f"goes on with {NAME}:staging, where aaaaaaa ran, and has no release of its own yet: "
        f"pushboat deploy {NAME} production --sha {'a' * 40}"
    )
