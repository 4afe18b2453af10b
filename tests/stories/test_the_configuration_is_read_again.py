"""The operator's file changes, and what runs goes by it: no restart, no lost delivery, nothing by halves."""

import hashlib
import hmac
import os
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster_view import ClusterView
from tests.fakes.github import FakeGitHub
from tests.serving import Served, own_children
from tests.stories.conftest import Shop, environments_of, operators_file
from tests.until import until
from tests.written import config_map, deployment, repository_file

SECOND = "0123456789abcdef-second"
FOLLOWS = ("worker", "reporter", "web")
"""Who notes in the store by which file it goes."""


@dataclass
class Stage:
    """A Pushboat whose operator changes the file."""

    served: Served
    github: FakeGitHub
    cluster: ClusterView
    secret: Path

    @property
    def file(self) -> dict[str, Any]:
        found: dict[str, Any] = yaml.safe_load(self.served.config.read_text())
        return found

    def write(self, file: dict[str, Any] | str) -> str:
        """Put another file in the place of the one that is there, as editors do, and give its digest."""
        text = file if isinstance(file, str) else yaml.safe_dump(file)
        fresh = self.served.config.with_name("fresh")
        fresh.write_text(text)
        fresh.rename(self.served.config)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def notes(self) -> dict[str, str]:
        """Give what each process says of its file."""
        found = self.served.get("/readyz")
        return {each["name"]: each["note"] for each in found["processes"]}

    def await_everywhere(self, said: str) -> None:
        """Wait until all of them say this of their file."""
        until(lambda: all(said in self.notes().get(name, "") for name in FOLLOWS), what=f"{said} everywhere")

    def shop(self, number: int) -> Shop:
        """Give the repository of a project, made and connected when it is first asked for."""
        name = self.file["projects"][number]["repository"].partition("/")[2]
        if name not in self.github.projects:
            self.github.create_repository(name)
            self.github.connect(name, f"{self.served.url}/webhooks/github")
        return Shop(forge=self.github, forge_name="github", name=name, served=self.served, cluster=self.cluster)

    def signed_with(self, secret: str) -> int:
        """Send a ping that is signed with a secret, and give the answer's code."""
        body = b'{"zen": "Keep it logically awesome."}'
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-GitHub-Event": "ping"}
        headers["X-GitHub-Delivery"] = os.urandom(8).hex()
        headers["X-Hub-Signature-256"] = f"sha256={signature}"
        request = urllib.request.Request(f"{self.served.url}/webhooks/github", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, kubeconfig: Path, cluster: ClusterView) -> Iterator[Stage]:
    """It serves two projects, with its secrets in files."""
    folder = tmp_path_factory.mktemp("changing")
    with FakeGitHub(folder / "github") as github:
        secret, token = folder / "secret", folder / "token"
        secret.write_text(github.secret)
        token.write_text(github.token)
        operator = operators_file(kubeconfig, {"github": github}, shops={"github": 2})
        operator["forges"]["github"] |= {"webhook_secrets": [{"file": str(secret)}], "token": {"file": str(token)}}
        served = Served.start(folder / "pushboat", operator)
        yield Stage(served, github, cluster, secret)
        served.stop()


def test_a_reload_with_one_mistake_changes_nothing_and_says_it(stage: Stage) -> None:
    """The project that I took out beside it still deploys; /readyz and the doctor say what is wrong, and where."""
    good, shop = stage.served.config.read_text(), stage.shop(0)
    stage.write({**stage.file, "projects": stage.file["projects"][1:], "surprise": 1})
    stage.await_everywhere("; running on the configuration of ")
    told = stage.served.get("/readyz")["configuration"]["trouble"]
    assert "the file has 1 mistake: " in told
    assert "surprise" in told
    assert shop.ended(shop.push({"deploy/settings.yaml": config_map(v="1")}))["state"] == "succeeded"
    assert "surprise" in stage.served.command("doctor").stdout
    stage.write(good.replace("projects:", "workers: 3\nprojects:"))
    stage.await_everywhere("needs a restart: workers; until then nothing of the file counts")
    doctor = stage.served.command("doctor").stdout
    assert "needs a restart: workers" in doctor
    digest = stage.write(good)
    stage.await_everywhere(digest)
    until(lambda: not stage.served.get("/readyz")["configuration"]["trouble"])


def test_a_running_deployment_keeps_what_it_was_claimed_with(stage: Stage) -> None:
    """Its environment leaves the file while it waits for health: it ends as it would have, and none comes after it."""
    shop, before = stage.shop(1), stage.file
    hanging = {
        ".pushboat.yaml": repository_file(wait="12s"),
        "deploy/web.yaml": deployment(behaviour="hang"),
    }
    sha = shop.push(hanging)
    running = ("running", "failed")
    until(lambda: [row for row in stage.served.deployments(shop.repository) if row["state"] in running])
    without = yaml.safe_load(yaml.safe_dump(before))
    del without["projects"][1]["environments"]["staging"]
    stage.await_everywhere(stage.write(without))
    ended = shop.ended(sha)
    assert ended["state"] == "failed"
    assert "not healthy after 12s" in ended["reason"]
    later = shop.push({"deploy/web.yaml": deployment(image="registry.example/web:2")})
    until(lambda: shop.forge.statuses(shop.name, later, "pushboat"), what="a word about the push")
    assert [row for row in stage.served.deployments(shop.repository) if row["sha"] == later] == []
    stage.await_everywhere(stage.write(before))


def test_secrets_are_rotated_without_a_restart(stage: Stage) -> None:
    """A webhook's new secret is taken, and the old one refused; statuses are posted with the new token."""
    first = stage.github.secret
    assert stage.signed_with(first) == 200
    fresh = stage.secret.with_name("fresh-secret")
    fresh.write_text(SECOND)
    fresh.rename(stage.secret)
    assert until(lambda: stage.signed_with(SECOND) == 200)
    until(lambda: stage.signed_with(first) == 401)
    fresh.write_text(first)
    fresh.rename(stage.secret)
    until(lambda: stage.signed_with(first) == 200)
    since = stage.served.get("/readyz")["configuration"]["since"]
    shop, token = stage.shop(0), "fedcba9876543210-token"
    fresh.write_text(token)
    fresh.rename(stage.secret.with_name("token"))
    # The text is the same, so the notes are: but who has it last says since when.
    until(lambda: stage.served.get("/readyz")["configuration"]["since"] != since)
    before, stage.github.token = stage.github.token, token
    stage.github.app_tokens[before], stage.github.app_grants[before] = shop.name, {}  # valid until all have the new one
    sha = shop.push({"deploy/settings.yaml": config_map(v="rotated")})
    shop.status(sha, "success")
    posted = [one for one in list(stage.github.requests) if one.method == "POST" and sha in one.path]
    assert posted[-1].authorization.endswith(token)


def test_a_storm_of_hangups_ends_nothing(stage: Stage) -> None:
    """Every process lives on, and a project that came with it is served by all of them: pushes to it deploy."""
    stage.shop(0)
    family = own_children(stage.served.process.pid)
    file = stage.file
    name = f"{file['projects'][0]['repository']}-more"
    prefix = f"github-{name.rpartition('/')[2]}"
    more = {"repository": name, "environments": environments_of(prefix)}
    digest = stage.write({**file, "projects": [*file["projects"], more]})
    for _ in range(300):
        os.kill(stage.served.process.pid, signal.SIGHUP)
    for pid in (pid for pid, line in family.items() if "valkey" not in line):
        for _ in range(100):
            os.kill(pid, signal.SIGHUP)
    stage.await_everywhere(digest)
    assert own_children(stage.served.process.pid).keys() == family.keys()
    shop = stage.shop(2)
    ended = shop.ended(shop.push({"deploy/settings.yaml": config_map(v="1")}))
    assert ended["state"] == "succeeded", ended["reason"]
    listed = stage.served.get("/api/v1/environments")["items"]
    assert shop.repository in {each["repository"] for each in listed}, "the dashboard knows it too"
