"""Gitea and Forgejo: their deliveries, their API, and how letters look there."""
