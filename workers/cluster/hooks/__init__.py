"""Hooks: objects that run once in a deployment, before, beside or after what it applies."""
