"""Removing an environment whole: its objects, what its hooks left, its namespaces, and at last its inventory."""
