"""The cluster: read what runs, plan, apply, wait for health and prune. The only package that knows the Kubernetes API.

The files in the order of a deployment: client and kinds (how to ask), inventory (what is ours), plan (what would
change), apply (make it so), waiting and health (does it run), prune (what left the repository).
"""
