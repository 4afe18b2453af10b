"""A git server without a forge: whoever pushes sees the deployment on the terminal, and git keeps what was said."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests import breaking
from tests.cluster_view import ClusterView
from tests.fakes.bare import Bare
from tests.fakes.forge import FakeForge
from tests.fakes.plain_git import Clone, PlainGit, Pushed
from tests.serving import Served
from tests.stories.conftest import environ_of, operators_file, unused, with_plain_git
from tests.until import until
from tests.written import config_map, deployment, repository_file


@dataclass
class Place:
    """A bare repository with our hook, somebody's clone of it, and where it is deployed."""

    served: Served
    cluster: ClusterView
    environ: dict[str, str]
    bare: Bare
    clone: Clone
    name: str

    @property
    def namespace(self) -> str:
        """Name the namespace of its staging."""
        return f"local-{self.name}-staging"

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a `pushboat` command."""
        return self.served.command(*words, env=self.environ)

    def install(self) -> None:
        """Install the hook as the operator does."""
        done = self.command("hook", "install", str(self.bare.path))
        assert done.returncode == 0, done.stderr

    def push(self, manifest: str, *words: str) -> Pushed:
        """Commit a manifest and push it."""
        self.clone.commit({".pushboat.yaml": repository_file(), "deploy/it.yaml": manifest})
        return self.clone.push(*words)

    def ended(self, sha: str) -> dict[str, str]:
        """Wait until the deployment of a commit has ended."""
        return self.served.ended(f"local/{self.name}", sha)


Places = Callable[[Served], Place]


@pytest.fixture(scope="module")
def places(
    tmp_path_factory: pytest.TempPathFactory, plain_git: PlainGit, cluster: ClusterView, environ: dict[str, str]
) -> Places:
    """Give new repositories, each with a clone."""
    taken: set[str] = set()

    def new(served: Served) -> Place:
        name = unused(served, "local", dict.fromkeys(taken))
        taken.add(name)
        bare = plain_git.create_repository(name)
        clone = plain_git.clone(name, tmp_path_factory.mktemp("alice") / name)
        return Place(served=served, cluster=cluster, environ=environ, bare=bare, clone=clone, name=name)

    return new


@pytest.fixture
def place(places: Places, pushboat: Served) -> Place:
    """A repository whose hook is installed."""
    found = places(pushboat)
    found.install()
    return found


@pytest.fixture
def other(tmp_path: Path, kubeconfig: Path, forges: dict[str, FakeForge], plain_git: PlainGit) -> Iterator[Served]:
    """A Pushboat of our own, to be stopped."""
    operator = with_plain_git(operators_file(kubeconfig, forges), plain_git)
    served = Served.start(tmp_path / "other", operator, environ_of(forges))
    yield served
    served.stop()


def test_the_terminal_shows_the_states_while_they_happen(place: Place) -> None:
    """I push and watch: checking out, applying, waiting, and the end, each when it happens and not all at the end."""
    sha = place.clone.commit(
        {".pushboat.yaml": repository_file(wait="5m"), "deploy/web.yaml": deployment(behaviour="unready")}
    )
    push = ["git", "-C", str(place.clone.folder), "push", "--quiet", "origin", "HEAD:main"]
    environ = {**place.environ, "HOME": "/nonexistent"}
    with subprocess.Popen(push, stderr=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stderr
        seen = []
        for line in process.stderr:
            seen.append(line.removeprefix("remote: ").rstrip())
            if "available" in line or "ready" in line or "updated" in line:
                assert process.poll() is None
                breaking.heal(place)  # type: ignore[arg-type]  # only now can it end
                break
        seen += [line.removeprefix("remote: ").rstrip() for line in process.stderr]
    assert process.returncode == 0
    told = [line for line in seen if line.startswith("staging: ")]
    wanted = [
        f"staging: checking out {sha[:7]}",
        "staging: 1 object from deploy (plain)",
        "staging: 1 to create, 0 to change, 0 to delete",
        "staging: applying 1 object …",
        "staging: succeeded: 1 object: 1 created; healthy in ",
    ]
    found = [next((at for at, line in enumerate(told) if line.startswith(words)), -1) for words in wanted]
    assert -1 not in found, told
    assert found == sorted(found), told
    assert told[-1].startswith(wanted[-1])
    assert place.ended(sha)["state"] == "succeeded"


def test_a_terminal_does_not_wait_for_what_is_held(place: Place) -> None:
    """I push to a paused environment: I read why it waits and which command lets it go on, and have my prompt again."""
    place.push(config_map(a="1"))
    assert place.command("pause", f"local/{place.name}", "staging", "--reason", "we migrate").returncode == 0
    pushed = place.push(config_map(a="2"))
    told = " ".join(pushed.remote)
    assert "we migrate" in told
    assert (
        f"we migrate (ended by the operator, at the terminal, with pushboat resume local/{place.name} staging)" in told
    )
    assert "staging: it waits until then; follow it at http" in told
    assert "still going on" not in told
    assert place.command("resume", f"local/{place.name}", "staging").returncode == 0
    assert place.ended(pushed.sha)["state"] == "succeeded"


def test_git_keeps_what_was_said(place: Place) -> None:
    """Weeks later `git log` tells what became of a commit, in every clone that fetches the notes."""
    pushed = place.push(config_map())

    def noted() -> str:
        done = subprocess.run(
            ["git", f"--git-dir={place.bare.path}", "notes", "--ref=pushboat", "show", pushed.sha],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout if "success" in done.stdout else ""

    lines = until(noted, what="the note").splitlines()
    states = [line.split()[2].rstrip(":") for line in lines if line.split()[1] == "pushboat/staging"]
    assert states[0] == "queued"
    assert states[-1] == "success"
    assert "1 object: 1 created" in lines[-1]
    assert f"{place.served.url}/deployments/" in lines[-1]

    place.clone.git("fetch", "--quiet", "origin", "refs/notes/pushboat:refs/notes/pushboat")
    log = place.clone.git("log", "-1", "--notes=pushboat")
    assert "Notes (pushboat):" in log
    assert "pushboat/staging success: 1 object: 1 created" in log


def test_a_push_that_cannot_run_says_why(place: Place) -> None:
    """I indent wrongly: the terminal names file and line, and the push itself is done."""
    pushed = place.push("kind: ConfigMap\napiVersion: v1\nmetadata:\n  name: a\n b: 1\n")
    assert pushed.code == 0
    assert place.bare.resolve("refs/heads/main") == pushed.sha
    assert pushed.remote[-1].startswith("staging: failed: deploy/it.yaml:5:")


def test_a_rollout_that_fails_is_explained_where_it_was_pushed(place: Place) -> None:
    """My pods crash: the terminal and the note say which container, how it ended, and what to do."""
    place.clone.commit({".pushboat.yaml": repository_file(wait="15s"), "deploy/it.yaml": deployment(behaviour="oom")})
    pushed = place.clone.push()
    assert pushed.code == 0
    said = pushed.remote[-1]
    assert "web: raise the memory limit — pod web-" in said
    assert "container web: CrashLoopBackOff (OOMKilled, exit 137" in said


def test_a_branch_that_nothing_follows(place: Place) -> None:
    """I push my feature branch: the terminal says that nothing follows it, and what is followed."""
    pushed = place.push(config_map(), "origin", "HEAD:refs/heads/feature")
    assert pushed.code == 0
    assert pushed.remote == ["nothing deployed: no environment follows feature (staging follows main)"]


@pytest.mark.proof  # a Pushboat of its own, twice
def test_a_push_while_pushboat_is_down(places: Places, other: Served, forges: dict[str, FakeForge]) -> None:
    """Pushboat is down: my push succeeds, says so and how to catch up; that very command deploys it when it is back."""
    place = places(other)
    place.install()
    other.stop()
    pushed = place.push(config_map(version="1"))
    assert pushed.code == 0
    assert place.bare.resolve("refs/heads/main") == pushed.sha
    said = "\n".join(pushed.remote)
    assert "main is pushed, but Pushboat did not take it" in said
    assert other.url in said
    command = said.rpartition("now with: ")[2].splitlines()[0]
    assert command.endswith("--catch-up")

    other.restart(environ_of(forges))
    done = subprocess.run(command.split(), capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0
    assert "staging: succeeded: 1 object: 1 created" in done.stdout
    assert place.ended(pushed.sha)["state"] == "succeeded"
    assert place.cluster.config_map(place.namespace, "settings")["data"] == {"version": "1"}
    again = subprocess.run(command.split(), capture_output=True, text=True, check=False, timeout=60)
    assert "nothing was missed" in again.stdout


def test_the_doctor_looks_at_the_hook(places: Places, pushboat: Served) -> None:
    """I forgot the hook: the doctor says so with the command that installs it, and is content afterwards."""
    place = places(pushboat)
    ill = place.command("hook", "doctor", f"local/{place.name}")
    assert ill.returncode == 1
    assert f"pushboat hook install {place.bare.path}" in ill.stdout + ill.stderr
    place.install()
    well = place.command("hook", "doctor", f"local/{place.name}")
    assert well.returncode == 0, well.stdout + well.stderr


def test_a_release_is_brought_back_without_a_forge(place: Place) -> None:
    """The command brings it back; my next push reads what it waits for, and is deployed once that is unlocked."""
    good, name = place.push(config_map(version="good")), f"local/{place.name}"
    bad = place.push(config_map(version="bad"))
    assert place.ended(bad.sha)["release"] == 2
    back = place.command("rollback", name, "staging", "--reason", "it burns")
    assert back.returncode == 0, back.stderr
    assert f"rolling staging back to release 1 ({good.sha[:7]}), and pinning it there" in back.stderr
    assert place.cluster.config_map(place.namespace, "settings")["data"] == {"version": "good"}
    newer = place.push(config_map(version="newer"))
    told = " ".join(newer.remote)
    assert f"pinned to release 1 ({good.sha[:7]}) by " in told
    assert f"it burns (ended by whoever may deploy there, with pushboat unlock {name} staging)" in told
    assert place.command("unlock", name, "staging", "--reason", "mended").returncode == 0
    assert place.ended(newer.sha)["release"] == 4


def test_a_promotion_is_pushed_as_a_branch(place: Place) -> None:
    """There are no pull requests: the branch with the moved pins is pushed, and the terminal says where to merge it."""
    folders = {"environments": {name: {"branch": "main", "path": name} for name in ("staging", "production")}}
    files = {
        "staging/web.yaml": deployment(image="registry.example/web:2"),
        "production/web.yaml": deployment(image="eu.example/web:1"),
    }
    sha = place.clone.commit({".pushboat.yaml": yaml.safe_dump(folders), **files})
    assert place.clone.push().code == 0
    place.ended(sha)
    done = place.command("promote", f"local/{place.name}", "staging", "production", "--pull-request")
    assert done.returncode == 0, done.stderr
    branch = "pushboat/promote/staging/to/production"
    assert f"pushed {branch}, which moves 1 pin of staging release 1 ({sha[:7]}) to production" in done.stderr
    assert "there are no pull requests here, so merge it into main" in done.stderr
    place.clone.git("fetch", "--quiet", "origin")
    place.clone.git("merge", "--quiet", "--ff-only", f"origin/{branch}")
    pushed = place.clone.push()
    assert place.served.ended(f"local/{place.name}", pushed.sha, "production")["state"] == "succeeded"
    found = place.cluster.deployment(f"local-{place.name}-production", "web")
    assert found["spec"]["template"]["spec"]["containers"][0]["image"] == "eu.example/web:2"
