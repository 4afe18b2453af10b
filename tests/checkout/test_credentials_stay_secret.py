"""A token reaches git by the environment only, and git reaches only what it may."""

import base64
import threading
from pathlib import Path

import pytest

from pushboat.errors import ForgeRefused, PushboatError
from pushboat.model.remote import Remote
from tests.checkout.upstream import SmartHttp, Upstream
from workers.render.referring import REFERENCES
from workers.source import checkout
from workers.source.git.command import Repository
from workers.source.git.remotes import access

TOKEN = "ghp_the-secret-token"
BASIC = "Basic " + base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
SHOP = "github/acme/shop"


def _remote(server: SmartHttp, header: str = BASIC) -> Remote:
    return Remote(url=server.url, headers={"Authorization": header})


def test_a_private_repository_is_read_with_its_token(
    upstream: Upstream, over_http: SmartHttp, caches: Path, target: Path
) -> None:
    """A private repository works, also where git fetches file by file."""
    over_http.demanded = BASIC
    sha = upstream.commit({"deploy/a.yaml": "a: 1", "b": "2"})
    assert checkout.read_file(caches, _remote(over_http), SHOP, sha, "b") == b"2"
    assert checkout.check_out(caches, _remote(over_http), SHOP, sha, "deploy", target, REFERENCES).files == (
        "deploy/a.yaml",
    )


def test_a_token_is_never_in_a_command_line_or_on_disk(
    upstream: Upstream, over_http: SmartHttp, caches: Path, target: Path
) -> None:
    """Nobody who lists processes or reads the cache finds the token."""
    over_http.demanded = BASIC
    sha = upstream.commit({"deploy/a.yaml": "a: 1"})
    done, lines = threading.Event(), set()
    over_http.may_answer.clear()  # git is there at least until it was seen

    def watch() -> None:
        while not done.wait(0.002):
            for entry in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    lines.add(entry.read_bytes())
                except OSError:
                    continue
            if any(fetches(line) for line in lines):
                over_http.may_answer.set()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        checkout.check_out(caches, _remote(over_http), SHOP, sha, "deploy", target, REFERENCES)
    finally:
        done.set()
        watcher.join()
    secret = BASIC.split()[1].encode()
    assert any(fetches(line) for line in lines)
    assert not [line for line in lines if secret in line or TOKEN.encode() in line]
    assert not [file for file in caches.rglob("*") if file.is_file() and secret in file.read_bytes()]


def fetches(line: bytes) -> bool:
    """Say whether a command line is that of a git that fetches."""
    return b"fetch" in line and b"origin" in line


def test_a_wrong_token_is_told_without_showing_it(upstream: Upstream, over_http: SmartHttp, caches: Path) -> None:
    """A refused token is named as the trouble, and not shown."""
    over_http.demanded = "Basic other"
    sha = upstream.commit({"a": "b"})
    with pytest.raises(ForgeRefused, match=r"check token and clone_url") as caught:
        checkout.fetch(caches, _remote(over_http), SHOP, sha)
    _demand_secret(caught.value)


def test_a_redirect_does_not_carry_the_token_away(
    upstream: Upstream, over_http: SmartHttp, caches: Path, tmp_path: Path
) -> None:
    """A forge that sends us elsewhere does not get our token sent there."""
    sha = upstream.commit({"a": "b"})
    with SmartHttp(upstream.path) as elsewhere:
        over_http.status, over_http.location = 302, elsewhere.url.rpartition("/")[0]
        with pytest.raises(ForgeRefused, match="error: 302") as caught:
            checkout.fetch(caches, _remote(over_http), SHOP, sha)
        assert elsewhere.requests == []
    _demand_secret(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "--upload-pack=touch /tmp/pwned",
        "-oProxyCommand=touch",
        "ext::sh -c touch% /tmp/pwned",
        "file:///etc",
        "http://forge.example/shop.git",
        "git://forge.example/shop.git",
        "ssh://-oProxyCommand=touch/shop.git",
        "https://user:password@forge.example/shop.git",
        "https://token@forge.example/shop.git",
        "relative/path",
        "https://forge.example/a b.git",
        "https://forge.example/a\nb.git",
        "https://[::1",
        "",
    ],
)
def test_a_url_that_could_do_harm_is_refused(url: str, caches: Path) -> None:
    """A URL that starts with a dash, names a strange protocol or holds credentials never reaches git."""
    with pytest.raises(ForgeRefused, match=r"pushboat\.yaml|clone_url") as caught:
        checkout.fetch(caches, Remote(url=url), SHOP, "a" * 40)
    assert "password" not in caught.value.summary
    assert not caches.exists()


@pytest.mark.parametrize(
    ("url", "protocol"),
    [
        ("https://github.com/acme/shop.git", "https"),
        ("http://127.0.0.1:3000/shop.git", "http"),
        ("http://[::1]:3000/shop.git", "http"),
        ("ssh://git@forge.example:2222/acme/shop.git", "ssh"),
        ("git@forge.example:acme/shop.git", "ssh"),
        ("/srv/git/shop.git", "file"),
    ],
)
def test_each_kind_of_url_opens_its_own_protocol_only(url: str, protocol: str) -> None:
    """git may speak the one protocol of the URL and no other."""
    assert access(Remote(url=url)).protocol == protocol


def test_gits_server_side_trusts_a_repository_of_another_owner(
    upstream: Upstream, remote: Remote, caches: Path
) -> None:
    """A bare repository that belongs to the user `git` is read by Pushboat's own user."""
    sha = upstream.commit({"a": "b"})
    checkout.fetch(caches, remote, SHOP, sha)
    (cache,) = caches.glob("*.git")
    asked = Repository(cache, access(remote)).git("config", "--global", "--get", "safe.directory")
    assert asked.stdout.decode().strip() == str(upstream.path)


def _demand_secret(error: PushboatError) -> None:
    for text in (str(error), error.summary, error.details, repr(error)):
        assert BASIC.split()[1] not in text
        assert TOKEN not in text
