"""What every forge promises, whatever its API looks like. A new forge joins by one more parameter of `bench`."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from pushboat.config.kinds import KINDS
from pushboat.errors import ForgeRefused
from pushboat.forges.table import client_of
from pushboat.model.letter import StatusLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from tests.forges.conftest import Bench

WORDS = {
    "github": ["pending", "pending", "success"],
    "gitlab": ["pending", "running", "success"],
    "gitea": ["pending", "pending", "success"],
    "git": ["queued", "running", "success"],
}
NOBODY = "1" * 40
URL = "https://pushboat.example.com"


def status(state: State, description: str = "12 objects", context: str = "pushboat/staging") -> Status:
    """A status on main."""
    return Status(context=context, state=state, description=description, path="/deployments/1", ref="refs/heads/main")


def letter(sha: str, shown: Status) -> StatusLetter:
    """A letter that brings a status to a commit."""
    return StatusLetter(sha=sha, status=shown)


@pytest.mark.proves("commit-status", "pain-19")
def test_states_arrive_in_order_and_in_the_words_of_the_forge(bench: Bench) -> None:
    """From queued to succeeded, people see each step beside the commit."""
    sha = bench.bare.resolve("refs/heads/main")

    for state in (State.QUEUED, State.RUNNING, State.SUCCEEDED):
        bench.client.post(bench.repository, letter(sha, status(state)), URL)

    assert bench.states(sha) == WORDS[bench.configured.kind]


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_accepted_twice(bench: Bench, state: State) -> None:
    """After a crash the same status is posted again, and nobody sees an error."""
    sha = bench.bare.resolve("refs/heads/main")

    for _ in range(2):
        bench.client.post(bench.repository, letter(sha, status(state)), URL)

    assert bench.states(sha)


def test_a_long_description_is_cut_with_a_mark(bench: Bench) -> None:
    """However long the sentence, in whatever script, the forge accepts what is left of it."""
    sha = bench.bare.resolve("refs/heads/main")

    bench.client.post(bench.repository, letter(sha, status(State.FAILED, "ü🚢" * 200)), URL)

    assert len(bench.states(sha)) == 1


def test_a_status_on_an_unknown_commit_is_refused_with_a_sentence(bench: Bench) -> None:
    """A commit that is gone is no reason to try for ever."""
    with pytest.raises(ForgeRefused, match="1111111"):
        bench.client.post(bench.repository, letter(NOBODY, status(State.RUNNING)), URL)


def test_heads_are_read_through_annotated_tags(bench: Bench) -> None:
    """A branch, a branch with a slash, a tag, and a ref that is gone."""
    sha = bench.bare.resolve("refs/heads/main")
    feature = bench.bare.commit("feature/a-b#c", {"x": "1"}, "Feature")
    bench.bare.git("tag", "--annotate", "--message", "one", "v1.0", sha)

    assert bench.client.head(bench.repository, "refs/heads/main") == sha
    assert bench.client.head(bench.repository, "refs/heads/feature/a-b#c") == feature
    assert bench.client.head(bench.repository, "refs/tags/v1.0") == sha
    assert bench.client.head(bench.repository, "refs/heads/gone") == ""


def test_history_is_known(bench: Bench) -> None:
    """A commit contains itself and what came before; after a force-push the new one does not contain the old one."""
    first = bench.bare.resolve("refs/heads/main")
    second = bench.bare.commit("main", {"a": "1"}, "Second")
    sibling = bench.bare.commit("other", {"b": "1"}, "Sibling", first)
    stranger = bench.bare.git(
        "commit-tree", "-m", "Of another history", bench.bare.git("rev-parse", f"{first}^{{tree}}")
    )
    bench.bare.git("update-ref", "refs/heads/stranger", stranger)

    def contains(ancestor: str, descendant: str) -> bool:
        return bench.client.contains(bench.repository, ancestor, descendant)

    assert contains(first, second)
    assert contains(second, second)
    assert not contains(second, first)
    assert not contains(sibling, second)
    assert not contains(stranger, second)
    assert not contains(first, stranger)
    assert not contains(NOBODY, second)


def test_a_repository_that_is_not_there_is_refused(bench: Bench) -> None:
    """A wrong name is never mistaken for a missing branch."""
    for question in (
        lambda: bench.client.head("acme/nothing", "refs/heads/main"),
        lambda: bench.client.contains("acme/nothing", NOBODY, "2" * 40),
        lambda: bench.client.permission("acme/nothing", "alice"),
    ):
        with pytest.raises(ForgeRefused):
            question()


def test_git_fetches_with_what_the_client_says(bench: Bench) -> None:
    """URL and header are all that git needs, and the token is not in the URL."""
    remote = bench.client.remote(bench.repository)
    settings = [f"http.extraHeader={name}: {value}" for name, value in remote.headers.items()]
    words = [word for setting in settings for word in ("-c", setting)]

    listed = subprocess.run(["git", *words, "ls-remote", remote.url, "refs/heads/main"], capture_output=True, text=True)

    assert listed.stdout.split()[:1] == [bench.bare.resolve("refs/heads/main")], listed.stderr
    assert "token" not in remote.url + repr(remote)


def test_eight_threads_share_a_client(bench: Bench) -> None:
    """Eight reporters post at once, and each status ends up on its own commit."""
    shas = [bench.bare.commit("main", {"n": str(number)}, f"Commit {number}") for number in range(24)]

    def post(sha: str) -> None:
        bench.client.post(bench.repository, letter(sha, status(State.RUNNING, sha)), URL)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(post, shas))

    assert [len(bench.states(sha)) for sha in shas] == [1] * len(shas)


def test_a_client_keeps_its_secrets_to_itself(bench: Bench) -> None:
    """What is printed of a forge, a remote or an error names no secret."""
    told = [repr(bench.configured), repr(bench.client.remote(bench.repository))]
    with pytest.raises(ForgeRefused) as refusal:
        bench.client.post("acme/nothing", letter(NOBODY, status(State.RUNNING)), URL)
    told += [str(refusal.value), refusal.value.details]

    assert not any(secret in text for text in told for secret in ("fake-token", "webhook secret"))


@pytest.mark.programs
def test_the_front_door_needs_no_sdk() -> None:
    """Reading deliveries loads neither PyGithub nor python-gitlab nor requests."""
    code = (
        "import sys; from pushboat.config.kinds import KINDS; from pushboat.forges.table import deliveries_of; "
        "read = sorted(kind for kind in KINDS if deliveries_of(kind).read); "
        "print(sorted({'github', 'gitlab', 'requests', 'subprocess'} & set(sys.modules)), read)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == f"[] {sorted(KINDS)}"


def test_making_a_client_sends_nothing(bench: Bench) -> None:
    """A forge that is down does not stop us from starting."""
    client_of(bench.configured)
