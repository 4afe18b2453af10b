"""What to tell whose text is read as something else: what they wrote, and what would be sent of it."""

import json
from typing import Any

from pushboat.model.wording import printable


def as_written(word: str, value: Any) -> str:
    """Show, behind the advice to quote a word, how, and what it is without; empty where nobody knows the word."""
    sent = json.dumps(value)
    if not word or word == sent:
        return f' ("{printable(word)}")' if word else ""
    return f' ("{printable(word)}", which is read as {printable(sent)} without quotes)'
