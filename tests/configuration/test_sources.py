"""`sources`: what the operator allows renders to fetch, and the lock file that pins it."""

import random
from pathlib import Path

import pytest

from pushboat.config import locked, operator
from pushboat.config.sources import Source, allowing, canonical
from pushboat.errors import InvalidRepositoryFile
from pushboat.model.outside import BASE, CHART, FILE, Locked, Outside
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, mistakes_of

REST = f"{FORGES}{CLUSTERS}projects: []\n"


def read(line: str, tmp_path: Path) -> tuple[Source, ...]:
    """Read a list of sources."""
    return operator.parse(f"sources: {line}\n{REST}", tmp_path / "pushboat.yaml", ENVIRON).sources


def test_addresses_repositories_and_logins_are_listed(tmp_path: Path) -> None:
    """A star, a `.git` and capital letters of a host make no difference; a login stands beside its address."""
    assert read(
        '["oci://Charts.Example.com/*", https://github.com/acme/base.git/, github/acme/base, '
        "{url: https://charts.example.com/stable, username: robot, password: {env: TOKEN}}]",
        tmp_path,
    ) == (
        Source(address="oci://charts.example.com"),
        Source(address="https://github.com/acme/base"),
        Source(address="github/acme/base"),
        Source(address="https://charts.example.com/stable", username="robot", password="t"),
    )


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("http://charts.example.com", "is plain http, where anybody on the way decides what is deployed: use https"),
        ("oci://*.example.com/x", "may have a * only as its last part, such as oci://charts.example.com/*"),
        ("https://u:p@charts.example.com", "must not have credentials in it: write {url: …, username: …, password: "),
        ("https://charts.example.com/../x", "has a path that is none: plain segments between single slashes, no '"),
        ("https://charts.example.com/a//b", "has a path that is none: plain segments between single slashes, no '"),
        ("ftp://charts.example.com", "must begin with oci:// or https://"),
        ("acme/base", "lists addresses such as oci://charts.example.com/*, https://charts.example.com/stable or, for"),
    ],
)
def test_what_allows_too_much_or_nothing_is_a_mistake(written: str, message: str, tmp_path: Path) -> None:
    """At its line and column, with the way to write it."""
    (found,) = mistakes_of(f"sources:\n  - {written}\n{REST}", tmp_path)
    assert (found.line, found.column) == (2, 5)
    assert found.message.startswith(f"'sources' {message}")


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("oci://h/team", True),
        ("oci://h/team/podinfo", True),
        ("oci://h/teammates", False),
        ("oci://h", False),
        ("https://h/team", False),
        ("oci://h.example/team", False),
    ],
)
def test_an_entry_allows_itself_and_what_is_below(address: str, allowed: bool) -> None:
    """By whole segments."""
    assert bool(allowing(address, [Source(address="oci://h/team")])) is allowed


def test_the_nearest_login_counts() -> None:
    """Of two entries that allow an address, the longer one's login is sent."""
    near = Source(address="oci://h/team", username="near", password="x")
    assert allowing("oci://h/team/podinfo", [Source(address="oci://h"), near]) == near


ENTRIES = (
    Locked(
        outside=Outside(kind=CHART, address="oci://ghcr.io/team", name="podinfo", asked=">= 6.7, < 7"),
        version="6.7.1",
        digest=f"sha256:{'a' * 64}",
    ),
    Locked(
        outside=Outside(kind=CHART, address="https://charts.example.com", name="redis"),
        version="18.1.0+up.2",
        at="https://files.example.com/redis-18.1.0.tgz?token=x",
        digest=f"sha256:{'b' * 64}",
    ),
    Locked(outside=Outside(kind=BASE, address="https://github.com/acme/base", asked="v1.2"), digest="c" * 40),
    Locked(outside=Outside(kind=FILE, address="https://example.com/crds.yaml"), digest=f"sha256:{'d' * 64}"),
)


def test_a_lock_file_says_again_what_was_written() -> None:
    """In an order of its own, so that two people who lock the same write the same file."""
    text = locked.written(ENTRIES)
    assert text == locked.written(reversed(ENTRIES))
    assert locked.parse(text) == {each.outside: each for each in ENTRIES}
    assert locked.parse(locked.written(())) == {}


def test_no_range_breaks_the_file() -> None:
    """Whatever somebody writes as a range comes back as it was; it never becomes another entry."""
    chance = random.Random(11)
    for _ in range(300):
        asked = "".join(
            chance.choices("""'"#:-{}[]&*!|>%@`\\,. \t\n\r\x00\x85\u2028\ufeffé😀aN1~""", k=chance.randint(1, 20))
        )
        entry = Locked(outside=Outside(kind=BASE, address="https://github.com/acme/base", asked=asked), digest="c" * 40)
        assert locked.parse(locked.written([entry])) == {entry.outside: entry}, repr(asked)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{kind: base, address: https://h/x, digest: v1.2}", "needs a commit's full sha as its digest"),
        ("{kind: file, address: https://h/x, digest: abc}", "needs sha256: and 64 hexadecimal digits as its digest"),
        (f"{{kind: file, address: oci://h/x, digest: 'sha256:{'a' * 64}'}}", "is a file, which comes from an https://"),
        (f"{{kind: chart, address: oci://h/x, name: ../x, version: 1.0.0, digest: 'sha256:{'a' * 64}'}}", "needs the"),
        (f"{{kind: chart, address: https://h, name: x, version: 1.0.0, digest: 'sha256:{'a' * 64}'}}", "says `at`"),
        ("{kind: base, address: file:///etc, digest: x}", "must begin with oci:// or https://"),
        ("{kind: base, address: https://h/x, digest: x, run: sh}", "unknown key 'run'"),
    ],
)
def test_a_lock_file_that_pins_nothing_is_a_mistake(entry: str, message: str) -> None:
    """Named with its line, before anything is fetched."""
    with pytest.raises(InvalidRepositoryFile) as refused:
        locked.parse(f"sources:\n  - {entry}\n")
    assert message in str(refused.value)
    assert ".pushboat.lock:2:" in str(refused.value)


def test_two_entries_for_one_source_are_a_mistake() -> None:
    """Nobody could tell which of them counts."""
    line = f"  - {{kind: base, address: https://h/x, digest: {'a' * 40}}}\n"
    with pytest.raises(InvalidRepositoryFile, match="is locked twice"):
        locked.parse(f"sources:\n{line}{line}")


@pytest.mark.parametrize("address", ["https://h.example.git", "https://h.example.git/", "https://h.example.git/a"])
def test_a_host_is_never_another_one(address: str) -> None:
    """`.git` at the end of a repository's path is a habit; at the end of a host it is another host."""
    assert allowing(canonical(address), [Source(address="https://h.example")]) is None


@pytest.mark.parametrize("address", ["https://h:0/a", "https://h:65536/a", "oci://[::1]:99999/a", "https://[::g]/a"])
def test_an_address_that_nobody_can_ask_is_none(address: str) -> None:
    """It is told where it is written, and not by whoever tries."""
    with pytest.raises(ValueError, match="has no host: write it as https://host/…"):
        canonical(address)


def test_git_addresses_are_one() -> None:
    """With and without `.git`, a slash or capital letters in the host."""
    assert canonical("https://h.example/.git") == "https://h.example/.git"
    assert {canonical(each) for each in ("https://H.example/a/b.git", "https://h.example/a/b/")} == {
        "https://h.example/a/b"
    }
