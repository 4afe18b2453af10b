"""Each release leaves a signed record that others can check with their own tools, and nobody can change."""

import base64
import hashlib
import json
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sigstore import dsse

from pushboat.config.retention import Retention
from pushboat.model.approval import Approval
from pushboat.model.ask import Source
from pushboat.model.changeset import Action, Change
from pushboat.model.deployment import Deployment
from pushboat.model.image import ImageRecord
from pushboat.model.manifest import Ref
from pushboat.model.release import Render
from pushboat.model.state import State
from pushboat.sealing import Key
from pushboat.store import approvals, ending, forgetting, images, release_records, stamping
from pushboat.store.database.engine import Store
from pushboat.store.database.release_tables import release_records as rows
from tests.store.repository import NAME, Repository, deploy, time_passes

KEY = Key("a key of thirty-two characters …")
WEB = Ref("apps", "Deployment", "shop", "web")
SHA = "1a2b3c4d" * 5


def released(repository: Repository, sha: str = SHA) -> Deployment:
    """Deploy a commit that somebody approved, with an image."""
    (made,) = repository.route(deploy(sha))
    with repository.store.writing() as tx:
        said = Approval(who="walt", sha=sha, source=Source.COMMENT, number=7, delivery=1, at=tx.now)
        approvals.keep(tx, NAME, "staging", said)
    claim = repository.claim(made)
    images.note(repository.store, claim, [ImageRecord(image="example.com/web:1", digest=f"sha256:{'ab' * 32}")])
    render = Render(contents={WEB: "a digest"}, packed=b"packed")
    changes = [Change(ref=WEB, action=Action.CREATED)]
    ending.finish(repository.store, claim, State.SUCCEEDED, "healthy", render=render, changes=changes)
    return made


def statement(written: str | None) -> dict[str, Any]:
    """Check an envelope as somebody does who has nothing of ours but the public key, and read it."""
    assert written
    body = json.loads(written)
    (signed,) = body["signatures"]
    payload = base64.b64decode(body["payload"])
    assert signed["keyid"] == hashlib.sha256(KEY.public()).hexdigest()
    about = dsse._pae(body["payloadType"], payload)
    Ed25519PublicKey.from_public_bytes(KEY.public()).verify(base64.b64decode(signed["sig"]), about)
    said: dict[str, Any] = json.loads(payload)
    return said


def test_a_record_says_what_was_brought(store: Store, repository: Repository) -> None:
    """Commit, render, changes, images and approvals, and where the audit stood, in the form of in-toto."""
    made = released(repository)
    assert release_records.find(store, made.id) == ""
    assert release_records.sign_due(store, KEY) == 1
    assert release_records.sign_due(store, KEY) == 0
    said = statement(release_records.find(store, made.id))
    assert (said["_type"], said["predicateType"].startswith("https://")) == ("https://in-toto.io/Statement/v1", True)
    assert said["subject"] == [
        {"name": NAME, "digest": {"gitCommit": SHA}},
        {"name": "example.com/web:1", "digest": {"sha256": "ab" * 32}},
    ]
    brought = said["predicate"]
    assert (brought["release"], brought["environment"], brought["author"]) == (1, "staging", "ann")
    assert [each["who"] for each in brought["approvals"]] == ["walt"]
    assert len(brought["plan"]) == 64
    assert brought["render"]
    stamping.stamp(store, KEY)
    newest = stamping.newest(store, (KEY.public(),))
    assert newest
    assert brought["audit"] == {"position": newest.link.position, "link": newest.link.digest}


@pytest.mark.parametrize("change", [("1a2b3c4d", "deadbeef"), ("walt", "olaf"), ("ab" * 32, "cd" * 32)])
def test_a_changed_record_is_no_record(store: Store, repository: Repository, change: tuple[str, str]) -> None:
    """Another commit, another approver, another image: the signature is of what was."""
    made = released(repository)
    release_records.sign_due(store, KEY)
    body = json.loads(release_records.find(store, made.id) or "")
    payload = base64.b64decode(body["payload"]).decode()
    body["payload"] = base64.b64encode(payload.replace(*change).encode()).decode()
    with pytest.raises(InvalidSignature):
        statement(json.dumps(body))


def test_what_failed_or_only_put_drift_back_has_none(store: Store, repository: Repository) -> None:
    """A record is of a release."""
    (made,) = repository.route(deploy("a"))
    ending.finish(store, repository.claim(made), State.FAILED, "no")
    assert release_records.find(store, made.id) is None
    assert release_records.sign_due(store, KEY) == 0


def test_a_record_goes_with_its_deployment(store: Store, repository: Repository) -> None:
    """Retention leaves no record of what is gone."""
    for sha in ("a", "b", "c"):
        released(repository, sha)
    release_records.sign_due(store, KEY)
    time_passes(store, 4000.0)
    forgetting.forget(store, Retention(deployments=3600.0, keep=1), lambda: False)
    with store.reading() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(rows)) == 1
