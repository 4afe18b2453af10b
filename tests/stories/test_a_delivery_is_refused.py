"""What is no delivery of a forge of ours is answered as the contract says, and nothing of it stays."""

import hashlib
import hmac
import http.client
import json
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from tests.fakes.forge import FakeForge
from tests.fakes.plain_git import PlainGit
from tests.serving import Served
from tests.until import until

MIB = 1 << 20
MARKER = "marker-that-must-not-be-stored"
BODY = json.dumps({"ref": f"refs/heads/{MARKER}", "repository": {"full_name": MARKER}}).encode()
DOCTOR = "signature does not match; run `pushboat hook doctor`"


@dataclass(frozen=True)
class Sender:
    """Somebody who knows a forge's secret, and where its signature stands."""

    forge: str
    header: str
    sign: Callable[[bytes], dict[str, str]]
    served: Served

    def post(self, body: bytes, headers: Mapping[str, str | bytes], forge: str = "") -> tuple[int, dict[str, str]]:
        """Send a body with these headers, byte for byte, and give code and answer."""
        connection = http.client.HTTPConnection(urlsplit(self.served.url).netloc, timeout=60)
        connection.putrequest("POST", f"/webhooks/{forge or self.forge}")
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        connection.close()
        return answer.status, said

    def refused(self, body: bytes, headers: Mapping[str, str | bytes], code: int, forge: str = "") -> str:
        """Send what must be refused; see that only a sentence comes back and nothing stays; give the sentence."""
        status, said = self.post(body, headers, forge)
        assert (status, set(said)) == (code, {"error"}), said
        assert "Traceback" not in said["error"]
        stored = b"".join(file.read_bytes() for file in self.served.state.glob("*.sqlite3*"))
        assert stored
        for kept in (stored, self.served.log.read_bytes(), said["error"].encode()):
            assert MARKER.encode() not in kept
        return said["error"]


@pytest.fixture(params=["github", "gitlab", "local"])
def sender(
    request: pytest.FixtureRequest, pushboat: Served, forges: dict[str, FakeForge], plain_git: PlainGit
) -> Sender:
    """One for each forge in turn."""
    if request.param == "local":
        secret = (plain_git.root / "webhook-secret").read_text().strip().encode()

        def sign(body: bytes) -> dict[str, str]:
            return {
                "Content-Type": "application/json",
                "X-Pushboat-Event": "push",
                "X-Pushboat-Delivery": str(uuid.uuid4()),
                "X-Pushboat-Signature-256": f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}",
            }

        return Sender("local", "X-Pushboat-Signature-256", sign, pushboat)
    forge = forges[request.param]
    header, event = {"github": ("X-Hub-Signature-256", "push"), "gitlab": ("X-Gitlab-Token", "Push Hook")}[
        request.param
    ]
    return Sender(request.param, header, lambda body: forge.dialect.sign(forge, event, body), pushboat)


def test_a_signature_that_is_none(sender: Sender) -> None:
    """Flipped, empty, missing, not ASCII: 401 and the same words for all, which tell the owner where to look."""
    headers = sender.sign(BODY)
    right = headers.pop(sender.header)
    flipped = right[:-1] + chr(ord(right[-1]) ^ 1)
    for wrong in (
        flipped,
        "",
        right[:-1],
        "sha256=",
        "sha256=é".encode(),
        "\u00ff\u00fe".encode("latin-1"),
        "x" * 5000,
    ):
        assert sender.refused(BODY, {**headers, sender.header: wrong}, 401) == DOCTOR
    assert sender.refused(BODY, headers, 401) == DOCTOR


def test_a_body_that_was_changed_on_the_way(sender: Sender) -> None:
    """One byte of the body is another one: the signature covers it. (GitLab's token covers nothing, only says who.)"""
    headers = sender.sign(BODY)
    if sender.header == "X-Gitlab-Token":
        assert sender.refused(BODY[:-1], headers, 400)
    else:
        assert sender.refused(BODY.replace(b"refs", b"Refs"), headers, 401) == DOCTOR


def test_a_forge_that_nobody_configured(sender: Sender) -> None:
    """404, without a list of those there are."""
    sentence = sender.refused(BODY, sender.sign(BODY), 404, forge="bitbucket")
    assert "hook doctor" in sentence
    assert "gitlab" not in sentence


def test_26_megabytes(sender: Sender) -> None:
    """413, though rightly signed."""
    body = BODY + b" " * (26 * MIB)
    assert "25 MiB" in sender.refused(body, sender.sign(body), 413)


def test_a_form(sender: Sender) -> None:
    """415 says which setting to change at the forge."""
    body = b"payload=" + BODY
    headers = {**sender.sign(body), "Content-Type": "application/x-www-form-urlencoded"}
    assert "content type to application/json" in sender.refused(body, headers, 415)


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        f'"{MARKER}"'.encode(),
        b"null",
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
    ids=["list", "text", "null", "nothing", "half", "bytes", "100,000 lists", "100,000 objects"],
)
def test_json_that_is_no_delivery(sender: Sender, body: bytes) -> None:
    """400, though rightly signed; the process that reads it lives."""
    assert sender.refused(body, sender.sign(body), 400)
    assert sender.served.get("/healthz")["alive"]


def test_a_flood_leaves_a_handful_of_records(pushboat: Served) -> None:
    """Somebody without a secret sends 300 deliveries: a few records say from where and why, the rest is a number."""
    newest = pushboat.get("/api/v1/deliveries?limit=1")["items"]
    latest = newest[0]["id"] if newest else 0

    def records() -> list[dict[str, str]]:
        found = pushboat.get("/api/v1/deliveries?limit=100")["items"]  # a push of another story may be caught up
        return [row for row in found if row["id"] > latest and row["verdict"] == "rejected"]

    started = time.monotonic()
    for _ in range(300):
        refuse(pushboat)
    until(lambda: refuse(pushboat) and counting(records()), what="a record that counts those before it")
    seconds = time.monotonic() - started
    kept = records()
    assert len(kept) <= 5 + 5 * seconds + 1
    assert all(row["reason"].startswith(DOCTOR) for row in kept)
    page = pushboat.page(f"/deliveries/{kept[0]['id']}")
    assert "127.0.0.1" in page
    assert "signature does not match; run" in page


def refuse(served: Served) -> bool:
    """Send what bears no signature."""
    connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=60)
    connection.request("POST", "/webhooks/github", BODY, {"Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    assert status == 401
    return True


def counting(kept: list[dict[str, str]]) -> bool:
    """Say whether a record tells how many were left out."""
    return any(re.search(r"\(\d+ more refusals? before this one were counted", row["reason"]) for row in kept)
