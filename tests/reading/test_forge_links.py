"""Commits, branches, proposals and people lead to the forge that has them, and nothing leads astray."""

import pytest

from pushboat.config.forge import Forge
from pushboat.reading.forge_links import ForgeLinks

SHA = "1a2b3c4d" * 5
LINKS = ForgeLinks(
    {
        "github": Forge(name="github", kind="github", url="https://github.com"),
        "lab": Forge(name="lab", kind="gitlab", url="https://lab.example.org/git"),
        "tea": Forge(name="tea", kind="gitea", url="http://tea.example.org:3000"),
        "plain": Forge(name="plain", kind="git"),
    }
)


@pytest.mark.parametrize(
    ("repository", "at", "commit", "branch", "tag", "proposal"),
    [
        ("github/acme/shop", "https://github.com/acme/shop", "commit", "tree", "tree", "pull"),
        (
            "lab/a/b/shop",
            "https://lab.example.org/git/a/b/shop",
            "-/commit",
            "-/tree",
            "-/tags",
            "-/merge_requests",
        ),
        ("tea/acme/shop", "http://tea.example.org:3000/acme/shop", "commit", "src/branch", "src/tag", "pulls"),
    ],
)
def test_each_forge_has_its_own_paths(
    repository: str, at: str, commit: str, branch: str, tag: str, proposal: str
) -> None:
    """I click on what I see, and stand before it at my forge."""
    assert LINKS.repository(repository) == at
    assert LINKS.commit(repository, SHA) == f"{at}/{commit}/{SHA}"
    assert LINKS.ref(repository, "refs/heads/feature/new #1") == f"{at}/{branch}/feature/new%20%231"
    assert LINKS.ref(repository, "refs/tags/v1.0") == f"{at}/{tag}/v1.0"
    assert LINKS.proposal(repository, 7) == LINKS.proposal(repository, -7) == f"{at}/{proposal}/7"
    root = LINKS.forges[repository.partition("/")[0]].url
    assert LINKS.person(repository, "ada-l.2") == f"{root}/ada-l.2"


@pytest.mark.parametrize(
    "name", ["", "Ada Lovelace", "../admin", "a/b", "dependabot[bot]", "javascript:x", "é", "a" * 101]
)
def test_what_is_no_account_leads_nowhere(name: str) -> None:
    """Git's author is anything: only what may be a login becomes an address."""
    assert LINKS.person("github/acme/shop", name) == ""


def test_where_there_are_no_pages_nothing_leads() -> None:
    """Plain git, a forge that the file names no more, a ref of neither branch nor tag, no proposal."""
    for repository in ("plain/team/shop", "gone/acme/shop", ""):
        assert LINKS.commit(repository, SHA) == LINKS.repository(repository) == LINKS.person(repository, "ada") == ""
    assert LINKS.ref("github/acme/shop", "refs/pull/7/head") == LINKS.ref("github/acme/shop", "") == ""
    assert LINKS.proposal("github/acme/shop", 0) == ""
