"""Which images a deployment or plan would run, and what was found out about each; the newest attempt's word.

Only the attempt that holds the deployment's fence may write here.
"""

import json
from collections.abc import Iterable

import sqlalchemy as sa

from pushboat.model.deployment import Claim
from pushboat.model.image import ImageRecord
from pushboat.store.database.engine import Store
from pushboat.store.database.schema import deployments, image_sets
from pushboat.store.database.texts import LONGEST_REASON, bounded

MOST_IMAGES = 500
"""Of one deployment; who runs more reads them in its manifests."""

_NOTE = sa.text(
    "INSERT INTO image_set (deployment_id, images) "
    "SELECT id, :images FROM deployment WHERE id = :id AND fence = :fence "
    "ON CONFLICT (deployment_id) DO UPDATE SET images = :images"
)


def note(store: Store, claim: Claim, found: Iterable[ImageRecord]) -> None:
    """Write down what was found out about a deployment's images."""
    items = [
        [each.image, each.digest, [bounded(sentence, LONGEST_REASON) for sentence in each.said]]
        for each in list(found)[:MOST_IMAGES]
    ]
    with store.writing() as tx:
        tx.change(_NOTE, id=claim.deployment.id, fence=claim.fence, images=json.dumps(items))


def listed(store: Store, number: int) -> tuple[ImageRecord, ...]:
    """List a deployment's images; of one that repeats another those of that one."""
    same = sa.select(deployments.c.same_as).where(deployments.c.id == number)
    with store.reading() as tx:
        query = sa.select(image_sets.c.images).where(image_sets.c.deployment_id == (tx.scalar(same) or number))
        text = tx.scalar(query)
    return read_images(text or "[]")


def read_images(text: str) -> tuple[ImageRecord, ...]:
    """Read what was written down of a deployment's images."""
    return tuple(ImageRecord(image=image, digest=digest, said=tuple(said)) for image, digest, said in json.loads(text))
