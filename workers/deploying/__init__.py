"""The story of a deployment: `story.py` is the page to read first."""
