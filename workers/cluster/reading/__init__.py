"""Read what the cluster holds, with few requests."""
