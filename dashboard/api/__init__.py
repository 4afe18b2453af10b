"""The JSON API, version 1: what the store knows, newest first, a page at a time. One table serves and describes it."""
