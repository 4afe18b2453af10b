"""Plain git servers: our hook's deliveries read, bare repositories used by the git command."""
