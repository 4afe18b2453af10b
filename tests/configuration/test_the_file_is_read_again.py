"""A running process reads the operator's file again: whole or not at all, and it says why not."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pushboat.config.following import Following, Patience
from pushboat.config.operator import Operator
from pushboat.errors import ConfigurationError
from pushboat.model.times import exact

FILE = """\
listen: {listen}
forges:
  github: {{kind: github, webhook_secrets: [{{file: hook}}], token: {{file: token}}}}
clusters:
  dev: {{kubeconfig: ./kubeconfig}}
projects:
  - repository: github/acme/shop
    environments:
      staging: {{cluster: dev, namespaces: [{namespace}]}}
"""
AT_ONCE = Patience(calm=0.0)


def written(namespace: str = "shop", listen: str = "127.0.0.1:8700") -> str:
    """Write a whole file."""
    return FILE.format(namespace=namespace, listen=listen)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An operator's file with its secrets beside it."""
    (tmp_path / "hook").write_text("0123456789abcdef-hook")
    (tmp_path / "token").write_text("0123456789abcdef-token")
    place = tmp_path / "pushboat.yaml"
    place.write_text(written())
    return place


def followed(file: Path, patience: Patience = AT_ONCE) -> Following:
    """Follow it as a process does, but for the thread: each look is the test's."""
    return Following(file, {}, patience)


def space(operator: Operator) -> str:
    """Name the namespace that the file allows."""
    return operator.projects["github/acme/shop"].environments["staging"].namespaces[0]


def test_another_file_counts_as_a_whole(file: Path) -> None:
    """What is written there counts from the next look on, and the one before stays what it was for who has it."""
    following = followed(file)
    before = following.now()
    file.write_text(written("shop-two"))
    following.look()
    assert space(following.now()) == "shop-two"
    assert space(before) == "shop"
    assert following.standing().digest == following.now().digest != before.digest
    assert following.standing().trouble == ""


def test_a_file_with_one_mistake_changes_nothing_and_says_it(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not even what is right in it counts; it is said where, once, until it is mended."""
    following = followed(file)
    before = following.now()
    file.write_text(written("shop-two") + "surprise: 1\nprojekts: []\n")
    with caplog.at_level(logging.WARNING):
        following.look()
        following.look()
    assert following.now() is before
    told = following.standing().sentence
    since = exact(following.standing().since)
    assert told.startswith(f"running on the configuration of {since}; the file has 2 mistakes: {file}:10:1: ")
    assert [record.getMessage() for record in caplog.records] == [told]
    file.write_text(written("shop-three"))
    following.look()
    assert (space(following.now()), following.standing().sentence) == ("shop-three", "")


def test_going_back_to_what_counts_ends_the_complaint(file: Path) -> None:
    """The very file from before has no mistake any more, and nothing has to be taken."""
    following = followed(file)
    before = following.now()
    file.write_text("projects: [")
    following.look()
    assert following.standing().trouble
    file.write_text(written())
    following.look()
    assert following.now() is before
    assert following.standing().trouble == ""


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ("", "listen"),
        ("workers: 9\n", "listen and workers"),
        ("state: ./elsewhere\nstore: postgresql://db/pushboat\n", "listen, state and store"),
        ("dashboard: {listen: '127.0.0.1:8799'}\nbroker: 'redis://there'\n", "listen, dashboard and broker"),
    ],
)
def test_what_needs_a_restart_is_named_and_nothing_counts_by_halves(file: Path, more: str, named: str) -> None:
    """A namespace that came with another address waits for the restart too: each file counts whole."""
    following = followed(file)
    before = following.now()
    file.write_text(more + written("shop-two", listen="127.0.0.1:9999"))
    following.look()
    assert following.now() is before
    assert f"needs a restart: {named}; until then nothing of the file counts" in following.standing().sentence


def test_moving_to_loopback_shows_no_pages_to_others(file: Path) -> None:
    """Pages are open on loopback by default: half of that file would open them where everybody can ask."""
    file.write_text(written(listen="0.0.0.0:8700"))
    following = followed(file)
    hidden = following.now().pages
    file.write_text(written())
    following.look()
    assert following.now().pages == hidden


def test_a_secret_is_rotated_though_the_text_stays(file: Path) -> None:
    """The file of a token, or of a webhook's secret, is another one: its new value counts, and no log says it."""
    following = followed(file)
    for name, value in (("token", "fedcba9876543210-token"), ("hook", "fedcba9876543210-hook")):
        fresh = file.with_name(f"{name}.fresh")
        fresh.write_text(value)
        fresh.rename(file.with_name(name))
        following.look()
    github = following.now().forges["github"]
    assert [each.value for each in github.webhook_secrets] == ["fedcba9876543210-hook"]
    assert "fedcba9876543210-token" in (github.token, getattr(github.token, "value", ""))
    assert "fedcba" not in repr(following.now()) + following.standing().sentence


def test_a_secret_that_goes_changes_nothing_until_it_is_back(file: Path) -> None:
    """Between the end of one file and the beginning of the next, the value that was read counts."""
    following = followed(file)
    token = file.with_name("token")
    before = following.now()
    token.unlink()
    following.look()
    assert following.now() is before
    assert "needs the file" in following.standing().sentence
    token.write_text("fedcba9876543210-token")
    following.look()
    assert following.now() is not before
    assert following.standing().trouble == ""


def test_a_mounted_configmap_is_swapped(file: Path, tmp_path: Path) -> None:
    """Kubernetes keeps the link's name and swaps the folder behind it, with times that are older than ours."""
    mount = tmp_path / "mount"
    for number, namespace in enumerate(("shop", "shop-two")):
        folder = mount / f"..{number}"
        folder.mkdir(parents=True)
        for name in ("hook", "token"):
            (folder / name).write_text(file.with_name(name).read_text())
        (folder / "pushboat.yaml").write_text(written(namespace))
        os.utime(folder / "pushboat.yaml", (1_000_000_000, 1_000_000_000))
    (mount / "..data").symlink_to("..0")
    for name in ("pushboat.yaml", "hook", "token"):
        (mount / name).symlink_to(f"..data/{name}")
    following = followed(mount / "pushboat.yaml")
    (mount / "..tmp").symlink_to("..1")
    (mount / "..tmp").rename(mount / "..data")
    following.look()
    assert space(following.now()) == "shop-two"


def test_what_was_written_a_moment_ago_is_left_alone(file: Path) -> None:
    """The first half of a file may be a whole one of its own, without the projects that come after."""
    following = followed(file, Patience(calm=3600.0))
    file.write_text(written("shop-two"))
    following.look()
    assert space(following.now()) == "shop"
    assert following.standing().trouble == ""


def test_a_file_of_the_future_is_not_waited_for_for_ever(file: Path) -> None:
    """A clock that was wrong, or another machine's, has it from next year."""
    following = followed(file)
    file.write_text(written("shop-two"))
    os.utime(file, (4_000_000_000, 4_000_000_000))
    following.look()
    assert space(following.now()) == "shop-two"


def test_who_asks_is_answered_also_where_many_ask(file: Path) -> None:
    """SIGHUP makes a file count that would have been left alone; a storm of them is one look, and puts it not off."""
    following = followed(file, Patience(calm=3600.0))
    file.write_text(written("shop-two"))
    for _ in range(1000):
        following.hurry()
    following.look()
    assert space(following.now()) == "shop-two"


def test_a_file_that_is_gone_is_said(file: Path) -> None:
    """Nothing is taken away by a mount that is away."""
    following = followed(file)
    before = following.now()
    file.unlink()
    following.look()
    assert following.now() is before
    assert "does not exist" in following.standing().sentence


@pytest.mark.parametrize("spoil", [lambda file: file.unlink(), lambda file: file.write_text("a: [")])
def test_the_first_reading_is_a_start_and_refuses(file: Path, spoil: Callable[[Path], object]) -> None:
    """There is nothing to go on with yet."""
    spoil(file)
    with pytest.raises(ConfigurationError):
        followed(file)
