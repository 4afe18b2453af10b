"""What each kind of forge brings along: addresses that follow from each other, names as the forge compares them."""

from pathlib import Path

import pytest

from pushboat.config import operator
from pushboat.config.kinds import KINDS
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON

HOOKS = "webhook_secrets: [{env: HOOK}]"


def read(forge: str, tmp_path: Path) -> tuple[str, str, str]:
    """The addresses of one forge as they are understood."""
    text = f"forges:\n  x: {{{forge}, {HOOKS}}}" + CLUSTERS + "projects: []"
    found = operator.parse(text, tmp_path / "pushboat.yaml", ENVIRON).forges["x"]
    return found.url, found.api_url, found.clone_url


@pytest.mark.parametrize(
    ("written", "addresses"),
    [
        (
            "kind: github, token: {env: TOKEN}",
            ("https://github.com", "https://api.github.com", "https://github.com/{repository}.git"),
        ),
        (
            "kind: github, token: {env: TOKEN}, url: 'https://ghe.example'",
            ("https://ghe.example", "https://ghe.example/api/v3", "https://ghe.example/{repository}.git"),
        ),
        (
            "kind: gitlab, token: {env: TOKEN}",
            ("https://gitlab.com", "https://gitlab.com/api/v4", "https://gitlab.com/{repository}.git"),
        ),
        (
            "kind: gitlab, token: {env: TOKEN}, url: 'https://git.example', clone_url: 'ssh://git@h/{repository}'",
            ("https://git.example", "https://git.example/api/v4", "ssh://git@h/{repository}"),
        ),
        (
            "kind: gitea, token: {env: TOKEN}, url: 'https://git.example'",
            ("https://git.example", "https://git.example/api/v1", "https://git.example/{repository}.git"),
        ),
        ("kind: git, root: /srv", ("", "", "")),
    ],
)
def test_addresses_follow_from_the_forges_own(written: str, addresses: tuple[str, str, str], tmp_path: Path) -> None:
    """I write where my forge is, and Pushboat knows its API and where git fetches from."""
    assert read(written, tmp_path) == addresses


@pytest.mark.parametrize(
    ("kind", "fitting", "unfitting"),
    [
        ("github", ("acme/shop",), ("shop", "acme/web/shop")),
        ("gitlab", ("acme/shop", "acme/web/front/shop"), ("shop",)),
        ("gitea", ("acme/shop",), ("shop", "acme/web/shop")),
        ("git", ("shop", "team/shop", "a/b/c"), ()),
    ],
)
def test_a_repositorys_path_has_the_shape_of_its_forge(
    kind: str, fitting: tuple[str, ...], unfitting: tuple[str, ...]
) -> None:
    """GitHub has owners, GitLab groups below groups, and a folder may lie anywhere."""
    assert all(KINDS[kind].fits(path) for path in fitting)
    assert not any(KINDS[kind].fits(path) for path in unfitting)


def test_names_are_compared_as_the_forge_compares_them() -> None:
    """Acme/Shop is acme/shop on every forge; below a folder of this machine the two are different."""
    same = {kind: KINDS[kind].comparable("Acme/Shop") == KINDS[kind].comparable("acme/shop") for kind in KINDS}
    assert same == {"github": True, "gitlab": True, "gitea": True, "git": False}


def test_folders_that_differ_in_case_are_two_projects(tmp_path: Path) -> None:
    """A plain git server may have shop.git and Shop.git, and both may deploy."""
    environments = "environments: {staging: {cluster: dev, namespaces: [shop]}}"
    projects = "projects:" + "".join(f"\n- {{repository: {name}, {environments}}}" for name in ("x/shop", "x/Shop"))
    text = f"forges:\n  x: {{kind: git, root: /srv, {HOOKS}}}" + CLUSTERS + projects
    assert set(operator.parse(text, tmp_path / "pushboat.yaml", ENVIRON).projects) == {"x/shop", "x/Shop"}
