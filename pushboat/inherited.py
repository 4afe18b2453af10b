"""Open files that `serve` hands to the processes it starts, by their numbers in the environment; see `pulse` too."""

LISTEN_FD = "PUSHBOAT_LISTEN_FD"
"""The variable that names the web's listening socket."""
