"""The forges: a folder each with the same two files, `deliveries.py` (bytes to events, no I/O) and `client.py`."""
