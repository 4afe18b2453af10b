"""The keys of who signs jobs' tokens are asked for where the operator said, seldom, and within bounds."""

from collections.abc import Iterator

import pytest

from pushboat.model.api_token import Role
from pushboat.model.ci import CiRule
from pushboat.model.reach import reach_of
from tests.fakes.issuer import AUDIENCE, FakeIssuer, public_rsa
from webhook.ci.admitting import Admission
from webhook.ci.issuers import ASKED_EVERY, FRESH, KEPT, Issuers, IssuerUnavailable
from webhook.ci.reading import BadCiToken


class Clock:
    """A clock that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Give a clock."""
    return Clock()


@pytest.fixture(params=["", "/api/actions"])
def issuer(request: pytest.FixtureRequest) -> Iterator[FakeIssuer]:
    """Run an issuer, at the root of its host as GitHub's or below it as Gitea's."""
    running = FakeIssuer(request.param)
    yield running
    running.close()


@pytest.fixture
def door(issuer: FakeIssuer, clock: Clock) -> Admission:
    """Open a door with one rule."""
    reach = reach_of("github/acme/shop")
    rule = CiRule(
        issuer=issuer.address, audience=AUDIENCE, claims={"repository": "acme/shop"}, reach=reach, role=Role.VIEWER
    )
    return Admission([rule], Issuers(clock))


def test_keys_are_asked_for_once(door: Admission, issuer: FakeIssuer) -> None:
    """Token after token is judged by the keys that are known."""
    for _ in range(5):
        door.admit(issuer.sign(issuer.github()))
    assert issuer.asked == 1


def test_many_unknown_keys_make_nobody_ask_more_than_once_a_minute(
    door: Admission, issuer: FakeIssuer, clock: Clock
) -> None:
    """Whoever makes up names of keys cannot use us to bother the issuer."""
    for number in range(50):
        with pytest.raises(BadCiToken, match="no key of this name"):
            door.admit(issuer.sign(issuer.github(), kid=f"made up {number % 3}"))
    assert issuer.asked == 1
    clock.now += ASKED_EVERY
    with pytest.raises(BadCiToken):
        door.admit(issuer.sign(issuer.github(), kid="made up 0"))
    assert issuer.asked == 2


def test_a_new_key_counts_within_a_minute_and_one_that_is_taken_back_no_more(
    door: Admission, issuer: FakeIssuer, clock: Clock
) -> None:
    """Issuers change their keys; what they tell anew replaces all of what they told before."""
    door.admit(issuer.sign(issuer.github()))
    issuer.keys = [public_rsa("next")]
    clock.now += ASKED_EVERY
    door.admit(issuer.sign(issuer.github(), kid="next"))
    with pytest.raises(BadCiToken, match="no key of this name"):
        door.admit(issuer.sign(issuer.github()))


def test_an_issuer_that_is_away_is_no_bad_token(door: Admission, issuer: FakeIssuer, clock: Clock) -> None:
    """Nobody can say; once it is back, it counts again."""
    issuer.away = True
    for _ in range(3):
        with pytest.raises(IssuerUnavailable, match="could not be asked for its keys"):
            door.admit(issuer.sign(issuer.github()))
    issuer.away = False
    clock.now += ASKED_EVERY
    door.admit(issuer.sign(issuer.github()))


def test_known_keys_count_for_a_day_without_their_issuer(door: Admission, issuer: FakeIssuer, clock: Clock) -> None:
    """A forge's bad hour stops no deployment; a key that was taken back cannot count for ever."""
    door.admit(issuer.sign(issuer.github()))
    issuer.away = True
    clock.now += FRESH + 1
    door.admit(issuer.sign(issuer.github()))
    clock.now += KEPT
    with pytest.raises(IssuerUnavailable):
        door.admit(issuer.sign(issuer.github()))


def test_an_issuer_leads_nowhere_else(door: Admission, issuer: FakeIssuer) -> None:
    """A redirect is not followed."""
    other = FakeIssuer()
    issuer.moved = f"{other.address}/.well-known/openid-configuration"
    with pytest.raises(IssuerUnavailable, match="it answers 302"):
        door.admit(issuer.sign(issuer.github()))
    assert other.asked == 0
    other.close()


STRANGE = {
    "keys at another host": ({"jwks_uri": "https://evil.example/keys"}, "its keys are at another host"),
    "keys in a file": ({"jwks_uri": "file:///etc/passwd"}, "its keys are at another host"),
    "no address of keys": ({"jwks_uri": None}, "its keys are at another host"),
    "an address that is none": ({"jwks_uri": "http://[::1"}, "no answer that can be used"),
    "another name": ({"issuer": "https://evil.example"}, "it calls itself by another name"),
    "too much": ({"more": "x" * 300_000}, "it says too much"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_an_issuer_says_is_held_against_its_name(door: Admission, issuer: FakeIssuer, name: str) -> None:
    """Its keys are its own host's, and it is who the operator named."""
    issuer.about, why = STRANGE[name]
    with pytest.raises(IssuerUnavailable, match=why):
        door.admit(issuer.sign(issuer.github()))
    assert issuer.asked == 0


def test_an_issuer_with_very_many_keys_is_not_believed(door: Admission, issuer: FakeIssuer) -> None:
    """No issuer has so many."""
    issuer.keys = [{**public_rsa("one"), "kid": str(number)} for number in range(51)]
    with pytest.raises(IssuerUnavailable, match="lists no keys, or too many"):
        door.admit(issuer.sign(issuer.github()))


def test_an_issuer_that_dawdles_is_given_up(door: Admission, issuer: FakeIssuer) -> None:
    """A byte now and then holds nobody; what breaks off is no answer either."""
    issuer.trickle("/keys")
    with pytest.raises(IssuerUnavailable, match="no answer that can be used"):
        door.admit(issuer.sign(issuer.github()))


@pytest.mark.parametrize("body", ["[" * 100_000, "[]", "{", "\u00ff", ""])
def test_what_an_issuer_says_may_be_anything(door: Admission, issuer: FakeIssuer, body: str) -> None:
    """Nothing of it is our failure."""
    issuer.text = body
    with pytest.raises(IssuerUnavailable):
        door.admit(issuer.sign(issuer.github()))
