"""A forge that lists deployments itself is told of ours: each once, in order, whatever is said twice or gets lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.forges.answers import Forbidden
from pushboat.forges.protocol import Client
from pushboat.forges.table import client_of
from pushboat.model.forge_letters import DeploymentLetter
from pushboat.model.state import State
from tests.fakes.app_key import installed
from tests.fakes.github import FakeGitHub
from tests.fakes.github_deployments import Listed
from tests.fakes.gitlab import FakeGitLab

URL = "https://pushboat.example.com"
WORDS = {
    "github": {
        State.QUEUED: "queued",
        State.RUNNING: "in_progress",
        State.SUCCEEDED: "success",
        State.FAILED: "failure",
        State.ERRORED: "error",
        State.CANCELLED: "inactive",
        State.SUPERSEDED: "inactive",
    },
    "gitlab": {
        State.QUEUED: "created",
        State.RUNNING: "running",
        State.SUCCEEDED: "success",
        State.FAILED: "failed",
        State.ERRORED: "failed",
        State.CANCELLED: "canceled",
        State.SUPERSEDED: "canceled",
    },
}


@dataclass
class Lister:
    """A forge that lists deployments, and a Pushboat that remembers by which numbers."""

    kind: str
    fake: FakeGitHub | FakeGitLab
    client: Client
    repository: str
    sha: str
    numbers: dict[int, int] = field(default_factory=dict)

    def say(self, number: int, state: State, **more: Any) -> None:
        """Post how one of our deployments stands."""
        letter = DeploymentLetter(
            deployment=number,
            mark=f"pushboat-{number}-abc",
            environment="staging",
            sha=self.sha,
            ref="refs/heads/main",
            state=state,
            description=f"{state} ü",
            path=f"/deployments/{number}",
            number=self.numbers.get(number, 0),
            others=frozenset(known for each, known in self.numbers.items() if each != number),
            remember=lambda known: self.numbers.update({number: known}),
        )
        self.client.post(self.repository, replace(letter, **more), URL)

    @property
    def states(self) -> list[str]:
        """How the list says that they stand, oldest first."""
        return [one.state for one in self.fake.listed.get(self.repository, ())]

    def word(self, state: State) -> str:
        """Translate a state."""
        return WORDS[self.kind][state]


@pytest.fixture(params=["github", "gitlab"])
def lister(request: pytest.FixtureRequest) -> Lister:
    """Each forge that has such a list."""
    fake = request.getfixturevalue(request.param)
    name = next(iter(fake.projects))
    sha = fake.projects[name].bare.resolve("refs/heads/main")
    return Lister(request.param, fake, client_of(fake.configured()), name, sha)


def listed(github: FakeGitHub, repository: str = "acme/shop") -> Sequence[Listed]:
    """What GitHub's list has."""
    return github.listed.get(repository, [])


@pytest.mark.parametrize("state", [state for state in State if state.ended])
def test_a_deployment_is_one_line_from_its_beginning_to_its_end(lister: Lister, state: State) -> None:
    """Whoever looks at the forge's environments sees it begin, run and end, once, however often it is said."""
    seen = []
    for now in (State.QUEUED, State.RUNNING, state):
        for tried in (False, True):
            lister.say(1, now, tried=tried)
        seen.append(lister.states)
    assert seen == [[lister.word(now)] for now in (State.QUEUED, State.RUNNING, state)]


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.SUCCEEDED, State.FAILED])
@pytest.mark.parametrize("path", ["/deployments", "statuses"])
def test_an_answer_that_got_lost_makes_no_second_one(lister: Lister, state: State, path: str) -> None:
    """The forge stores it and says 502: said again it is the same one, even where we have forgotten its number."""
    lister.fake.fail(502, path=path, after=True)
    lister.fake.fail(502, path=path, after=True)
    for _ in range(3):
        try:
            lister.say(1, state, tried=True)
            break
        except ForgeUnavailable:
            continue
    lister.numbers.clear()
    lister.say(1, state, tried=True)
    assert lister.states == [lister.word(state)]
    assert all(len(one.statuses) == 1 for one in lister.fake.listed[lister.repository] if isinstance(one, Listed))


def test_the_same_commit_once_more_is_a_line_of_its_own(lister: Lister) -> None:
    """Deployed again, or still running while it is asked for again: each has its own fate."""
    lister.say(1, State.QUEUED)
    lister.say(1, State.RUNNING)
    lister.say(2, State.QUEUED, tried=True)
    lister.say(1, State.FAILED)
    lister.say(2, State.RUNNING, tried=True)
    lister.say(2, State.SUCCEEDED)
    assert lister.states == [lister.word(State.FAILED), lister.word(State.SUCCEEDED)]


def test_what_never_began_is_not_listed(lister: Lister) -> None:
    """Something newer came before the forge heard of it: there is nothing to take back."""
    lister.say(1, State.SUPERSEDED)
    lister.say(2, State.CANCELLED, tried=True)
    assert lister.states == []


def test_whoever_may_not_write_is_refused(lister: Lister) -> None:
    """The token lacks the permission: that is said once, by the doctor, and no deployment is red for it."""
    lister.fake.scopes = ["repo:status"]
    lister.fake.projects[lister.repository].permissions[lister.fake.bot] = "read"
    with pytest.raises(Forbidden, match="staging"):
        lister.say(1, State.QUEUED)


def test_people_see_what_was_deployed_where_it_is(github: FakeGitHub, gitlab: FakeGitLab) -> None:
    """The address of the environment, and our page with its story."""
    there = {"url": "https://staging.example.com/?a=1"}
    for fake in (github, gitlab):
        name = next(iter(fake.projects))
        sha = fake.projects[name].bare.resolve("refs/heads/main")
        kind = fake.configured().kind
        lister = Lister(kind, fake, client_of(fake.configured()), name, sha)
        lister.say(1, State.QUEUED)
        lister.say(1, State.SUCCEEDED, **there)
    (one,) = listed(github)
    told = one.statuses[-1]
    assert (told["environment_url"], told["log_url"]) == (there["url"], f"{URL}/deployments/1")
    assert gitlab.places["acme/web/shop"]["staging"].url == there["url"]


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_one_is_active_at_github(github: FakeGitHub, environment: str) -> None:
    """What ran before is inactive, also in production, where GitHub would leave all of them as active."""
    sha = github.projects["acme/shop"].bare.resolve("refs/heads/main")
    lister = Lister("github", github, client_of(github.configured()), "acme/shop", sha)
    lister.say(1, State.SUCCEEDED, environment=environment)
    lister.say(2, State.RUNNING, environment=environment)
    assert lister.states == ["success", "in_progress"]
    for tried in (False, True):
        lister.say(2, State.SUCCEEDED, environment=environment, former=(lister.numbers[1],), tried=tried)
    assert lister.states == ["inactive", "success"]
    assert len(listed(github)[0].statuses) == 2


def test_a_destroyed_environment_is_said_to_be_gone(lister: Lister) -> None:
    """Nothing runs there any more: the forge's list does not say that something does."""
    lister.say(1, State.QUEUED)
    lister.say(1, State.SUCCEEDED)
    for tried in (False, True):
        lister.say(2, State.CANCELLED, ends=True, former=(lister.numbers[1],), tried=tried)
    if isinstance(lister.fake, FakeGitLab):
        assert lister.fake.places[lister.repository]["staging"].state == "stopped"
    else:
        assert lister.states == ["inactive"]


def test_a_copy_of_our_mark_is_not_taken_for_ours(github: FakeGitHub) -> None:
    """Anybody who writes may make a deployment with any payload: ours is made beside it."""
    sha = github.projects["acme/shop"].bare.resolve("refs/heads/main")
    copied = {"payload": {"pushboat": "pushboat-1-abc"}, "environment": "staging"}
    github.listed["acme/shop"] = [Listed(id=7, sha=sha, environment="staging", creator="mallory", fields=copied)]
    lister = Lister("github", github, client_of(github.configured()), "acme/shop", sha)
    lister.say(1, State.QUEUED, tried=True)
    assert lister.states == ["pending", "queued"]


def _app(github: FakeGitHub) -> Client:
    return client_of(github.configured(token="", app=installed(github)))


@pytest.mark.parametrize("client", [_app, lambda github: client_of(github.configured())], ids=["app", "token"])
def test_github_deploys_exactly_our_commit(github: FakeGitHub, client: Callable[[FakeGitHub], Client]) -> None:
    """It merges nothing into it and waits for nobody's checks, ours included."""
    bare = github.projects["acme/shop"].bare
    old = bare.resolve("refs/heads/main")
    bare.commit("main", {"more": "1"}, "Second")
    Lister("github", github, client(github), "acme/shop", old).say(1, State.RUNNING)
    (one,) = listed(github)
    assert (one.sha, one.fields["auto_merge"], one.fields["required_contexts"]) == (old, False, [])


def test_an_app_without_the_permission_names_it(github: FakeGitHub) -> None:
    """The operator reads what to set where; statuses go on as before."""
    del github.app_permissions["deployments"]
    lister = Lister("github", github, _app(github), "acme/shop", github.projects["acme/shop"].bare.resolve("main"))
    with pytest.raises(Forbidden, match="Deployments to Read and write"):
        lister.say(1, State.QUEUED)


def test_a_deployment_that_somebody_deleted_is_not_asked_for(lister: Lister) -> None:
    """With its environment, in the forge's settings: what becomes of it is told nowhere, and the next one is listed."""
    lister.say(1, State.QUEUED)
    lister.fake.listed[lister.repository].clear()
    lister.say(1, State.RUNNING)
    lister.say(1, State.SUCCEEDED, tried=True)
    assert lister.states == []
    lister.say(2, State.QUEUED)
    lister.say(2, State.SUCCEEDED, former=(lister.numbers[1],))
    assert lister.states == [lister.word(State.SUCCEEDED)]
    lister.fake.fail(404, times=9)
    with pytest.raises(ForgeRefused, match="operator"):
        lister.say(2, State.FAILED)
