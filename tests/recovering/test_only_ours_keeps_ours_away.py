"""Whoever may push to the repository of renders writes there what they want: it keeps nothing of ours out of it."""

import json
import subprocess
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from pushboat.config import operator as operator_file
from pushboat.errors import ForgeRefused
from pushboat.model import published
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.forge_letters import RenderLetter
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.remote import Remote
from pushboat.model.state import State
from pushboat.store import ending
from pushboat.store.database.engine import Store
from pushboat.store.outbox import Envelope
from tests.fresh_store import fresh_store
from tests.store.repository import NAME, Repository
from workers.questions.onlooking import onlooking
from workers.source.git import refs
from workers.source.git.refs import Snapshot
from workers.source.publishing import publish, restored
from workers.tools import Tools

LANE = Lane(repository=NAME, environment="staging")
REF = published.ref_of(LANE)


class Publishing:
    """Reporters of several stores, one after the other, that commit to one repository."""

    def __init__(self, tmp_path: Path, stack: ExitStack) -> None:
        self.tmp_path, self.stack = tmp_path, stack
        self.bare = tmp_path / "forge" / "renders.git"
        subprocess.run(["git", "init", "--quiet", "--bare", str(self.bare)], check=True)
        written = {
            "state": str(tmp_path),
            "encryption_key": {"env": "S"},
            "forges": {"local": {"kind": "git", "root": str(tmp_path / "forge"), "webhook_secrets": [{"env": "S"}]}},
            "clusters": {"dev": {"in_cluster": True}},
            "projects": [
                {"repository": "local/shop", "environments": {"qa": {"cluster": "dev", "namespaces": ["shop"]}}}
            ],
        }
        secrets = {"S": "secret of sixteen letters, and some more"}
        self.operator = operator_file.parse(yaml.safe_dump(written), tmp_path / "pushboat.yaml", secrets)

    @property
    def remote(self) -> Remote:
        """Where they push to."""
        return Remote(url=str(self.bare))

    def store(self, name: str) -> tuple[Store, Tools]:
        """Begin with nothing."""
        store = fresh_store(self.tmp_path / name)
        self.stack.callback(store.close)
        return store, self.stack.enter_context(onlooking(self.operator, store, self.tmp_path))

    def numbers(self) -> list[int]:
        """Say of which deployments the commits are, oldest first."""
        words = ["git", "-C", str(self.bare), "log", "--reverse", "--format=%B%x00", REF]
        said = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split("\0")
        return [published.deployment_in(message) for message in said if message.strip()]


@pytest.fixture
def publishing(tmp_path: Path) -> Iterator[Publishing]:
    """One repository."""
    with ExitStack() as stack:
        yield Publishing(tmp_path, stack)


def post(tools: Tools, deployment: Deployment) -> None:
    """Post the letter of a deployment."""
    letter = RenderLetter(source=NAME, environment="staging", deployment=deployment.id)
    envelope = Envelope(
        id=1, stream="renders", forge="local", repository="renders", kind="render", payload="{}", attempts=1
    )
    publish(tools, envelope, letter)


def render(sha: str) -> Render:
    """A render of one object."""
    manifest = {"ref": ["", "ConfigMap", "shop", "a"], "version": "v1", "file": "a.yaml", "line": 1, "body": {"a": sha}}
    content = {"format": 1, "environment": {"path": "deploy"}, "manifests": [manifest]}
    return Render(contents={Ref("", "ConfigMap", "shop", "a"): sha}, packed=zlib.compress(json.dumps(content).encode()))


def succeeded(store: Store) -> Callable[[str], Deployment]:
    """Give a way to let a commit get through."""
    repository = Repository(store)

    def push(sha: str) -> Deployment:
        made = repository.push(sha)
        assert ending.finish(store, repository.claim(made), State.SUCCEEDED, "healthy", render=render(sha))
        return repository.row(made)

    return push


def test_a_high_number_that_somebody_else_wrote_stops_nothing(publishing: Publishing) -> None:
    """Whoever commits there "of deployment 999" does not keep what I deploy from being committed."""
    store, tools = publishing.store("one")
    push = succeeded(store)
    first = push("a")
    post(tools, first)
    forged = Snapshot(message=f"mine\n\n{published.TRAILER}999\n", files={"a": b"1"}, at=1)
    refs.move_on(publishing.tmp_path, publishing.remote, REF, forged)
    second = push("b")
    post(tools, second)
    assert publishing.numbers() == [first.id, 999, second.id]
    back = restored(tools, "local/renders", LANE)
    assert back
    assert (back.sha, back.deployment) == ("b", second.id)
    post(tools, first)
    assert publishing.numbers() == [first.id, 999, second.id], "a frozen reporter went back"


def test_a_store_that_began_anew_is_committed(publishing: Publishing) -> None:
    """The store was lost and not recovered: its numbers begin with one again, and what it deploys is newer all the
    same."""
    store, tools = publishing.store("lost")
    push = succeeded(store)
    earlier = [push(sha) for sha in ("a", "b", "c")]
    post(tools, earlier[-1])
    store, tools = publishing.store("anew")
    made = succeeded(store)("d")
    assert made.id < earlier[-1].id
    post(tools, made)
    assert publishing.numbers() == [earlier[-1].id, made.id]
    post(tools, made)
    assert publishing.numbers() == [earlier[-1].id, made.id], "a second try committed it twice"


def test_what_is_no_commit_is_named(publishing: Publishing) -> None:
    """Somebody puts a file where our commits are: I hear who has to act, and it is not tried for ever."""
    words = ["git", "-C", str(publishing.bare), "hash-object", "-w", "--stdin"]
    blob = subprocess.run(words, check=True, capture_output=True, input=b"mine", text=False).stdout.decode().strip()
    subprocess.run(["git", "-C", str(publishing.bare), "update-ref", REF, blob], check=True)
    store, tools = publishing.store("one")
    with pytest.raises(ForgeRefused, match="holds no commit: whoever may push there has to delete it"):
        post(tools, succeeded(store)("a"))
