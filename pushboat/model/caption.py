"""What a commit says of itself: its subject and its author's name, as git has them.

Anybody may write anything there: it is shown, and no right hangs on it. Who may do what, the forge's accounts say.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caption:
    """Both may be empty: nobody has read the commit, or it says nothing. `committed_at` is its committer's time, in
    seconds since the epoch; 0: unknown."""

    subject: str = ""
    author: str = ""
    committed_at: int = 0
