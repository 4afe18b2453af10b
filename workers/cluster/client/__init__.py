"""How to ask an API server: the connection, the kinds it serves, its refusals in our words."""
