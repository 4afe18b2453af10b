"""What `pushboat hook` does at forges that have an API: install and rotate."""
