"""The words after `/deploy` that are commands. No environment can be called by one, so nobody deploys by mistake."""

COMMAND_WORDS = frozenset({"plan", "approve", "rollback", "lock", "unlock", "cancel", "status", "help"})
