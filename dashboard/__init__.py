"""The show room: pages and API over what the store knows. It reads through `pushboat.reading`."""
