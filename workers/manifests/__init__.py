"""Text to manifests: YAML as kubectl reads it, each object with the place it stands at."""
