"""Registries: asked by HTTP as the distribution specification has it, with the login of the operator's entry."""
