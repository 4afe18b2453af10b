"""What a stored render holds, read without a key: manifests as they are, and of Secrets only that they are there."""

import json
import zlib
from collections.abc import Mapping
from typing import Any

from pushboat.errors import DeploymentFailed
from pushboat.model.manifest import Ref

FORMAT = 1
"""What this version writes. Earlier ones are read as long as there are releases of them."""

Bodies = Mapping[Ref, Mapping[str, Any] | None]
"""Each object as it was rendered; None where it is sealed."""


def items_of(packed: bytes) -> dict[str, Any]:
    """Open a stored render, with its Secrets sealed.

    Raises:
        DeploymentFailed: a later version of Pushboat has packed it.
    """
    content: dict[str, Any] = json.loads(zlib.decompress(packed))
    if content["format"] > FORMAT:
        raise DeploymentFailed(
            "a later version of Pushboat stored this release, and this one cannot read it: deploy its commit instead"
        )
    return content


def bodies(packed: bytes) -> Bodies:
    """Read its manifests.

    Raises:
        DeploymentFailed: as `items_of`.
    """
    return {Ref(*item["ref"]): item.get("body") for item in items_of(packed)["manifests"]}
