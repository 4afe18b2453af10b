"""Drift is found without anybody asking, said on the deployed commit, taken back when it is gone, and never made up."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest
import yaml

from pushboat.config.environment import Environment
from pushboat.config.operator import ClusterAccess, Limits, Operator, Project
from pushboat.config.project import Allowed
from pushboat.model.deployment import Lane
from pushboat.model.drift import Sort
from pushboat.model.release import Render
from pushboat.model.state import Kind, State, Trigger
from pushboat.reading.drifted import Drifted, Known
from pushboat.reading.environments import overview
from pushboat.sealing import Key
from pushboat.store import comparing, ending, inspections
from tests.cluster_view import ClusterView
from tests.engine_room.drifting import LANE, Watched
from tests.engine_room.drifting import watched as held
from tests.fakes.github import FakeGitHub
from tests.store.repository import NAME, Repository, deploy, time_passes
from tests.until import until
from tests.written import config_map, definition
from workers.app import make_tools
from workers.deploying.packing import pack
from workers.dispatching import clusters_of
from workers.inspecting.story import SEATS, inspect
from workers.manifests.reading import read_manifests
from workers.reporting import Seats
from workers.tools import Tools

SETTINGS = "/api/v1/namespaces/$NS/configmaps/settings"


@pytest.fixture
def watched(
    tmp_path: Path, github: FakeGitHub, repository: Repository, kubeconfig: Path, cluster: ClusterView
) -> Iterator[Watched]:
    """Staging, with nothing in it."""
    with held(tmp_path, github, repository, kubeconfig, cluster) as one:
        yield one


def test_the_deployed_commit_says_what_drifted_and_that_it_is_gone(watched: Watched) -> None:
    """I edit by hand, and the commit says field, values and tool; I put it back, and it says what it said before."""
    made = watched.release(config_map("settings", colour="red"))
    green = watched.repository.shown(made.sha)[-1]
    assert watched.come_round().found == ()
    watched.edit(SETTINGS, {"data": {"colour": "blue"}})
    found = watched.come_round()
    assert (found.deployment, found.release, found.count, found.trouble) == (made.id, 1, 1, "")
    assert found.since
    state, said = watched.repository.shown(made.sha)[-1]
    assert state == "errored"
    assert said.startswith('drift: ConfigMap settings: data.colour is "blue" instead of "red", by kubectl-edit at ')
    watched.come_round()
    assert watched.found().since == pytest.approx(found.since - 1000)
    assert len(watched.repository.shown(made.sha)) == 4, "said once"
    watched.edit(SETTINGS, {"data": {"colour": "red"}})
    assert watched.come_round().found == ()
    assert watched.repository.shown(made.sha)[3:] == [("errored", said), green]
    assert watched.healing() == []
    assert watched.map("settings")["data"] == {"colour": "red"}


@pytest.mark.proves("drift-check")
def test_what_cannot_be_compared_is_said_and_is_not_no_drift(watched: Watched) -> None:
    """Key lost, limits tighter, cluster away or another one: I read why nobody knows, and my commit stays as it is."""
    made = watched.release(config_map("settings", colour="red"), secret("hunter2"))
    shown, sound = watched.repository.shown(made.sha), watched.tools
    watched.tools = replace(sound, encryption_key="another key of the same length")
    found = watched.come_round()
    assert found.trouble.startswith(
        f"Secret/{watched.namespace}/login cannot be compared: no stored values of it can be read"
    )
    assert told(watched).known is Known.UNKNOWN
    assert told(watched).sentence.startswith("drift is not known: Secret/")
    watched.edit(SETTINGS, {"data": {"colour": "blue"}})
    found = watched.come_round()
    assert (found.count, told(watched).known, watched.repository.shown(made.sha)[-1][0]) == (
        1,
        Known.DRIFTED,
        "errored",
    )
    watched.edit(SETTINGS, {"data": {"colour": "red"}})
    assert watched.come_round().count == 0
    assert watched.repository.shown(made.sha)[-1][0] == "errored", "what of the Secret nobody knows"
    watched.tools = sound
    assert watched.come_round().trouble == ""
    assert (told(watched).known, watched.repository.shown(made.sha)[-1]) == (Known.NONE, shown[-1])

    shown = watched.repository.shown(made.sha)
    watched.allowing(namespaces=(f"{watched.namespace}-new",))
    assert f"ConfigMap/{watched.namespace}/settings" in watched.come_round().trouble
    watched.tools = sound
    watched.allowing(cluster="new")
    assert "has it in cluster new now, and it was brought to dev" in watched.come_round(cluster="new").trouble
    watched.tools = unreachable(sound)
    assert "does not answer" in watched.come_round().trouble
    assert told(watched).known is Known.UNKNOWN
    assert told(watched).loud
    watched.tools = sound
    assert watched.come_round().trouble == ""
    assert watched.repository.shown(made.sha) == shown
    time_passes(watched.store, 3600)
    assert told(watched).sentence == "drift is not known: last compared 1 h ago; is the worker alive?"


def test_a_namespace_that_somebody_deleted_is_drift(watched: Watched) -> None:
    """All of it is gone, the namespace too, which only the operator may make: that is drift, and no trouble of ours."""
    made = watched.release(config_map("settings"), config_map("other"))
    watched.allowing(create_namespaces=False)
    path = f"/api/v1/namespaces/{watched.namespace}"
    watched.cluster.request("DELETE", path)
    until(lambda: watched.cluster.get(path) is None, what="it is gone")
    found = watched.come_round()
    assert ([each.sort for each in found.found], found.trouble) == ([Sort.DELETED] * 2, "")
    assert watched.repository.shown(made.sha)[-1] == ("errored", "drift in 2 objects: ConfigMap other was deleted")


def test_what_a_rollback_left_alone_is_no_drift(watched: Watched) -> None:
    """A rollback takes no definition back: the newer one that stays has not drifted, nor is it put back for ever."""
    watched.allowing(cluster_scoped=("CustomResourceDefinition",), self_heal=True)
    group = f"{watched.namespace}.example.com"
    old = definition("boats", "Boat", group)
    first = watched.release(old, config_map("a"))
    assert watched.release(old.replace("integer", "string"), config_map("a")).state is State.SUCCEEDED
    (back,) = watched.repository.route(deploy(first.sha, trigger=Trigger.ROLLBACK, release=1))
    assert "takes no definition back" in watched.carried_out(back).reason
    found = watched.come_round()
    assert (found.release, found.found, found.trouble, watched.healing()) == (3, (), "", [])


def test_a_cluster_that_hangs_keeps_no_other_from_being_compared(watched: Watched) -> None:
    """One cluster takes connections and says nothing: two threads wait for it, and everything else goes on."""
    watched.release(config_map("settings", colour="red"))
    watched.edit(SETTINGS, {"data": {"colour": "blue"}})
    with silent() as address:
        stuck = [Lane(repository=NAME, environment=f"stuck-{number}") for number in range(5)]
        watched.tools = beside(watched.tools, [each.environment for each in stuck], address, watched.namespace)
        for lane in stuck:
            (made,) = watched.repository.route(deploy("a", lane.environment))
            ending.finish(watched.store, watched.repository.claim(made), State.SUCCEEDED, "healthy", render=one_map())
        time_passes(watched.store, 1000)
        comparing.schedule(watched.store, clusters_of(watched.tools.operator, watched.store), 600.0)
        time_passes(watched.store, 1000)
        assert inspections.due_clusters(watched.store) == ["dev", "stuck"]
        seats = Seats(SEATS)
        threads = [Thread(target=inspect, args=(watched.tools, seats, "stuck"), daemon=True) for _ in range(6)]
        for each in threads:
            each.start()
        until(lambda: sum(each.is_alive() for each in threads) == SEATS, what="two of them wait, the others went home")
        inspect(watched.tools, seats, "dev")
        (found,) = [each for each in inspections.listed(watched.store) if each.lane == LANE]
        assert found.count == 1
        (mine,) = watched.repository.route(deploy(watched.github.projects["acme/shop"].bare.resolve("refs/heads/main")))
        assert watched.carried_out(mine).state is State.SUCCEEDED, "nor does it hold a place of a deployment"
        watched.tools.stopping.set()
    for each in threads:
        each.join(60)


def told(watched: Watched) -> Drifted:
    """What every surface says of staging."""
    return next(each.drift for each in overview(watched.store, watched.tools.operator) if each.environment == "staging")


def unreachable(tools: Tools) -> Tools:
    """Give a worker whose cluster is not there any more."""
    clusters = {"dev": ClusterAccess(name="dev", kubeconfig=kubeconfig_of(tools.scratch, "http://127.0.0.1:9"))}
    return _anew(tools, replace(tools.operator, clusters=clusters))


def beside(tools: Tools, environments: Sequence[str], address: str, namespace: str) -> Tools:
    """Give a worker that has environments in another cluster too."""
    access = ClusterAccess(name="stuck", kubeconfig=kubeconfig_of(tools.scratch, address))
    known = tools.operator.projects[NAME].environments.listed
    more = {name: Limits(environment=name, cluster="stuck", namespaces=(namespace,)) for name in environments}
    projects = {NAME: Project(repository=NAME, environments=Allowed({**known, **more}))}
    operator = replace(tools.operator, projects=projects, clusters={**tools.operator.clusters, "stuck": access})
    return _anew(tools, operator)


def _anew(tools: Tools, operator: Operator) -> Tools:
    return make_tools(operator, tools.store, tools.leases, tools.scratch, Event())


def kubeconfig_of(folder: Path, server: str) -> Path:
    """Write a kubeconfig for a server without a login."""
    file = folder / f"kubeconfig-{uuid4().hex[:6]}"
    config = {
        "current-context": "a",
        "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
        "clusters": [{"name": "a", "cluster": {"server": server}}],
        "users": [{"name": "a", "user": {"token": "x"}}],
    }
    file.write_text(yaml.safe_dump(config))
    return file


@contextmanager
def silent() -> Iterator[str]:
    """Run a server that takes every connection and answers nothing, until it hangs up on all of them."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def take() -> None:
            with suppress(OSError):
                while True:
                    taken.append(door.accept()[0])

        thread = Thread(target=take, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        door.shutdown(socket.SHUT_RDWR)
    thread.join(60)
    for each in taken:
        each.close()


def one_map() -> Render:
    """A stored render of one object."""
    environment = Environment(name="x", cluster="stuck", namespaces=("x",), namespace="x", path="deploy")
    return pack(read_manifests(config_map(), "deploy/all.yaml"), environment, Key("a key of sixteen or more"))


def secret(value: str) -> str:
    """Write a Secret with one value."""
    return yaml.safe_dump(
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "login"}, "stringData": {"password": value}}
    )


def test_what_was_destroyed_is_left_in_peace(watched: Watched) -> None:
    """Nothing runs there: it is not looked at again and again, and at the next deployment's time it is."""
    made = watched.release(config_map("settings", colour="red"))
    (removal,) = watched.repository.route(deploy(made.sha, kind=Kind.REMOVAL, trigger=Trigger.COMMAND))
    ending.finish(watched.store, watched.repository.claim(removal), State.SUCCEEDED, "destroyed: 1 object deleted")
    watched.come_round()
    time_passes(watched.store, watched.tools.operator.drift_every / 2)
    assert inspections.due_clusters(watched.store) == []
    time_passes(watched.store, watched.tools.operator.drift_every)
    assert inspections.due_clusters(watched.store) == ["dev"]
