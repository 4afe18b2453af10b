"""The front door: verify a delivery, store it, answer. Never imports the engine room nor the show room."""
