"""What a forge says of a commit's signature: its own counts, that of any account does not."""

import pytest

from pushboat.forges.answers import Missing
from pushboat.forges.table import client_of
from pushboat.model.forge_verdict import ForgeVerdict
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fakes.nouns import Verdict

AnyForge = FakeGitHub | FakeGitLab | FakeGitea


@pytest.fixture(params=["github", "gitlab", "gitea"])
def forge(request: pytest.FixtureRequest) -> AnyForge:
    """Each forge that judges signatures."""
    made: AnyForge = request.getfixturevalue(request.param)
    return made


@pytest.mark.parametrize(
    ("said", "good", "own"),
    [
        (None, False, False),
        (Verdict(good=True), True, True),
        (Verdict(good=True, by="alice"), True, False),
        (Verdict(good=False, by="alice"), False, False),
        (Verdict(good=False), False, None),
    ],
)
def test_the_forges_own_signature_is_told_from_a_persons(
    forge: AnyForge, said: Verdict | None, good: bool, own: bool | None
) -> None:
    """Whoever opens an account and signs is verified there; only what the forge itself made is its own."""
    name = next(iter(forge.projects))
    sha = forge.projects[name].bare.resolve("refs/heads/main")
    if said:
        forge.verdicts[sha] = said
    found = client_of(forge.configured()).signature(name, sha)
    assert found.good is good
    assert own is None or (found.good and found.own) is own


def test_an_account_of_the_instances_name_leaves_nothing_that_is_its_own(gitea: FakeGitea) -> None:
    """Gitea says a name, not whose key it was: where somebody has that name too, it could be theirs."""
    name = next(iter(gitea.projects))
    sha = gitea.projects[name].bare.resolve("refs/heads/main")
    gitea.verdicts[sha] = Verdict(good=True)
    gitea.users["Gitea signs"] = 99
    assert not client_of(gitea.configured()).signature(name, sha).own


def test_a_commit_without_a_signature_is_no_trouble_at_gitlab(gitlab: FakeGitLab) -> None:
    """GitLab answers 404 for it."""
    name = next(iter(gitlab.projects))
    sha = gitlab.projects[name].bare.resolve("refs/heads/main")
    assert client_of(gitlab.configured()).signature(name, sha) == ForgeVerdict(good=False, why="unsigned")


def test_a_repository_that_is_not_there_is(github: FakeGitHub) -> None:
    """That is the operator's to mend, and no verdict."""
    with pytest.raises(Missing):
        client_of(github.configured()).signature("acme/nothing", "a" * 40)
