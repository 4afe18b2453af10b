"""The words that the contract gives to commands, whether this version carries them out or not.

What has a file in `pushboat/routing/commands/` is carried out; the others are refused by name, never taken for
something else.
"""

from collections.abc import Mapping

SLASH = "/deploy"
"""What a comment's first line begins with where it is meant for us."""

COMMAND_WORDS = frozenset(
    {"plan", "approve", "unapprove", "rollback", "lock", "unlock", "promote", "cancel", "status", "help"}
)
"""After `/deploy`. No environment can be called by one, so nobody deploys by mistake."""

DANGEROUS_WORDS = frozenset({"destroy"})
"""Words of the command line that no comment may say, and no environment can be called by either."""

BY_TOKEN: Mapping[str, tuple[str, ...]] = {
    "deploy": (),
    "rollback": ("release", "reason", "until_next_push"),
    "cancel": (),
}
"""What a token of the API may ask for, and with which arguments. A deployment is of the head that is followed: whoever
names a commit may name one of a fork. Nobody breaks the glass with a token, approves, or consents to a large prune."""

RESERVED_WORDS = COMMAND_WORDS | DANGEROUS_WORDS

ON_COMMITS = frozenset({"approve", "unapprove"})
"""What counts in a comment on a commit too: what was pushed without a pull request has no other conversation."""

COMMAND_LINE_WORDS = (COMMAND_WORDS - {"status", "help"}) | DANGEROUS_WORDS | {
    "deploy", "pause", "recover", "resume", "drift",
}  # fmt: skip
"""After `pushboat`, before REPOSITORY ENVIRONMENT."""
