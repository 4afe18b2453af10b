"""Sentences as GitHub takes them beside a commit: its statuses have no room for characters of four bytes, as emoji are.

It answers 422 to them ("description doesn't accept 4-byte Unicode"), where a comment or a check run may have them:
https://github.com/ouzi-dev/commit-status-updater/issues/526.
"""

import re

from pushboat.model.status import clip

_FOUR_BYTES = re.compile("[\U00010000-\U0010ffff][\U00010000-\U0010ffff\ufe0f\u200d]*")


def narrowed(text: str) -> str:
    """Cut a sentence to its length, with a question mark for each run of characters that GitHub does not take."""
    return clip(_FOUR_BYTES.sub("?", text))
