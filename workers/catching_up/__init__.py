"""The story of what no delivery told us: looking at repositories, and taking in the pushes that were missed."""
