"""Whatever is sent, the answer is the contract's, says what to do, and nothing of a refused body is kept."""

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from pushboat.model.delivery import Verdict
from pushboat.store import deliveries
from tests.receiving.front_door import SECRET, FrontDoor, github_headers, push_body

MARKER = "marker-that-must-not-be-stored"
DOCTOR = "signature does not match; run `pushboat hook doctor`"
MIB = 1024 * 1024


def assert_refused(front_door: FrontDoor, answer: object, code: int) -> str:
    """Check what all refusals have in common and give their sentence."""
    status, sentence = answer.status_code, answer.json()["error"]  # type: ignore[attr-defined]
    assert status == code
    assert "Traceback" not in sentence
    assert SECRET not in sentence
    assert not front_door.stored(MARKER)
    assert not front_door.rings
    rows = deliveries.listed(front_door.store)
    assert [row.verdict for row in rows] == [Verdict.REJECTED]
    assert rows[0].reason == sentence
    assert rows[0].source == "127.0.0.1"
    return str(sentence)


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        "sha256=" + "0" * 64,
        "sha256=é" + "0" * 63,
        "sha1=757107ea0eb2509fc211221cce984b8a37570b6d",
        "x" * 5000,
        "\xff\xfe",
    ],
)
def test_a_bad_signature_learns_nothing(front_door: FrontDoor, signature: str | None) -> None:
    """Missing, empty, wrong, non-ASCII or huge: always 401 with the same words, which tell the owner where to look."""
    body = push_body(note=MARKER)
    headers: dict[str, str | bytes] = dict(github_headers(body))
    del headers["X-Hub-Signature-256"]
    if signature is not None:
        headers["X-Hub-Signature-256"] = signature.encode("latin-1")
    assert assert_refused(front_door, front_door.post(body, headers), 401) == DOCTOR


def test_a_flipped_byte_is_a_bad_signature(front_door: FrontDoor) -> None:
    """The signature covers the bytes as they came: one flipped byte in it or in the body and the door stays shut."""
    body = push_body(note=MARKER)
    headers = github_headers(body)
    signature = headers["X-Hub-Signature-256"]
    flipped = signature[:-1] + ("0" if signature[-1] != "0" else "1")
    assert front_door.post(body.replace(b"ada", b"adb"), headers).status_code == 401
    assert front_door.post(body, {**headers, "X-Hub-Signature-256": flipped}).status_code == 401
    assert not front_door.stored(MARKER)


def test_an_unknown_forge_is_not_found(front_door: FrontDoor) -> None:
    """A wrong address answers 404, without a list of the right ones."""
    body = push_body(note=MARKER)
    sentence = assert_refused(front_door, front_door.post(body, github_headers(body), forge="bitbucket"), 404)
    assert "doctor" in sentence
    assert "gitlab" not in sentence


def test_form_encoding_says_what_to_change(front_door: FrontDoor) -> None:
    """GitHub's default content type is a form; the answer names the setting."""
    body = b"payload=" + MARKER.encode()
    headers = {**github_headers(body), "Content-Type": "application/x-www-form-urlencoded"}
    assert "application/json" in assert_refused(front_door, front_door.post(body, headers), 415)


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "", "application/xml", "\xff;;;"])
def test_other_content_types_are_refused(front_door: FrontDoor, kind: str) -> None:
    """Only application/json is read."""
    body = push_body(note=MARKER)
    assert_refused(
        front_door, front_door.post(body, {**github_headers(body), "Content-Type": kind.encode("latin-1")}), 415
    )


def test_a_compressed_body_is_refused(front_door: FrontDoor) -> None:
    """No forge compresses, and a small body must not unfold into a large one."""
    body = push_body(note=MARKER)
    assert_refused(front_door, front_door.post(body, {**github_headers(body), "Content-Encoding": "gzip"}), 415)


@pytest.mark.proves("receiver-load")
def test_26_megabytes_are_too_large(front_door: FrontDoor) -> None:
    """Even when rightly signed, a body above 25 MiB is refused by its declared length."""
    body = push_body(note=MARKER, filler="x" * (26 * MIB))
    assert_refused(front_door, front_door.post(body, github_headers(body)), 413)


def test_chunks_without_a_length_are_capped(front_door: FrontDoor) -> None:
    """A body that does not say its length is counted while it is read."""

    def endless() -> Iterator[bytes]:
        for _ in range(26):
            yield MARKER.encode() + b"x" * MIB

    headers = github_headers(b"")
    answer = front_door.post(endless(), headers)  # type: ignore[arg-type]  # requests sends an iterator in chunks
    assert_refused(front_door, answer, 413)


def test_chunks_that_are_small_enough_are_read(front_door: FrontDoor) -> None:
    """Proxies may send a good delivery on in chunks."""
    body = push_body()
    assert front_door.post(iter([body[:50], body[50:]]), github_headers(body)).status_code == 202  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[1, 2]",
        b'"text"',
        b"null",
        b"1",
        b"\xff\xfe\x00",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"after": ' + b"9" * 10_000 + b"}",
        b'{"ref": 5, "after": true, "repository": []}',
        b'{"ref": "refs/heads/main", "after": "../../etc/passwd", "repository": {"full_name": "acme/shop"}}',
        b'{"repository": {"full_name": {"a": "b"}}}',
    ],
)
def test_signed_nonsense_is_unreadable(front_door: FrontDoor, body: bytes) -> None:
    """What is signed, but not the JSON object that a forge sends, gets 400 and a sentence, whatever it is."""
    assert_refused(front_door, front_door.post(body, github_headers(body)), 400)


@pytest.mark.parametrize("text", ["\0", "\ud800", "\u202egnp.exe", "<script>alert(1)</script>", "x" * 100_000])
def test_odd_text_is_stored_without_harm(front_door: FrontDoor, text: str) -> None:
    """JSON can spell what no database stores; such a push is accepted all the same and can be looked at."""
    body = json.dumps({**json.loads(push_body()), "pusher": {"name": text}}).encode()
    answer = front_door.post(body, github_headers(body))
    assert answer.status_code == 202
    number = answer.json()["delivery"]
    assert front_door.get(f"/deliveries/{number}").status_code == 200
    assert front_door.get(f"/api/v1/deliveries/{number}").json()["event"]["sha"]


@pytest.mark.parametrize("number", [10**30, -1, 2**63, 1.5, True, "5"])
def test_impossible_numbers_are_unreadable(front_door: FrontDoor, number: object) -> None:
    """A pull request's number that no database holds is refused, not a crash."""
    body = push_body(action="opened", number=number, pull_request={"number": number, "head": {}, "base": {}})
    assert front_door.post(body, github_headers(body, event="pull_request")).status_code == 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-GitHub-Delivery", "x" * 5000),
        ("X-GitHub-Delivery", "\xe9\xff"),
        ("X-GitHub-Event", "\xe9\xff"),
        ("X-GitHub-Event", "x" * 5000),
        ("X-Strange", "\xff" * 4000),
    ],
)
def test_odd_headers_do_no_harm(front_door: FrontDoor, name: str, value: str) -> None:
    """Headers that no forge sends never break the answer."""
    body = push_body()
    headers: dict[str, str | bytes] = {**github_headers(body), name: value.encode("latin-1")}
    assert front_door.post(body, headers).status_code in (200, 202, 400)


@pytest.mark.parametrize("length", ["-5", "abc", "5, 5", "99999999999999999999999"])
def test_a_lying_length_is_no_crash(front_door: FrontDoor, length: str) -> None:
    """A declared length that is no number, negative or absurd is answered with a refusal."""
    connection = http.client.HTTPConnection(urlsplit(front_door.url).netloc, timeout=60)
    connection.putrequest("POST", "/webhooks/github")
    for header, value in {**github_headers(b"{}"), "Content-Length": length}.items():
        connection.putheader(header, value)
    connection.endheaders(b"{}")
    connection.sock.shutdown(1)
    answer = connection.getresponse()
    assert answer.status in (400, 401, 413)
    assert b"Traceback" not in answer.read()
    connection.close()


def test_other_methods_and_paths_answer_json(front_door: FrontDoor) -> None:
    """People open the webhook's address in a browser, and scripts mistype: both get a sentence."""
    look = front_door.get("/webhooks/github")
    assert (look.status_code, look.headers["Allow"].split(", ").count("POST")) == (405, 1)
    assert "POST" in look.json()["error"]
    for path in ("/webhooks", "/webhooks/a/b", "/api/v1/nothing", "/api", "/metrics/x"):
        answer = front_door.get(path)
        assert (answer.status_code, "nothing" in answer.json()["error"]) == (404, True)
