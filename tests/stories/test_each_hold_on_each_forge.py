"""A lock, a freeze and a gate, on each forge: one push meets all three, and each says everywhere what it is about.

Three environments follow main. What people read is the same sentence beside the commit, in the conversation, on the
page and at the terminal; each is ended by whoever can, and then goes on at once.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster_view import ClusterView
from tests.fakes.forge import FakeForge
from tests.fakes.gate import SECRET, FakeGate
from tests.fakes.plain_git import PlainGit
from tests.serving import Served
from tests.stories.conftest import Shop, environ_of, operators_file, unused, with_plain_git
from tests.stories.test_a_comment_deploys import replies
from tests.until import until
from tests.written import config_map

YES, WAIT = {"answer": "allow"}, {"answer": "wait", "reason": "asking ann", "retry_after": 5}
LOCKED, FROZEN, GATED = "staging", "production", "canary"
FILE = yaml.safe_dump(
    {"environments": {name: {"branch": "main", "path": "deploy"} for name in (LOCKED, FROZEN, GATED)}}
)
ONE = dict.fromkeys(("github", "gitlab", "gitea"), 1)


@dataclass
class Held:
    """A Pushboat whose operator freezes one environment and has a gate asked about another one."""

    served: Served
    gate: FakeGate
    environ: dict[str, str]

    def run(self, *words: str) -> str:
        """Run a command that must succeed; give all that it said."""
        done = self.served.command(*words, env=self.environ)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def waits(self, repository: str, sha: str) -> dict[str, str]:
        """Wait until something holds a commit in all three environments; give what."""

        def found() -> dict[str, str]:
            rows = {name: self.served.deployments(repository, name) for name in (LOCKED, FROZEN, GATED)}
            newest = {name: some[0] for name, some in rows.items() if some and some[0]["sha"] == sha}
            said = {name: row["waits"] for name, row in newest.items() if row["state"] == "queued" and row["holds"]}
            return said if len(said) == len(rows) else {}

        return until(found, what=f"{sha[:7]} to wait everywhere")

    def told(self, repository: str, waits: Mapping[str, str]) -> None:
        """Look at the page and at the terminal: each sentence stands there."""
        page, status = self.served.page("/"), " ".join(self.run("status", repository).split())
        listed = json.loads(self.run("holds", repository, "--json").split("\n\n")[0])["items"]
        for environment, sentence in waits.items():
            assert sentence in page, environment
            assert sentence in status, environment
            assert sentence in [each["sentence"] for each in listed], environment

    def ended_by_the_operator(self, repository: str, sha: str) -> None:
        """Let the gate say yes, and break the glass of the freeze."""
        self.gate.says = [YES]
        assert self.served.ended(repository, sha, GATED)["state"] == "succeeded"
        about = [each for each in self.gate.questions if each["deployment"]["repository"] == repository]
        assert {each["deployment"]["sha"] for each in about} == {sha}
        assert len({each["id"] for each in about}) == 1, "it is the same question, and signed each time"
        told = self.run("deploy", repository, FROZEN, "--sha", sha, "--break-glass", "the shop is down")
        assert "the shop is down" in told
        row = self.served.ended(repository, sha, FROZEN)
        assert (row["state"], row["glass"]) == ("succeeded", "the shop is down")


@pytest.fixture(scope="module")
def held(
    tmp_path_factory: pytest.TempPathFactory, kubeconfig: Path, forges: dict[str, FakeForge], plain_git: PlainGit
) -> Iterator[Held]:
    """One for all forges."""
    gate = FakeGate(WAIT)
    operator = with_plain_git(operators_file(kubeconfig, forges, shops=ONE), plain_git)
    now = datetime.now(UTC)
    freeze = {
        "from": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "until": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M}",
    }
    for project in operator["projects"]:
        environments: dict[str, Any] = project["environments"]
        prefix = environments[LOCKED]["namespaces"][0].removesuffix(LOCKED)
        environments[FROZEN]["freeze"] = [{**freeze, "reason": "the weekend"}]
        board = {"name": "board", "url": gate.address, "secret": {"env": "GATE"}}
        environments[GATED] = {**environments[LOCKED], "namespaces": [f"{prefix}{GATED}"], "gates": [board]}
    environ = {**environ_of(forges), "GATE": SECRET}
    served = Served.start(tmp_path_factory.mktemp("held"), operator, environ)
    yield Held(served=served, gate=gate, environ=environ)
    served.stop()
    gate.close()


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_each_says_what_it_is_about_and_ends(
    kind: str, held: Held, shops: Callable[[Served, str], Shop], cluster: ClusterView
) -> None:
    """Bob locks staging, production is frozen, canary waits for the board: I read all three wherever I look."""
    held.gate.says = [WAIT]
    shop = shops(held.served, kind)
    shop.forge.projects[shop.name].permissions["bob"] = "write"
    shop.forge.push(shop.name, "main", {"README": "x"}, deliver=False)
    shop.forge.push(shop.name, "topic", {"README": "y"}, deliver=False)
    number = shop.forge.open_pull_request(shop.name, "topic").number
    shop.forge.comment(shop.name, number, "bob", "/deploy lock staging --for 2h a demo")
    until(lambda: any("staging is yours until" in each for each in replies(shop, number)), what="an answer to the lock")

    pushed = shop.push({".pushboat.yaml": FILE, "deploy/a.yaml": config_map("a", version="one")})
    waits = held.waits(shop.repository, pushed)
    assert waits[LOCKED].startswith("locked by bob since ")
    assert waits[LOCKED].endswith(": a demo")
    assert waits[FROZEN].startswith("frozen from ")
    assert waits[FROZEN].endswith(" UTC: the weekend")
    assert waits[GATED].startswith("waits for gate board, is asked again at ")
    later = {} if kind == "gitlab" else {GATED: "waits for gate board"}  # a running one keeps its words there
    for environment, says in {LOCKED: waits[LOCKED], FROZEN: waits[FROZEN], **later}.items():
        until(
            lambda environment=environment, says=says: any(  # type: ignore[misc]  # what mypy infers of defaults
                each.startswith(says) for each in shop.descriptions(pushed, f"pushboat/{environment}")
            ),
            what=f"the hold of {environment} beside the commit",
        )
    held.told(shop.repository, {name: waits[name] for name in (LOCKED, FROZEN)})
    shop.forge.comment(shop.name, number, "alice", "/deploy status")
    until(
        lambda: any(waits[LOCKED] in each and waits[FROZEN] in each for each in replies(shop, number)),
        what="the holds in the conversation",
    )
    assert not any("a" in cluster.names(shop.namespace_of(each)) for each in waits), "nothing started early"

    shop.forge.comment(shop.name, number, "bob", "/deploy unlock staging")
    assert shop.ended(pushed, LOCKED)["state"] == "succeeded"
    held.ended_by_the_operator(shop.repository, pushed)
    for environment in waits:
        shop.status(pushed, "success", context=f"pushboat/{environment}")
        assert cluster.config_map(shop.namespace_of(environment), "a")["data"] == {"version": "one"}


@pytest.mark.proof
def test_on_plain_git_as_well(held: Held, plain_git: PlainGit, tmp_path: Path, cluster: ClusterView) -> None:
    """Who pushes reads all three on the terminal and in git's notes; the operator ends them there."""
    held.gate.says = [WAIT]
    name = unused(held.served, "local", {})
    bare, repository = plain_git.create_repository(name), f"local/{name}"
    held.run("hook", "install", str(bare.path))
    held.run("lock", repository, LOCKED, "--reason", "a demo")
    clone = plain_git.clone(name, tmp_path / name)
    clone.commit({".pushboat.yaml": FILE, "deploy/a.yaml": config_map("a", version="one")})
    pushed = clone.push()
    waits = held.waits(repository, pushed.sha)
    terminal = " ".join(pushed.remote)
    for environment in (LOCKED, FROZEN):
        assert waits[environment] in terminal
    assert "gate board" in terminal
    held.told(repository, {environment: waits[environment] for environment in (LOCKED, FROZEN)})
    held.run("unlock", repository, LOCKED)
    assert held.served.ended(repository, pushed.sha, LOCKED)["state"] == "succeeded"
    held.ended_by_the_operator(repository, pushed.sha)
    for environment in waits:
        assert cluster.config_map(f"local-{name}-{environment}", "a")["data"] == {"version": "one"}
    note = bare.git("notes", "--ref=pushboat", "show", pushed.sha)
    assert all(f"pushboat/{environment} success" in note for environment in waits)
