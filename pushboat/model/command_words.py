"""The words that the contract gives to commands, whether this version carries them out or not.

What has a file in `pushboat/routing/commands/` is carried out; the others are refused by name, never taken for
something else.
"""

SLASH = "/deploy"
"""What a comment's first line begins with where it is meant for us."""

COMMAND_WORDS = frozenset({"plan", "approve", "rollback", "lock", "unlock", "promote", "cancel", "status", "help"})
"""After `/deploy`. No environment can be called by one, so nobody deploys by mistake."""

COMMAND_LINE_WORDS = (COMMAND_WORDS - {"status", "help"}) | {"deploy", "pause", "resume", "drift", "destroy"}
"""After `pushboat`, before REPOSITORY ENVIRONMENT."""
