"""The forges: a folder each with the same files.

`deliveries.py` (bytes to events, no I/O), `client.py` (what we ask), `posting.py` (how each kind of letter is shown),
`checks.py` (what `pushboat doctor` asks).
"""
