"""The laboratory: Go builds, a real control plane on this machine, and the demo that plays on it."""
