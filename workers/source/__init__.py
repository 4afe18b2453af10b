"""Where manifests come from: commits, fetched by git, and the environments that a commit defines."""
