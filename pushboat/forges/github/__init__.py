"""GitHub: its deliveries read, its API spoken. The only package that knows this forge."""
