"""A webhook secret in a file is read again when it changes: no restart, and no delivery lost on the way."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from pushboat.config.operator import Operator, Secret
from pushboat.config.pages import Access, Pages
from pushboat.config.rereading import FORMER, GRACE_SECONDS, NEXT, SecretsInUse, beside
from pushboat.forges.git.signing import signed
from pushboat.store.database.engine import Store
from tests.receiving.front_door import FrontDoor, github_headers, open_front_door, push_body

OLD, NEW = "the old secret, long enough", "the new secret, long enough"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file that pushboat.yaml names."""
    path = tmp_path / "webhook-secret"
    path.write_text(f"{OLD}\n")
    return path


@pytest.fixture
def door(operator: Operator, store: Store, file: Path) -> Iterator[FrontDoor]:
    """A running web process with a secret in a file, for every forge."""
    secrets = (Secret(value=OLD, file=file),)
    forges = {name: replace(forge, webhook_secrets=secrets) for name, forge in operator.forges.items()}
    hidden = replace(operator, forges=forges, pages=Pages(access=Access.HIDDEN))
    with open_front_door(hidden, store) as opened:
        yield opened


def push(door: FrontDoor, secret: str) -> int:
    """Send a push that is signed with a secret, and give the answer's code."""
    body = push_body()
    return door.post(body, github_headers(body, delivery=f"d-{time.monotonic_ns()}", secret=secret)).status_code


def look(door: FrontDoor, secret: str) -> int:
    """Ask what a plain git server's hook asks, signed with a secret."""
    headers = signed("x", b"GET /api/v1/deliveries", Secret(value=secret))
    headers["X-Pushboat-Forge"] = "git"
    return requests.get(f"{door.url}/api/v1/deliveries", headers=headers, timeout=60).status_code


def test_a_changed_file_counts_without_a_restart(door: FrontDoor, file: Path) -> None:
    """The next delivery is verified with what stands there now; so is a question about deliveries."""
    assert (push(door, OLD), push(door, NEW), look(door, OLD), look(door, NEW)) == (202, 401, 200, 403)
    file.write_text(f"{NEW}\n")
    assert (push(door, OLD), push(door, NEW), look(door, OLD), look(door, NEW)) == (401, 202, 403, 200)


class MovedMeanwhile(type(Path())):  # type: ignore[misc]
    """A place beside which somebody else moves the next secret to where it belongs, after so many looks at it."""

    looks = 0

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Look, and let the other one move."""
        try:
            return super().stat(follow_symlinks=follow_symlinks)
        finally:
            MovedMeanwhile.looks -= 1
            if MovedMeanwhile.looks == 0:
                following = Path(self).with_name(f"webhook-secret{NEXT}")
                following.replace(following.with_name("webhook-secret"))


@pytest.mark.parametrize("looks", range(1, 8))
def test_the_next_secret_counts_at_every_moment_of_its_move(file: Path, looks: int) -> None:
    """Webhooks sign with it already while it takes the other one's place: no delivery comes in between."""
    beside(file, NEXT).write_text(NEW)
    secrets = SecretsInUse((Secret(value=OLD, file=MovedMeanwhile(file)),))
    MovedMeanwhile.looks = looks
    assert [NEW in {secret.value for secret in secrets.now()} for _ in range(4)] == [True] * 4
    assert file.read_text() == NEW


def test_a_file_that_is_gone_or_empty_changes_nothing(door: FrontDoor, file: Path) -> None:
    """Somebody edits it at this moment: what was read before still counts, and nothing else does."""
    file.unlink()
    assert (push(door, OLD), push(door, "")) == (202, 401)
    file.write_text("\n")
    assert (push(door, OLD), push(door, "")) == (202, 401)
    file.write_text(NEW)
    assert (push(door, OLD), push(door, NEW)) == (401, 202)


def test_the_next_and_the_former_secret_count_beside_it(file: Path) -> None:
    """The former one for an hour: what was signed before the change may still be on its way."""
    secrets = SecretsInUse((Secret(value=OLD, file=file), Secret(value="of a variable")))

    def values() -> list[str]:
        return [one.value for one in secrets.now()]

    assert values() == [OLD, "of a variable"]
    beside(file, NEXT).write_text(NEW)
    assert values() == [OLD, NEW, "of a variable"]
    beside(file, FORMER).write_text(OLD)
    beside(file, NEXT).replace(file)
    assert values() == [NEW, OLD, "of a variable"]
    past = time.time() - GRACE_SECONDS - 1
    os.utime(beside(file, FORMER), (past, past))
    assert values() == [NEW, "of a variable"]


def test_a_next_secret_that_nobody_can_read_is_none(file: Path) -> None:
    """Half a rotation by hand must not open a door: an empty file is no secret."""
    secrets = SecretsInUse((Secret(value=OLD, file=file),))
    beside(file, NEXT).write_text("")
    assert [one.value for one in secrets.now()] == [OLD]
    beside(file, NEXT).unlink()
    beside(file, NEXT).mkdir()
    assert [one.value for one in secrets.now()] == [OLD]


def test_secrets_are_not_shown(file: Path) -> None:
    """Neither by what keeps them, nor by a log of it."""
    assert OLD not in repr(SecretsInUse((Secret(value=OLD, file=file),)).now())
