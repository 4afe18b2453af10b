"""Writing back: a live change becomes a change of the file that its field came from, proved by rendering once more."""
