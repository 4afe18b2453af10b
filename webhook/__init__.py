"""The front door: verify a delivery, store it, answer; show what the store knows. Never imports the engine room."""
