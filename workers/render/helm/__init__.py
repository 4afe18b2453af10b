"""Helm: what a chart is made of, what it must not ask for, and rendering it without network."""
