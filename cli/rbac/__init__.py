"""`pushboat rbac`: the least rights of an environment, as manifests for whoever may grant them."""
