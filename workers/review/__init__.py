"""Hold manifests against what the operator allows, before the cluster sees them."""
