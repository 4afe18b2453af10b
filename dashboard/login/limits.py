"""How many who are not signed in yet the forge is asked about at once: strangers cost it little."""

AT_ONCE = 4
"""Questions to the forge on behalf of people who are not signed in yet."""
WAITS = 5.0
"""Seconds that somebody waits for their turn."""
