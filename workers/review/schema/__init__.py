"""Hold manifests against the schema of their kind, as the API server's strict server-side apply does. Pure.

It never refuses what the server takes; what it cannot know (CEL, admission, most rules that are written in Go)
it leaves to the server.
"""
