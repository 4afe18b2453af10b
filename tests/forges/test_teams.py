"""Who is in a team, and who opened a pull request: asked of each forge as it stands at that moment."""

from pathlib import Path

import pytest

from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.forges.table import client_of
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab

FORGES = {"github": FakeGitHub, "gitlab": FakeGitLab, "gitea": FakeGitea}
SHOP = "acme/shop"


@pytest.mark.parametrize("kind", FORGES)
def test_a_team_has_its_members_of_this_moment(kind: str, tmp_path: Path) -> None:
    """Bob is in ops until he leaves it; nobody is in a team that is not there; a silent forge is no answer."""
    with FORGES[kind](tmp_path) as forge:
        forge.create_repository(SHOP, {"a": "b"})
        forge.user_id("bob")
        forge.teams = {"acme/ops": {"bob"}, "acme/ops-of-old": {"carol"}}
        client = client_of(forge.configured())
        assert client.is_member(SHOP, "@acme/ops", "bob")
        assert not client.is_member(SHOP, "@acme/ops", "carol")
        assert not client.is_member(SHOP, "@acme/op", "bob")
        assert not client.is_member(SHOP, "@acme/ops-of-old", "bob")
        forge.teams["acme/ops"].clear()
        assert not client.is_member(SHOP, "@acme/ops", "bob")
        forge.down = True
        with pytest.raises((ForgeUnavailable, ForgeRefused)):
            client.is_member(SHOP, "@acme/ops", "bob")


@pytest.mark.parametrize("kind", FORGES)
def test_a_pull_request_has_its_opener(kind: str, tmp_path: Path) -> None:
    """As the forge says it, whoever pushed to it since."""
    with FORGES[kind](tmp_path) as forge:
        forge.create_repository(SHOP, {"a": "b"})
        forge.push(SHOP, "topic", {"a": "c"}, author="bob")
        number = forge.open_pull_request(SHOP, "topic", author="carol").number
        assert client_of(forge.configured()).pull_request(SHOP, number).opener == "carol"


def test_an_invitation_is_no_membership(tmp_path: Path) -> None:
    """GitHub lists whoever was invited as pending."""
    with FakeGitHub(tmp_path) as forge:
        forge.create_repository(SHOP, {"a": "b"})
        forge.teams = {"acme/ops": {"bob"}}
        forge.invited = {"bob"}
        assert not client_of(forge.configured()).is_member(SHOP, "@acme/ops", "bob")
