"""For whom a file was encrypted: each recipient's copy of its data key, by the sort of key that opens it."""

from collections.abc import Iterable, Mapping
from typing import Any

from workers.sops.words import Encrypted, refused

MOST_RECIPIENTS = 100
"""Of one sort, in one file, in all of its messages together; each may have to be tried with each key."""
LARGEST_SEALED_KEY = 16 << 10
"""Characters of one recipient's copy of the data key."""
_UNREAD = ("unencrypted_comment_regex", "encrypted_comment_regex")


def copies(encrypted: Encrypted, sort: str) -> list[Mapping[str, Any]]:
    """Give the copies for one sort of key, each with what SOPS says of its recipient, and `enc`, which is text.

    Raises:
        DecryptionFailed: there are too many.
    """
    about = encrypted.about
    found = [*_listed(about.get(sort))]
    for group in _listed(about.get("key_groups")):
        found += _listed(group.get(sort))
    demand_few(encrypted, len(found))
    return [one for one in found if isinstance(one.get("enc"), str) and len(one["enc"]) <= LARGEST_SEALED_KEY]


def demand_few(encrypted: Encrypted, count: int) -> None:
    """Demand that a file has no more recipients than are read.

    Raises:
        DecryptionFailed: it has.
    """
    if count > MOST_RECIPIENTS:
        raise refused(
            encrypted.place,
            f"this is encrypted for {count:,} recipients, and at most {MOST_RECIPIENTS} of a file are read: "
            "remove some",
        )


def refuse_what_is_not_read(encrypted: Encrypted) -> None:
    """Refuse rules by comment, and keys that are needed together.

    Raises:
        DecryptionFailed: the file has some.
    """
    for name in _UNREAD:
        if encrypted.about.get(name):
            raise refused(encrypted.place, f"`{name}` is not read here: encrypt by `encrypted_regex`")
    if len([*_listed(encrypted.about.get("key_groups"))]) > 1:
        raise refused(encrypted.place, "this needs keys of several groups at once: encrypt it for one group")


def _listed(value: Any) -> Iterable[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
