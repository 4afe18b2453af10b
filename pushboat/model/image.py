"""An image of a deployment: how it is written, which content that was when it was looked up, and what is known."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRecord:
    """One image; `digest` is empty where nobody could say, `said` are sentences that go on after its name."""

    image: str
    digest: str = ""
    said: tuple[str, ...] = ()


def image_form(record: ImageRecord) -> dict[str, Any]:
    """Write an image for API and command; `digest` is null where nobody could say."""
    return {"image": record.image, "digest": record.digest or None, "said": list(record.said)}
