"""A deployment's page shows the signed record of its release, and says so, big, where that does not verify."""

import json

import pytest
import requests
import sqlalchemy as sa

from pushboat.model.deployment import Deployment
from pushboat.sealing import Key
from pushboat.store import release_records, stamping
from tests.dashboard.test_the_api_is_described import broken, described
from tests.pages.ledger import Ledger
from tests.pages.test_pages_tell_the_story import text_of
from tests.receiving.front_door import FrontDoor
from tests.store.drifted import released

SECRET = "an installation's own key, of many characters"
KEY, ANOTHER = Key(SECRET), Key("the key of somebody else altogether")


@pytest.fixture
def made(front_door: FrontDoor, ledger: Ledger) -> Deployment:
    """A release, which the dispatcher has signed, with the key that this machine has."""
    (front_door.database.parent / "encryption-key").write_text(f"{SECRET}\n")
    found = released(ledger.store, ledger.queued())
    release_records.sign_due(ledger.store, KEY)
    stamping.stamp(ledger.store, KEY)
    return found


def record(door: FrontDoor, number: int) -> requests.Response:
    """Ask the API for it."""
    return door.get(f"/api/v1/deployments/{number}/record")


def written(ledger: Ledger, envelope: str, number: int) -> None:
    """Let somebody write into the store."""
    with ledger.store.writing() as tx:
        text = sa.text("UPDATE release_record SET envelope = :envelope WHERE deployment_id = :id")
        tx.change(text, envelope=envelope, id=number)


def test_i_read_what_was_brought_and_how_to_check_it(front_door: FrontDoor, ledger: Ledger, made: Deployment) -> None:
    """Digests, approvals and signature, with the commands that hold it against a key and a stamp that I noted."""
    page = text_of(front_door, made.path)
    assert "signed, and as it was written" in page
    assert made.sha in page
    assert f"pushboat audit record {made.id} --key {KEY.public().hex()}" in page
    newest = stamping.newest(ledger.store, (KEY.public(),))
    assert newest
    assert f"pushboat audit verify --noted {newest.link.position}:{newest.link.digest}" in page
    assert SECRET not in front_door.get(made.path).text
    assert "does not verify" not in page


def test_a_program_gets_the_same(front_door: FrontDoor, ledger: Ledger, made: Deployment) -> None:
    """The envelope byte for byte, the public key, and the newest stamp, as it is described."""
    answer = record(front_door, made.id)
    assert answer.status_code == 200
    assert broken(answer, {"$ref": "#/components/schemas/Record"}, described(front_door)) == []
    body = answer.json()
    assert json.dumps(body["envelope"], separators=(",", ":")) == release_records.find(ledger.store, made.id)
    assert (body["signature"], body["why"], body["key"]) == ("good", "", KEY.public().hex())
    assert body["stamp"]["signature"] == "good"
    assert SECRET not in answer.text
    again = requests.get(answer.url, headers={"If-None-Match": answer.headers["ETag"]}, timeout=60)
    assert again.status_code == 304


@pytest.mark.parametrize("forged", ["another key", "another payload", "no record", "no shape", "another's"])
def test_what_does_not_verify_is_said_big(front_door: FrontDoor, ledger: Ledger, made: Deployment, forged: str) -> None:
    """Another key, other words, nonsense, a right record of another release: nobody takes it for this one's."""
    other = released(ledger.store, ledger.queued("production"))
    with ledger.store.writing() as tx:
        tx.change(sa.text("UPDATE release_record SET envelope = ''"))
    release_records.sign_due(ledger.store, ANOTHER if forged == "another key" else KEY)
    envelope = json.loads(release_records.find(ledger.store, made.id) or "")
    if forged == "another payload":
        envelope["payload"] = envelope["payload"][:-8] + "AAAAAAAA"
    if forged == "no shape":
        envelope["payload"] = "eyJwcmVkaWNhdGUiOiB7ImFwcHJvdmFscyI6IDV9fQ=="
    if forged == "another's":
        envelope = json.loads(release_records.find(ledger.store, other.id) or "")
    written(ledger, "nonsense" if forged == "no record" else json.dumps(envelope), made.id)
    page = text_of(front_door, made.path)
    assert "The record of this release does not verify" in page
    assert "signed, and as it was written" not in page
    assert 'role="alert"' in front_door.get(made.path).text
    body = record(front_door, made.id).json()
    assert (body["signature"], bool(body["why"])) == ("bad", True)
    assert (body["envelope"] is None) == (forged == "no record")


def test_what_was_not_checked_is_not_called_good(front_door: FrontDoor, ledger: Ledger) -> None:
    """Where the installation's key is not on this machine the page says that nobody looked."""
    made = released(ledger.store, ledger.queued())
    assert "it is not signed yet" in text_of(front_door, made.path)
    assert record(front_door, made.id).status_code == 404
    release_records.sign_due(ledger.store, KEY)
    page = text_of(front_door, made.path)
    assert "nobody checked the signature" in page
    assert "signed, and as it was written" not in page
    body = record(front_door, made.id).json()
    assert (body["signature"], body["key"], body["stamp"]) == ("unknown", None, None)


def test_what_became_no_release_has_no_record(front_door: FrontDoor, ledger: Ledger) -> None:
    """What runs, failed or never was: the page has no such part, and the API says why."""
    runs = ledger.running()
    assert "Verify it yourself" not in text_of(front_door, runs.path)
    assert "no release" in record(front_door, runs.id).json()["detail"]
    assert record(front_door, 999).status_code == 404
