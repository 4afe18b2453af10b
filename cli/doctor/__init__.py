"""Is everything as it must be? One line per check, and where it is not, the fix as something to paste."""
