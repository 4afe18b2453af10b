"""A forge that is down, slow, full or strict: who must act, and when to come back. We never try again by ourselves."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.forges.answers import Answer, Missing, Unacceptable, Unseen, translate
from pushboat.forges.table import client_of
from pushboat.model.letter import ReplyLetter, StatusLetter
from pushboat.model.state import State
from pushboat.model.status import Status
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab

pytestmark = pytest.mark.programs

Fake = FakeGitHub | FakeGitLab | FakeGitea
STATUS = Status(
    context="pushboat/staging", state=State.RUNNING, description="deploying", path="/", ref="refs/heads/main"
)
URL = "https://pushboat.example.com"
PRIMARY = {"message": "API rate limit exceeded for installation ID 1."}
SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}


@pytest.fixture(params=["github", "gitlab", "gitea"])
def fake(request: pytest.FixtureRequest) -> Fake:
    """Each forge that is reached by HTTP."""
    forge = request.getfixturevalue(request.param)
    assert isinstance(forge, Fake)
    return forge


def post(fake: Fake, **configured: Any) -> None:
    """Post one status on main."""
    name = next(iter(fake.projects))
    sha = fake.projects[name].bare.resolve("refs/heads/main")
    client_of(fake.configured(**configured)).post(name, StatusLetter(sha=sha, status=STATUS), URL)


def posts(fake: Fake) -> int:
    """Count the POSTs that arrived."""
    return sum(asked.method == "POST" for asked in fake.requests)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_error_of_the_forge_is_retried_later_and_not_at_once(fake: Fake, status: int) -> None:
    """One POST, then the outbox decides when to come back."""
    fake.fail(status, method="POST")

    with pytest.raises(ForgeUnavailable, match=str(status)):
        post(fake)
    assert posts(fake) == 1

    post(fake)
    assert posts(fake) == 2


def test_a_connection_that_breaks_is_unavailable(fake: Fake) -> None:
    """Also in the middle of an answer."""
    fake.fail(0, method="POST")

    with pytest.raises(ForgeUnavailable, match="does not answer"):
        post(fake)
    assert posts(fake) == 1


def test_a_forge_that_is_gone_is_unavailable(fake: Fake) -> None:
    """Nobody listens."""
    with pytest.raises(ForgeUnavailable, match="does not answer"):
        post(fake, api_url="http://127.0.0.1:9/api/v4")


def test_a_maintenance_page_is_unavailable(fake: Fake) -> None:
    """A proxy answers for the forge, with 200 and something else."""
    fake.fail(200, body="<html>back soon</html>", times=9)
    name, client = next(iter(fake.projects)), client_of(fake.configured())

    for question in (
        lambda: post(fake),
        lambda: client.post(name, ReplyLetter(number=1, body="text", marker="marker"), URL),
        lambda: client.pull_request(name, 1),
        lambda: client.head(name, "refs/heads/main"),
        lambda: client.permission(name, "alice"),
        lambda: client.contains(name, "1" * 40, "2" * 40),
    ):
        with pytest.raises(ForgeUnavailable):
            question()


@pytest.mark.parametrize("nonsense", [{}, [], {"status": 7, "object": {"type": "commit", "sha": None}}])
def test_data_that_say_nothing_about_commits_are_no_answer(fake: Fake, nonsense: object) -> None:
    """Where a commit stands is never guessed from JSON that does not say it."""
    fake.fail(200, body=nonsense, times=9)
    name, client = next(iter(fake.projects)), client_of(fake.configured())

    with pytest.raises(ForgeUnavailable):
        client.contains(name, "1" * 40, "2" * 40)
    with pytest.raises(ForgeUnavailable):
        client.head(name, "refs/heads/main")


def test_a_limit_says_when_to_come_back_and_nobody_sleeps(fake: Fake) -> None:
    """429 with Retry-After: the worker is free at once."""
    fake.fail(429, headers={"Retry-After": "37"})
    begun = time.monotonic()

    with pytest.raises(ForgeUnavailable) as trouble:
        post(fake)

    assert trouble.value.retry_after == 37
    assert time.monotonic() - begun < 30
    assert posts(fake) == 1


def http_date(seconds: float) -> str:
    """The moment in so many seconds, as headers write it."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("86400", 3600),
        ("9" * 400, 3600),
        ("0", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
        *(
            (nonsense, 60)
            for nonsense in ("-5", "1e309", "inf", "nan", "\xb2", "soon", "", "1.5", "Fri, 99 Foo 2026 x")
        ),
    ],
)
def test_a_pause_is_an_hour_at_most_and_nonsense_is_a_minute(fake: Fake, header: str, pause: int) -> None:
    """Whatever stands in Retry-After, nobody stays away for longer than an hour, and nothing breaks."""
    fake.fail(429, headers={"Retry-After": header})

    with pytest.raises(ForgeUnavailable) as trouble:
        post(fake)

    assert trouble.value.retry_after == pytest.approx(pause, abs=30)


@pytest.mark.parametrize(("ahead", "pause"), [(600, 600), (86_400, 3600), (-600, 0)])
def test_a_pause_may_be_a_date(fake: Fake, ahead: int, pause: int) -> None:
    """Retry-After names the moment instead of the seconds; one that is past is no pause."""
    fake.fail(429, headers={"Retry-After": http_date(ahead)})

    with pytest.raises(ForgeUnavailable) as trouble:
        post(fake)

    assert trouble.value.retry_after == pytest.approx(pause, abs=30)


@pytest.mark.parametrize(("reset", "pause"), [("99999999999", 3600), ("0", 1), ("-1", 60)])
def test_a_reset_in_the_far_future_is_an_hour_at_most(github: FakeGitHub, reset: str, pause: int) -> None:
    """A forge's clock is wrong, or ours: the limit is looked at again after an hour."""
    github.fail(403, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}, body=PRIMARY)

    with pytest.raises(ForgeUnavailable) as trouble:
        post(github)

    assert trouble.value.retry_after == pytest.approx(pause, abs=1)


@pytest.mark.parametrize("reset", ["nan", "inf", "1e309", "\xb9", "soon"])
def test_a_reset_that_is_no_time_is_the_forges_trouble_and_not_ours(github: FakeGitHub, reset: str) -> None:
    """The library stumbles over it, and the status is tried again like after any other nonsense."""
    github.fail(403, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}, body=PRIMARY)

    with pytest.raises(ForgeUnavailable):
        post(github)


@pytest.mark.parametrize(
    ("headers", "body", "pause"),
    [({"Retry-After": "42"}, SECONDARY, 42), ({}, SECONDARY, 60), ({"X-RateLimit-Remaining": "0"}, PRIMARY, 600)],
    ids=["secondary", "secondary-without-header", "primary"],
)
def test_a_403_of_github_may_be_a_limit(
    github: FakeGitHub, headers: dict[str, str], body: dict[str, str], pause: int
) -> None:
    """Both limits come as 403; neither is a missing permission."""
    reset = {"X-RateLimit-Reset": str(int(time.time()) + 600)}
    github.fail(403, headers=reset | headers, body=body)

    with pytest.raises(ForgeUnavailable) as trouble:
        post(github)

    assert trouble.value.retry_after == pytest.approx(pause, abs=20)


def test_a_wrong_token_is_the_operators_business(fake: Fake) -> None:
    """And the sentence says so, without the token."""
    with pytest.raises(ForgeRefused, match="operator must give it a token") as refusal:
        post(fake, token="a-wrong-token")

    assert "a-wrong-token" not in f"{refusal.value} {refusal.value.__cause__!r}"


def test_a_missing_permission_is_the_operators_business(fake: Fake) -> None:
    """Not to be retried; `pushboat doctor` helps."""
    fake.scopes.clear()
    next(iter(fake.projects.values())).permissions[fake.bot] = "read"

    with pytest.raises(ForgeRefused, match=r"permission.*pushboat doctor"):
        post(fake)


def test_gitlab_busy_with_the_same_commit_is_asked_again_soon(gitlab: FakeGitLab) -> None:
    """409 means that another update is in progress."""
    gitlab.fail(409, body={"message": "Another update to this commit status is in progress"})

    with pytest.raises(ForgeUnavailable) as trouble:
        post(gitlab)

    assert trouble.value.retry_after == 1


def test_a_status_on_a_deleted_branch_still_finds_its_commit(gitlab: FakeGitLab) -> None:
    """GitLab wants a ref; without ours it takes one that has the commit."""
    gitlab.fail(404, method="POST", body={"message": "404 References for commit Not Found"})

    post(gitlab)

    assert posts(gitlab) == 2


def test_a_full_context_of_github_is_not_retried(github: FakeGitHub) -> None:
    """After 1000 statuses of one context GitHub accepts no more."""
    github.fail(422, body={"message": "Validation Failed", "errors": [{"message": "maximum number of statuses"}]})

    with pytest.raises(ForgeRefused, match="maximum number of statuses"):
        post(github)


SHUT = [
    (403, "Repository was archived so is read-only.", "unarchive"),
    (403, "Unable to create comment because issue is locked.", "unlock"),
    (423, "", "unarchive"),
]


@pytest.mark.parametrize(("status", "said", "helps"), SHUT)
def test_what_is_shut_to_everybody_asks_for_no_permission(fake: Fake, status: int, said: str, helps: str) -> None:
    """An archived repository, a locked conversation: who can open it is told, since no token helps."""
    fake.fail(status, method="POST", body={"message": said})

    with pytest.raises(ForgeRefused, match=helps) as refusal:
        post(fake)
    assert "permission" not in refusal.value.summary


@pytest.mark.parametrize("said", ["Repository access blocked", "User is blocked"])
def test_what_is_blocked_is_no_conversation_that_somebody_locked(said: str) -> None:
    """GitHub has blocked a repository, or somebody our account: there is nothing that could be unlocked."""
    assert "unlock" not in translate("forge", "do something", Answer(code=403, message=said)).summary


@pytest.mark.parametrize(
    ("code", "said", "also"),
    [(404, "404 Commit Not Found", Missing), (422, "No commit found for SHA: 1a2b3c4", Unacceptable)],
)
def test_a_commit_that_is_not_there_answers_questions_as_well(code: int, said: str, also: type[ForgeRefused]) -> None:
    """Whoever posts waits for it; for whoever asks about it, that is the answer it always was."""
    refusal = translate("forge", "do something", Answer(code=code, message=said))
    assert isinstance(refusal, Unseen)
    assert isinstance(refusal, also)
