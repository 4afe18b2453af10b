"""Wait until everything runs, and say what is missing."""
