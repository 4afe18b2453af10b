"""The nouns: frozen data about repositories, deployments, manifests and health. Nothing here does I/O."""
