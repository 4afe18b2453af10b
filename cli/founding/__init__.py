"""`pushboat init`: what a repository keeps for Kubernetes, and the files that let Pushboat deploy it."""
