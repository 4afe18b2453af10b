"""Notices on their way to who listens: handed out, put into words or fields, sent."""
