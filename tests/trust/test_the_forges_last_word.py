"""What somebody may is the forge's word of five minutes; of one that is away the last one, for half an hour."""

from pathlib import Path

import pytest

from dashboard.login.permissions import FRESH, LAST_WORD, RETRY, Permissions
from pushboat.errors import ForgeUnavailable
from pushboat.forges.table import client_of
from pushboat.model.person import Person
from pushboat.model.reach import NOTHING
from tests.dashboard.signing_in import SHOP, Room
from tests.fakes.accounts import Accounts

ADA = Person(realm="github", subject="7", name="ada", at_forge=True)


class Clock:
    """Says the time that the test wants."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Say it."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock that stands."""
    return Clock()


@pytest.fixture
def permissions(room: Room, clock: Clock) -> Permissions:
    """What people may, by that clock."""
    login = room.operator.login
    assert login is not None
    forge = client_of(room.operator.forges["github"])
    return Permissions(room.operator, login, lambda: forge, clock)


def asked(accounts: Accounts) -> int:
    """Count the questions for ada's permission."""
    return sum("/collaborators/ada/" in str(each) for each in accounts.door.requests)


def test_a_word_counts_for_five_minutes_and_is_asked_again_then(
    permissions: Permissions, accounts: Accounts, clock: Clock
) -> None:
    """Nobody is asked more than once in that time; who lost the permission loses what it shows at its end."""
    assert dict(permissions.of(ADA).levels) == {SHOP: "write"}
    once = asked(accounts)
    accounts.permissions["acme/shop", "ada"] = "none"
    clock.now += FRESH - 1
    assert permissions.of(ADA).levels
    assert asked(accounts) == once
    clock.now += 2
    assert permissions.of(ADA).reach == NOTHING
    assert asked(accounts) == 2 * once


def test_the_last_word_of_a_forge_that_is_away_ends_after_half_an_hour(
    permissions: Permissions, accounts: Accounts, clock: Clock
) -> None:
    """Then nothing is shown, and it is said who does not answer; who asks for something is refused all the while."""
    assert permissions.of(ADA).levels
    accounts.door.close()
    clock.now += FRESH + 1
    rights = permissions.of(ADA)
    assert (dict(rights.levels), rights.silent) == ({SHOP: "write"}, "GitHub")
    with pytest.raises(ForgeUnavailable):
        permissions.may(ADA, SHOP, ("write",))
    clock.now += LAST_WORD - 2
    assert permissions.of(ADA).levels
    clock.now += 2
    rights = permissions.of(ADA)
    assert (rights.reach, rights.silent) == (NOTHING, "GitHub")


def test_a_forge_that_is_away_is_asked_again_after_a_moment(
    permissions: Permissions, accounts: Accounts, clock: Clock, tmp_path: Path
) -> None:
    """Not at each look; and when it answers, its new word counts at once."""
    assert permissions.of(ADA).levels
    once = asked(accounts)
    held, accounts.permissions = accounts.permissions, {}
    accounts.ill = True
    clock.now += FRESH + 1
    for _ in range(3):
        assert permissions.of(ADA).silent == "GitHub"
    again = asked(accounts)
    assert again > once
    accounts.ill, accounts.permissions = False, {**held, ("acme/shop", "ada"): "read"}
    assert dict(permissions.of(ADA).levels) == {SHOP: "write"}
    assert asked(accounts) == again
    clock.now += RETRY + 1
    rights = permissions.of(ADA)
    assert (dict(rights.levels), rights.silent) == ({SHOP: "read"}, "")


def test_a_name_of_another_forge_is_asked_about_nowhere(
    permissions: Permissions, accounts: Accounts, clock: Clock
) -> None:
    """GitHub's ada is nobody in a repository of another forge, whatever that forge's ada may."""
    assert not permissions.may(ADA, "gitlab/acme/shop", ("read", "write", "admin"))
    assert not permissions.may(ADA, "github/acme/unknown", ("read",))
    assert asked(accounts) == 0
