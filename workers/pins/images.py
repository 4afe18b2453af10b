"""An image's name as people write it: where it lies, by which tag and digest."""

import re
from dataclasses import dataclass

_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"[a-z0-9+._-]{1,32}:[0-9a-fA-F]{32,128}")
_PLACE = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,253}:[0-9]{1,5}/)?[A-Za-z0-9][A-Za-z0-9._/-]{0,254}")
_LOCAL = "localhost"


@dataclass(frozen=True, slots=True)
class Image:
    """One image; tag and digest are empty where nothing says them."""

    place: str
    tag: str = ""
    digest: str = ""

    @property
    def pin(self) -> str:
        """Give what says its version, as it stands behind its place."""
        return (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")

    @property
    def path(self) -> str:
        """Give its place without the registry, by which two copies of one image are known."""
        host, slash, rest = self.place.partition("/")
        has_host = bool(slash) and (bool(set(host) & set(".:")) or host == _LOCAL)
        return (rest if has_host else self.place).removeprefix("library/")

    def __str__(self) -> str:
        """Write it as a manifest does."""
        return self.place + self.pin


def read(text: str) -> Image | None:
    """Read an image's name; None for what is none, such as a variable that something else fills in."""
    rest, at, digest = text.partition("@")
    place, tag = rest, ""
    if ":" in rest.rpartition("/")[2]:
        place, _, tag = rest.rpartition(":")
    return made(place, tag, digest) if bool(at) == bool(digest) and not rest.endswith(":") else None


def made(place: str, tag: str = "", digest: str = "") -> Image | None:
    """Put an image together; None where a part cannot be one."""
    fits = _PLACE.fullmatch(place) and (not tag or _TAG.fullmatch(tag)) and (not digest or _DIGEST.fullmatch(digest))
    return Image(place, tag, digest) if fits else None
