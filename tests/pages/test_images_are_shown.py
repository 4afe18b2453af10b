"""Which content each image was stands with its deployment: on the page, in the API, and of a plan as well."""

import sqlalchemy as sa

from pushboat.model.image import ImageRecord
from pushboat.model.state import Kind, State
from pushboat.store import images, lanes
from pushboat.store.ending import finish
from tests.pages.ledger import Ledger
from tests.pages.test_pages_tell_the_story import text_of
from tests.receiving.front_door import FrontDoor

DIGEST = f"sha256:{'a1' * 32}"
KNOWN = ImageRecord(image="ghcr.io/acme/shop:1.2", digest=DIGEST, said=("is signed by release",))
UNKNOWN = ImageRecord(image="<b>nginx</b>", said=("could not be looked at",))


def test_what_an_image_was_can_be_read_later(front_door: FrontDoor, ledger: Ledger) -> None:
    """The newest attempt's word counts, and an attempt that has lost its lane writes nothing."""
    for kind in (Kind.DEPLOY, Kind.PLAN):
        made = ledger.queued(kind=kind, number=7 if kind is Kind.PLAN else 0)
        claim = lanes.claim(ledger.store, made.id, "worker")
        assert claim
        images.note(ledger.store, claim, [KNOWN])
        images.note(ledger.store, claim, [KNOWN, UNKNOWN])
        with ledger.store.writing() as tx:
            tx.change(sa.text("UPDATE deployment SET fence = fence + 1 WHERE id = :id"), id=made.id)
        images.note(ledger.store, claim, [])
        with ledger.store.writing() as tx:
            tx.change(sa.text("UPDATE deployment SET fence = fence - 1 WHERE id = :id"), id=made.id)
        finish(ledger.store, claim, State.SUCCEEDED, "as it was")
        form = front_door.get(f"/api/v1/deployments/{made.id}").json()
        assert form["images"] == [
            {"image": "ghcr.io/acme/shop:1.2", "digest": DIGEST, "said": ["is signed by release"]},
            {"image": "<b>nginx</b>", "digest": None, "said": ["could not be looked at"]},
        ]
        page = text_of(front_door, made.path)
        assert f"ghcr.io/acme/shop:1.2 {DIGEST} is signed by release" in page
        assert "digest not known could not be looked at" in page
        assert "<b>nginx" not in front_door.get(made.path).text
