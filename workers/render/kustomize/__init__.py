"""Kustomize: what a kustomization may refer to, and building it without network."""
