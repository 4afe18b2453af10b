"""Decide what would change: pure, so that every rule can be read and tested alone."""
